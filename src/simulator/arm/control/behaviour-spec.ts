import { z } from "zod";
import type { Checked } from "../../../base/checked.ts";
import type { Behaviour } from "../behaviour.ts";
import { checkDocument } from "../read-document.ts";

const lag = "milliseconds, 0 or more";

const schema = z
  .strictObject({
    membershipChangesEtag: z.boolean("true or false"),
    secondPut: z.enum(["supersede", "refuse"], "supersede or refuse"),
    deleteDuringPut: z.enum(["refuse", "accept"], "refuse or accept"),
    deleteBalancerWithInterfaces: z.enum(["leave", "refuse"], "leave or refuse"),
    ifNoneMatch: z.enum(["honour", "ignore"], "honour or ignore"),
    listLagMs: z.number(lag).min(0, lag),
    unknownProperties: z.enum(["drop", "keep"], "drop or keep"),
    attachedInterfacePut: z.enum(["operation", "synchronous"], "operation or synchronous"),
    resizeAttachedDisk: z.enum(["refuse", "allow"], "refuse or allow"),
  } satisfies Record<keyof Behaviour, z.ZodType>)
  .partial();

/** Reads switches as people write them. */
export function checkBehaviour(input: unknown, place = ""): Checked<Partial<Behaviour>> {
  const result = checkDocument(schema, input, place);
  return result.ok ? { ok: true, value: result.value as Partial<Behaviour> } : result;
}
