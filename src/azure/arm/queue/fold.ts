import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Edit } from "../port.ts";

/** What a batch of edits makes of one version of a resource. */
export interface Fold<T, R> {
  readonly value: T | undefined;
  /** Riders whose wish is fulfilled by the base itself, whatever becomes of the others. */
  readonly content: readonly R[];
  /** Riders whose edit threw; the others were folded without them. */
  readonly failed: readonly { readonly rider: R; readonly error: CloudError }[];
}

/** Fold order: by `order`, then by owner; compared by code unit, so that no locale can change a body. */
export function inFoldOrder<T>(left: { readonly edit: Edit<T> }, right: { readonly edit: Edit<T> }): number {
  return compare(left.edit.order, right.edit.order) || compare(left.edit.owner, right.edit.owner);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Applies the riders' edits in fold order. Pure, given pure edits: equal batches give equal bodies. */
export function fold<T, R extends { readonly edit: Edit<T> }>(base: T | undefined, riders: readonly R[]): Fold<T, R> {
  const content: R[] = [];
  const failed: { rider: R; error: CloudError }[] = [];
  let value = base;
  for (const rider of riders.toSorted(inFoldOrder)) {
    try {
      const next = applied(rider.edit, value);
      // Unchanged only because of an earlier rider is not content: it shares that rider's fate.
      if (next === value && (value === base || applied(rider.edit, base) === base)) content.push(rider);
      value = next;
    } catch (reason) {
      failed.push({ rider, error: CloudError.from(reason, `edit of ${rider.edit.owner}`) });
    }
  }
  return { value, content, failed };
}

function applied<T>(edit: Edit<T>, current: T | undefined): T | undefined {
  const next = edit.apply(current);
  if (next === undefined && current !== undefined) {
    throw new CloudError("Internal", "an edit never deletes a resource; that is for settle to decide");
  }
  return next;
}

/** What decides between writing, removing and leaving alone. */
export interface Judgement<T> {
  readonly same: (left: T, right: T) => boolean;
  readonly settle: (value: T) => "keep" | "remove";
  /** The base may not be in effect although ARM shows it: equal is not good enough. */
  readonly rewrite: boolean;
}

/** What a batch comes to. */
export interface Decision<T, R> {
  /** What to send; undefined when nothing need be sent. */
  readonly work: { readonly verb: "put" | "remove"; readonly value: T; readonly riders: readonly R[] } | undefined;
  /** Riders who have what they want without a write. */
  readonly done: readonly R[];
  readonly failed: Fold<T, R>["failed"];
}

/** Folds a batch and decides what must be sent to get from `base` to the result, and who need not wait for it. */
export function decide<T, R extends { readonly edit: Edit<T> }>(
  base: T | undefined,
  riders: readonly R[],
  judgement: Judgement<T>,
): Decision<T, R> {
  const { value, content, failed } = fold(base, riders);
  const unsound = new Set(failed.map(({ rider }) => rider));
  const sound = riders.filter((rider) => !unsound.has(rider));
  const verb = verdict(base, value, judgement);
  if (verb === "nothing" || value === undefined || sound.length === 0) return { work: undefined, done: sound, failed };
  const done = new Set(verb === "put" && !judgement.rewrite ? content : []);
  return { work: { verb, value, riders: sound.filter((rider) => !done.has(rider)) }, done: [...done], failed };
}

function verdict<T>(base: T | undefined, value: T | undefined, judgement: Judgement<T>): "nothing" | "put" | "remove" {
  if (value === undefined) return "nothing";
  if (judgement.settle(value) === "remove") return base === undefined ? "nothing" : "remove";
  if (base === undefined || judgement.rewrite) return "put";
  return value === base || judgement.same(value, base) ? "nothing" : "put";
}
