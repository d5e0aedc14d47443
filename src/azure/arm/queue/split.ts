import type { Edit, WriteFailure } from "../port.ts";

/** The part of an edit that tells whom a refusal is about. */
type Named = Pick<Edit<never>, "mentions">;

/** ARM refused the body: one of the edits is wrong, or all of them together. */
export type ContentRefusal = Extract<WriteFailure, { readonly cause: "content" }>;

/** Whether an edit names this resource or child. ARM ignores case in both. */
export function mentions(edit: Named, name: string): boolean {
  const wanted = name.toLowerCase();
  return edit.mentions?.some((mention) => mention.toLowerCase() === wanted) ?? false;
}

/**
 * Divides a refused batch of two or more (in fold order) in two that are not empty: those that do not name the culprit
 * and those that do; halves when that tells nothing.
 */
export function divide<R extends { readonly edit: Named }>(
  riders: readonly R[],
  culprit: string | undefined,
): readonly [readonly R[], readonly R[]] {
  if (culprit !== undefined) {
    const accused = riders.filter((rider) => mentions(rider.edit, culprit));
    if (accused.length > 0 && accused.length < riders.length) {
      return [riders.filter((rider) => !accused.includes(rider)), accused];
    }
  }
  const middle = Math.ceil(riders.length / 2);
  return [riders.slice(0, middle), riders.slice(middle)];
}

/** Whether two refusals say the same: then the fault is in what both bodies share, and no search among edits finds it. */
export function alike(left: ContentRefusal, right: ContentRefusal): boolean {
  return (
    left.culprit === right.culprit &&
    left.error.code === right.error.code &&
    left.error.cloudCode === right.error.cloudCode &&
    left.error.message === right.error.message
  );
}
