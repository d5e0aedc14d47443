import { z } from "zod";
import { BUDGETS, type BudgetName } from "../limits/budgets.ts";
import { DOCUMENTED_QUOTAS, type Quotas } from "../limits/documented-quotas.ts";
import type { LimitOptions } from "../limits/options.ts";

const count = "a whole number, 0 or more";
const share = "a share from 0 to 1";

const amount = z.number("a number, 0 or more").min(0, "a number, 0 or more");
const length = z.number("milliseconds, 1 or more").min(1, "milliseconds, 1 or more");
const allowance = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("bucket"), size: amount, perSecond: amount }),
    z.strictObject({ kind: z.literal("window"), size: amount, windowMs: length }),
  ],
  "kind: bucket with size and perSecond, or kind: window with size and windowMs",
);
/** The name of a budget. */
export const budgetSchema = z.enum(Object.keys(BUDGETS) as [BudgetName, ...BudgetName[]], "the name of a budget");
const quotaName = z.enum(Object.keys(DOCUMENTED_QUOTAS) as [keyof Quotas, ...(keyof Quotas)[]], "the name of a quota");

const options = z
  .strictObject({
    arm: z.enum(["buckets", "hourly", "none"], "buckets, hourly or none"),
    network: z.enum(["window", "bucket", "none"], "window, bucket or none"),
    compute: z.enum(["buckets", "windows", "none"], "buckets, windows or none"),
    storage: z.enum(["documented", "none"], "documented or none"),
    reject: z.boolean("true or false"),
    background: z.number(share).min(0, share).max(1, share),
    budgets: z.partialRecord(budgetSchema, allowance),
    quotas: z.union(
      [z.enum(["none", "documented"]), z.partialRecord(quotaName, z.int(count).min(0, count))],
      "none, documented, or quotas by name",
    ),
  } satisfies Record<keyof LimitOptions, z.ZodType>)
  .partial();

/** How many requests and resources there may be, as people write it. */
export const limitsSchema = z.union([z.enum(["none", "documented"]), options], {
  error: (issue) => (typeof issue.input === "object" ? undefined : "none, documented, or what is limited by name"),
});
