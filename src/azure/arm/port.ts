import type { CloudError } from "../../cloudprovider/errors.ts";

/** One ARM resource as it was read: the SDK's model and the version it stands for. */
export interface Document<T> {
  readonly value: T;
  /** Undefined for resource types that have none; their writes follow a direct read, as nothing else guards them. */
  readonly etag: string | undefined;
}

/** Under which condition a write may take effect: the version it was made from, or that there is nothing yet. */
export type WriteCondition = { readonly ifMatch: string } | { readonly ifNoneMatch: "*" } | "unconditional";

/**
 * How a write failed, which decides what happens to the edits it carried:
 *
 * - `conflicted`: somebody wrote first (412, or a create met an existing resource); read again and replay.
 * - `lost`: the answer or the deadline was missed; the write may be in effect or not.
 * - `broken`: accepted, but its operation failed or was cancelled; ARM keeps showing the new body.
 * - `refused`: nothing was changed. `busy`: another operation runs, wait; `throttled`: too many requests, wait;
 *   `unprovisioned`: it names a resource that is not provisioned (`resourceId`), park the edits that name it;
 *   `content`: the body is wrong, `culprit` is the child that ARM names, if it names one; `everyone`: a lock, a quota
 *   or a permission that no other combination of edits would pass.
 */
export type WriteFailure = { readonly error: CloudError } & (
  | { readonly outcome: "conflicted" }
  | { readonly outcome: "lost" }
  | { readonly outcome: "broken" }
  | { readonly outcome: "refused"; readonly cause: "busy" | "throttled"; readonly retryAfterMs: number | undefined }
  | { readonly outcome: "refused"; readonly cause: "unprovisioned"; readonly resourceId: string }
  | { readonly outcome: "refused"; readonly cause: "content"; readonly culprit: string | undefined }
  | { readonly outcome: "refused"; readonly cause: "everyone" }
);

/** All that the merge queue knows of a resource in ARM. One port stands for one resource id. */
export interface ResourcePort<T> {
  /** A direct GET; undefined when ARM says 404. Rejects with a CloudError on anything else. */
  read(signal: AbortSignal): Promise<Document<T> | undefined>;

  /**
   * A full PUT, its operation followed to the end.
   *
   * @param signal - aborted only when the process ends; giving up after a deadline is the port's own duty.
   * @returns the resource after the operation, with the etag it has then.
   * @throws anything; {@link classify} tells what it means.
   */
  put(next: T, condition: WriteCondition, signal: AbortSignal): Promise<Document<T>>;

  /** A DELETE, its operation followed to the end. Resolves when the resource is gone, also when it was gone before. */
  remove(condition: WriteCondition, signal: AbortSignal): Promise<void>;

  /** What an error thrown by {@link put} or {@link remove} means. */
  classify(error: unknown): WriteFailure;
}

/**
 * One owner's wish for one resource: a pure function from what is there to what should be there.
 *
 * It replaces the owner's whole slice and carries no diff, so that it can be replayed on any newer version; it leaves
 * everything else as it is. It returns `current` itself when nothing is to change.
 */
export interface Edit<T> {
  /** Whose slice it is: a newer edit of the same owner takes the place of a waiting one. */
  readonly owner: string;
  /** Who hears what becomes of it, as `namespace/name` of a Service or `Node/name`; the owner when absent. */
  readonly onBehalfOf?: string;
  /** Riders are folded in ascending order of this text (creation time, then name), so that equal batches give equal bodies. */
  readonly order: string;
  /**
   * Returns what the resource should be; `undefined` leaves an absent resource absent. Called any number of times, and
   * never changes what it is given. What it throws fails its own callers only; so does `undefined` for a resource that exists.
   */
  readonly apply: (current: T | undefined) => T | undefined;
  /** Lower-case ids of resources that the slice names, and names of its children: tells whom a refusal is about. */
  readonly mentions?: readonly string[];
}
