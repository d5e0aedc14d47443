import type { CloudErrorCode } from "../../../cloudprovider/errors.ts";

/**
 * What a refusal says about the edits of a write:
 *
 * - `conflicted`: somebody wrote first. `busy`: another operation runs. `throttled`: too many requests.
 * - `unprovisioned`: it names a resource that is not provisioned.
 * - `content`: the body is wrong, another combination of edits may pass.
 * - `everyone`: no combination of edits would pass.
 * - `unsure`: the write may have been applied.
 */
export type ErrorClass = "conflicted" | "busy" | "throttled" | "unprovisioned" | "content" | "everyone" | "unsure";

/** One row: ARM codes that mean the same, and what to make of them. */
export interface ErrorRow {
  /** ARM's codes, as it spells them; compared ignoring case. */
  readonly arm: readonly string[];
  /** Only when code and message together match this: some codes mean several things. */
  readonly when?: RegExp;
  readonly class: ErrorClass;
  readonly code: CloudErrorCode;
  /** What happened, in plain words, without a full stop. */
  readonly says: string;
  /** What a person can do, one sentence; where time alone helps, what to do if it does not. */
  readonly advice: string;
}
