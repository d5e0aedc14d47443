import { z } from "zod";
import type { PageSizes } from "../paging.ts";

const COUNT = "a whole number from 1";
const count = z.int(COUNT).min(1, COUNT);
const WANT = "a whole number from 1, or one for each of arm, network, compute and storage";

const each = z.strictObject({
  arm: count.exactOptional(),
  network: count.exactOptional(),
  compute: count.exactOptional(),
  storage: count.exactOptional(),
} satisfies Record<keyof PageSizes, z.ZodType>);

/** Items on a page of a list, as people write it. */
export const pageSizeSchema: z.ZodType<number | Partial<PageSizes>> = z.union([z.int(WANT).min(1, WANT), each], {
  error: (issue) => (typeof issue.input === "object" ? undefined : WANT),
});
