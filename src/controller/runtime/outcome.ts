import { type CloudError, RETRY_ADVICE } from "../../cloudprovider/index.ts";

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
  return { kind: RETRY_ADVICE[error.code] === "object-change" ? "parked" : "backoff" };
}
