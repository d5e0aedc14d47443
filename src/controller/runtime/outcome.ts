import type { CloudError, NextTry } from "../../cloudprovider/index.ts";

/** How a pass over a key ended, and so when the next one comes. */
export type Outcome =
  | { readonly kind: "done" }
  /** The cloud named the delay: neither counted as a failure nor a reset of those counted. */
  | { readonly kind: "again"; readonly afterMs: number }
  /** Failed: the next pass comes later with each failure in a row. */
  | { readonly kind: "backoff" }
  /** Failed in a way that only another object can mend: no pass until it changes. */
  | { readonly kind: "parked" };

/** The outcome of a pass that ended in `error`. */
export function outcomeOf(error: CloudError): Outcome {
  if (error.retryAfterMs !== undefined) return { kind: "again", afterMs: error.retryAfterMs };
  return { kind: error.retry === "object-change" ? "parked" : "backoff" };
}

/**
 * When a key that failed with `error` is worked on again.
 *
 * @param backoffMs - the delay that its failures have earned.
 */
export function nextTryOf(error: CloudError, backoffMs: number): NextTry {
  const outcome = outcomeOf(error);
  if (outcome.kind === "parked") return "object-change";
  return { afterMs: outcome.kind === "again" ? outcome.afterMs : backoffMs };
}
