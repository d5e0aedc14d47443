import { type Checked, describeProblem } from "../base/checked.ts";

/** What went wrong, as far as a caller must tell cases apart. Closed: a new code is a change of the contract. */
export type CloudErrorCode =
  | "InvalidArgument"
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "PermissionDenied"
  | "Unauthenticated"
  | "QuotaExceeded"
  | "Throttled"
  | "Locked"
  | "Unavailable"
  | "Timeout"
  | "Aborted"
  | "ImplementedElsewhere"
  | "NotImplemented"
  | "Internal";

/** Try again after a while, or only when the object has changed. */
export type RetryAdvice = "backoff" | "object-change";

/** What a loop should do with each code when the error itself names no delay. */
export const RETRY_ADVICE: Readonly<Record<CloudErrorCode, RetryAdvice>> = {
  InvalidArgument: "object-change", //  only another spec can help
  NotFound: "backoff", //               what is named may be created later
  AlreadyExists: "backoff", //          the other one may go
  Conflict: "backoff", //               a fresh read may see no conflict
  PermissionDenied: "backoff", //       role assignments take minutes to arrive
  Unauthenticated: "backoff", //        credentials are rotated
  QuotaExceeded: "backoff", //          quotas are raised, resources freed
  Throttled: "backoff",
  Locked: "backoff", //                 an operator may lift the lock
  Unavailable: "backoff",
  Timeout: "backoff",
  Aborted: "backoff",
  ImplementedElsewhere: "object-change",
  NotImplemented: "object-change",
  Internal: "backoff",
};

/** What an error may carry besides its code and sentence. */
export interface CloudErrorOptions {
  readonly cause?: unknown;
  /** Milliseconds the cloud asked us to wait. */
  readonly retryAfterMs?: number;
  /** The cloud's own code, such as ARM's `PublicIPCountLimitReached`. */
  readonly cloudCode?: string;
  /** What a person can do about it, one sentence. */
  readonly advice?: string;
}

/**
 * The one error that crosses the door of a cloud provider. Callers switch on {@link code} and never compare messages.
 * Whatever reaches a caller as something else is a programming error.
 */
export class CloudError extends Error {
  override readonly name = "CloudError";
  readonly code: CloudErrorCode;
  /** Milliseconds the cloud asked us to wait (`Retry-After`), if it said. */
  readonly retryAfterMs: number | undefined;
  /** The cloud's own error code, if there was one. */
  readonly cloudCode: string | undefined;
  /** What a person can do about it, if anything. */
  readonly advice: string | undefined;

  /** @param message - a sentence that quotes the offending input; the code is not repeated in it. */
  constructor(code: CloudErrorCode, message: string, options: CloudErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.cloudCode = options.cloudCode;
    this.advice = options.advice;
  }

  /** Wraps anything caught at a room's door; a CloudError passes through untouched. */
  static from(reason: unknown, doing: string): CloudError {
    if (reason instanceof CloudError) return reason;
    const text = reason instanceof Error ? reason.message : String(reason);
    const code = reason instanceof Error && reason.name === "AbortError" ? "Aborted" : "Internal";
    return new CloudError(code, `${doing}: ${text}`, { cause: reason });
  }
}

/** The value of a check, or one `InvalidArgument` that lists every problem. */
export function accept<T>(result: Checked<T>): T {
  if (result.ok) return result.value;
  throw new CloudError("InvalidArgument", result.problems.map(describeProblem).join("; "));
}
