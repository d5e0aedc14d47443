import { ApiError, isExpired, isFromTheFuture } from "./api-error.ts";

/** What a reflector does after a failure. */
export interface NextStep {
  /** List everything again, or go on watching from the version reached. */
  readonly next: "list" | "watch";
  /** Whether the next list must not name the version reached, because the server cannot serve it. */
  readonly forgetVersion: boolean;
  /** Wait as the server said, by the back-off, or not at all. */
  readonly wait: "none" | "backoff" | { readonly ms: number };
}

/** What to do when a list has failed. */
export function afterListFailure(error: unknown, namedVersion: boolean): NextStep {
  const forgetVersion = isExpired(error) || isFromTheFuture(error);
  return { next: "list", forgetVersion, wait: forgetVersion && namedVersion ? "none" : waitFor(error) };
}

/**
 * What to do when a watch has failed. The version reached stays good until the server says otherwise, so that a broken
 * connection, a restart or a proxy's error page costs no list of everything.
 *
 * @param listedAgoMs - age of the last list; a version that expires right after a list must not become a tight loop.
 */
export function afterWatchFailure(error: unknown, listedAgoMs: number): NextStep {
  if (isFromTheFuture(error)) return { next: "list", forgetVersion: true, wait: "backoff" };
  if (isExpired(error)) {
    return { next: "list", forgetVersion: false, wait: listedAgoMs > FRESH_LIST_MS ? "none" : "backoff" };
  }
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
  return { next: refused ? "list" : "watch", forgetVersion: false, wait: waitFor(error) };
}

/** A list younger than this does not make an expired version plausible. */
const FRESH_LIST_MS = 5000;

function waitFor(error: unknown): NextStep["wait"] {
  const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : undefined;
  return retryAfterMs === undefined ? "backoff" : { ms: retryAfterMs };
}
