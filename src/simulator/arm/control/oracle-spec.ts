import { z } from "zod";
import type { Ask, AskedPort } from "../oracles/asks.ts";
import { GAPS, type GapName } from "../oracles/gaps.ts";
import { type LimitName, PUBLISHED_LIMITS } from "../oracles/limits.ts";
import type { OracleOptions } from "../oracles/oracles.ts";
import { ORACLES, type OracleName } from "../oracles/violation.ts";
import { PACKET_PROTOCOLS } from "../reach/packet.ts";
import { answersExcept, unansweredSchema } from "../reach/unanswered.ts";

const COUNT = "a whole number, 0 or more";
const PORT = "a whole number from 0 to 65535";
const name = z.string("a name such as shop/web");
const sources = z.array(z.string("an address or a service tag"), "a list of addresses and service tags");
const limitName = z.enum(Object.keys(PUBLISHED_LIMITS) as [LimitName, ...LimitName[]], "the name of a limit");
const oracle = z.enum(ORACLES as [OracleName, ...OracleName[]], ORACLES.join(", "));
const gap = z.enum(GAPS as [GapName, ...GapName[]], GAPS.join(", "));

/** How oracles are armed, as people write it. */
export const oracleSchema = z
  .strictObject({
    only: z.array(oracle, "a list of oracles").exactOptional(),
    owned: z.array(z.string("an id").startsWith("/", "an id"), "a list of ids").exactOptional(),
    gaps: z.array(gap, "a list of gaps").exactOptional(),
    limits: z.partialRecord(limitName, z.int(COUNT).min(0, COUNT)).exactOptional(),
    unanswered: unansweredSchema.exactOptional(),
  })
  .transform(
    ({ unanswered, ...options }): OracleOptions => ({
      ...(options as OracleOptions),
      ...(unanswered !== undefined && { answers: answersExcept(unanswered) }),
    }),
  );

const port: z.ZodType<AskedPort> = z.strictObject({
  port: z.int(PORT).min(0, PORT).max(65_535, PORT),
  protocol: z.enum(PACKET_PROTOCOLS, PACKET_PROTOCOLS.join(", ")).exactOptional(),
});

/** What somebody asks for, as people write it. */
export const askSchema: z.ZodType<Ask> = z.strictObject({
  name,
  ports: z.array(port, "a list of ports"),
  from: sources.exactOptional(),
  notFrom: sources.exactOptional(),
});

/** The publication of a status, as people write it. */
export const publicationSchema = z.strictObject({
  name,
  addresses: z.array(z.string("an address"), "a list of addresses"),
});
