import { z } from "zod";
import type { FixedLatency, Latency } from "../latency.ts";

const WANT = "zero, second, a factor of real timing from 0 to 100, or operationMs";
const MS = "milliseconds, 0 or more";

/** The same for every kind of resource. */
const fixed = z.strictObject({
  operationMs: z.number(MS).min(0, MS),
  answerMs: z.number(MS).min(0, MS).exactOptional(),
  retryAfter: z.boolean("true or false").exactOptional(),
} satisfies Record<keyof FixedLatency, z.ZodType>);

const named = z.union([z.enum(["zero", "second"], WANT), z.number(WANT).min(0, WANT).max(100, WANT)], WANT);

/** How long things take, as people write it. */
export const latencySchema: z.ZodType<Latency> = z.union([named, fixed], {
  error: (issue) => (typeof issue.input === "object" ? undefined : WANT),
});
