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

/** What a person can do about each code when the error itself has no advice. One sentence each. */
export const ADVICE: Readonly<Record<CloudErrorCode, string>> = {
  InvalidArgument: "Correct what the message names.",
  NotFound: "Create what the message names, or correct its name.",
  AlreadyExists: "Remove the other one, or choose another name.",
  Conflict: "Nothing, unless it lasts: then find out who else changes the same resource.",
  PermissionDenied: "Grant the permission that the message names.",
  Unauthenticated: "Check the credentials of the controller.",
  QuotaExceeded: "Ask for a higher quota, or free some of what counts against it.",
  Throttled: "Nothing, unless it lasts: then find out who else sends requests to the same account.",
  Locked: "Remove the lock that the message names.",
  Unavailable: "Nothing, unless it lasts: then look at the cloud's status page.",
  Timeout: "Nothing, unless it lasts: then look at the cloud's status page.",
  Aborted: "Nothing: the next process goes on from here.",
  ImplementedElsewhere: "Nothing: another controller looks after it.",
  NotImplemented: "Do without it: this cloud does not offer it.",
  Internal: "Report it, with the controller's log of this minute.",
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
  /** What happened, in plain words, without a full stop: the message without what was tried and what the cloud said. */
  readonly summary?: string;
  /** What was tried, as a phrase that names the resource: `writing load balancer kubernetes`. */
  readonly attempted?: string;
  /** What the cloud said, word for word. */
  readonly quote?: string;
  /** The cloud's id of the request, to be quoted to its support. */
  readonly requestId?: string;
  /** In place of what {@link RETRY_ADVICE} says about the code. */
  readonly retry?: RetryAdvice;
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
  /** What a person can do about it, if it can be told better than by {@link ADVICE}. */
  readonly advice: string | undefined;
  /** What happened, in plain words and without a full stop; undefined when the message says nothing else. */
  readonly summary: string | undefined;
  /** What was tried, as a phrase; undefined when the message tells it. */
  readonly attempted: string | undefined;
  /** What the cloud said, word for word. */
  readonly quote: string | undefined;
  /** The cloud's id of the request that failed. */
  readonly requestId: string | undefined;
  /** Whether to try again after a while, or only when the object has changed. */
  readonly retry: RetryAdvice;

  /** @param message - a sentence that quotes the offending input; the code is not repeated in it. */
  constructor(code: CloudErrorCode, message: string, options: CloudErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.cloudCode = options.cloudCode;
    this.advice = options.advice;
    this.summary = options.summary;
    this.attempted = options.attempted;
    this.quote = options.quote;
    this.requestId = options.requestId;
    this.retry = options.retry ?? RETRY_ADVICE[code];
  }

  /** The same error, told from further out: `doing` stands before what happened, everything else stays. */
  within(doing: string, code: CloudErrorCode = this.code): CloudError {
    const { summary } = this;
    const changes = summary === undefined ? {} : { summary: `${doing}: ${summary}` };
    return this.#changed(code, `${doing}: ${this.message}`, changes);
  }

  /** The same error, to be tried again as `retry` says. */
  retrying(retry: RetryAdvice): CloudError {
    return this.#changed(this.code, this.message, { retry });
  }

  #changed(code: CloudErrorCode, message: string, changes: CloudErrorOptions): CloudError {
    const { retryAfterMs, cloudCode, advice, summary, attempted, quote, requestId, retry } = this;
    return new CloudError(code, message, {
      cause: this,
      retry,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(cloudCode !== undefined && { cloudCode }),
      ...(advice !== undefined && { advice }),
      ...(summary !== undefined && { summary }),
      ...(attempted !== undefined && { attempted }),
      ...(quote !== undefined && { quote }),
      ...(requestId !== undefined && { requestId }),
      ...changes,
    });
  }

  /** Wraps anything caught at a room's door; a CloudError passes through untouched. */
  static from(reason: unknown, doing: string): CloudError {
    if (reason instanceof CloudError) return reason;
    const text = reason instanceof Error ? reason.message : String(reason);
    const code = reason instanceof Error && reason.name === "AbortError" ? "Aborted" : "Internal";
    return new CloudError(code, `${doing}: ${text}`, { cause: reason });
  }
}

/** The stable code of a failure: ours, and the cloud's if it gave one: `QuotaExceeded/PublicIPCountLimitReached`. */
export function codeOf({ code, cloudCode }: Pick<CloudError, "code" | "cloudCode">): string {
  return cloudCode === undefined || cloudCode === "" ? code : `${code}/${cloudCode}`;
}

/** The value of a check, or one `InvalidArgument` that lists every problem. */
export function accept<T>(result: Checked<T>): T {
  if (result.ok) return result.value;
  throw new CloudError("InvalidArgument", result.problems.map(describeProblem).join("; "));
}
