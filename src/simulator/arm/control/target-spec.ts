import { z } from "zod";
import type { FaultTarget } from "../faults/fault-target.ts";

/** A regular expression for paths, without case. */
export const patternSchema = z
  .string("a regular expression")
  .refine((text) => compiled(text) !== undefined, "a regular expression")
  .transform((text) => compiled(text) ?? /^$/);

const NTH = "a whole number from 1, or every";

/** Which requests something is about: a fault, an actor's cue. */
export const targetSchema = z
  .strictObject({
    method: z.enum(["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"], "GET, HEAD, PUT, PATCH, POST or DELETE"),
    /** Part of the path. */
    path: z.string("a part of a path"),
    /** In place of `path`. */
    pattern: patternSchema,
    nth: z.union([z.int(NTH).min(1, NTH), z.literal("every", NTH)], NTH),
    phase: z.enum(["poll", "finalGet"], "poll or finalGet"),
  })
  .partial();

/** The target that was written; every path when it names none. */
export function targetOf({ method, path, pattern, nth, phase }: z.output<typeof targetSchema>): FaultTarget {
  return { path: pattern ?? path ?? "/", ...defined<Partial<FaultTarget>>({ method, nth, phase }) };
}

/** The members that are there: `exactOptionalPropertyTypes` tells absent from undefined. */
export function defined<T extends object>(members: { readonly [K in keyof T]?: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

function compiled(text: string): RegExp | undefined {
  try {
    return new RegExp(text, "i");
  } catch {
    return undefined;
  }
}
