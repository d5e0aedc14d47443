/** What the API server, or the way to it, refused. */
export interface ApiErrorOptions {
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly causes?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A request that the API server did not accept, or that did not get an answer. The message is the server's own sentence
 * where it sent one.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The server's `reason`, such as `Conflict`; empty when it gave none. */
  readonly reason: string;
  /** Milliseconds the server asked us to wait, if it did. */
  readonly retryAfterMs: number | undefined;
  /** The server's machine-readable `details.causes[].reason`. */
  readonly causes: readonly string[];

  /** @param status - HTTP status, 0 without an answer. */
  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.status = status;
    this.reason = options.reason ?? "";
    this.retryAfterMs = options.retryAfterMs;
    this.causes = options.causes ?? [];
  }
}

/** Whether `error` says that the object is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Whether the resource version that was asked for is too old to be served (HTTP 410). */
export function isExpired(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 410 || error.reason === "Expired" || error.reason === "Gone");
}

/** Whether the resource version that was asked for is newer than what the server has: it was restored, or lags behind. */
export function isFromTheFuture(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.causes.includes("ResourceVersionTooLarge") || error.message.includes("Too large resource version");
}

/** A Kubernetes `Status`. */
export interface StatusBody {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly retryAfterSeconds?: number; readonly causes?: readonly { readonly reason?: string }[] };
}

/**
 * The error that a refused request or an ERROR event of a watch stands for.
 *
 * @param body - a Kubernetes `Status`, parsed, or whatever text there was.
 * @param retryAfterSeconds - the header's number, where there was one.
 */
export function apiErrorFrom(
  status: number,
  body: StatusBody | string | null | undefined,
  retryAfterSeconds?: number,
): ApiError {
  if (typeof body === "string") {
    return new ApiError(status, `HTTP ${status} ${body.slice(0, 200)}`.trim(), retryIn(retryAfterSeconds));
  }
  const { code = status, reason = "", message = reason, details = {} }: StatusBody = body ?? {};
  return new ApiError(code, message === "" ? `HTTP ${code}` : message, {
    reason,
    ...retryIn(retryAfterSeconds ?? details.retryAfterSeconds),
    causes: (details.causes ?? []).flatMap((cause) => cause.reason ?? []),
  });
}

function retryIn(seconds: number | undefined): { retryAfterMs?: number } {
  return seconds !== undefined && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
}
