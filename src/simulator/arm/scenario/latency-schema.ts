import { z } from "zod";
import type { Latency } from "../latency.ts";

const WANT = "zero, second, a factor of real timing from 0 to 100, or operationMs";
const MS = "milliseconds, 0 or more";

/** The same for every kind of resource. */
const fixed = z.strictObject({
  /** From acceptance to the end of an operation. */
  operationMs: z.number(MS).min(0, MS),
  /** Until a request is answered. */
  answerMs: z.number(MS).min(0, MS).default(0),
  /** Whether `Retry-After` is sent, as real ARM does. */
  retryAfter: z.boolean("true or false").default(false),
});

const named = z.union([z.enum(["zero", "second"], WANT), z.number(WANT).min(0, WANT).max(100, WANT)], WANT);

/** How long things take, as people write it. */
export const latencySchema = z
  .union([named, fixed], { error: (issue) => (typeof issue.input === "object" ? undefined : WANT) })
  .transform((given): Latency => {
    if (typeof given !== "object") return given;
    const { operationMs, answerMs, retryAfter } = given;
    return {
      answerMs: () => answerMs,
      operationMs: () => operationMs,
      retryAfterSeconds: (seconds) => (retryAfter ? seconds : undefined),
    };
  });
