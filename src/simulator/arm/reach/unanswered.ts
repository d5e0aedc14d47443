import { z } from "zod";
import type { ProbeAnswers } from "./probing.ts";

/** Probes that are not answered: those of a node, those of a port, or those of a port of a node. */
export interface Unanswered {
  /** Computer name. */
  readonly node?: string;
  readonly port?: number;
}

const WANT = "an object with a node's name, a port, or both";

/** Probes that are not answered, as people write them. */
export const unansweredSchema: z.ZodType<readonly Unanswered[]> = z.array(
  z
    .strictObject({ node: z.string(WANT).exactOptional(), port: z.number(WANT).exactOptional() }, WANT)
    .refine(({ node, port }) => node !== undefined || port !== undefined, WANT),
  "a list of probes that are not answered",
);

/** Answers every probe but these. */
export function answersExcept(silent: readonly Unanswered[]): ProbeAnswers {
  return (question) =>
    !silent.some(
      ({ node, port }) =>
        (node === undefined || node === question.node) && (port === undefined || port === question.port),
    );
}
