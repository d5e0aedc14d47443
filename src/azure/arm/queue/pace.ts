import type { CloudError } from "../../../cloudprovider/errors.ts";
import type { Patience, Setback } from "./options.ts";

/** A try that failed in a way that another try may cure. */
export interface FailedTry {
  readonly because: Setback;
  readonly error: CloudError;
  /** What ARM asked for, milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** Setbacks that a fresh read may cure at once; the others need time to pass. */
const CURED_BY_READING: ReadonlySet<Setback> = new Set(["conflicted", "lost", "broken"]);

/**
 * Milliseconds to wait before the next try: as told; else not at all after a first stale write; else growing, with jitter.
 *
 * @param inARow - failed tries in a row on this resource, this one included: 1 or more.
 * @param draw - 0 (inclusive) to 1.
 */
export function pauseMs(
  { because, retryAfterMs }: FailedTry,
  inARow: number,
  draw: number,
  patience: Patience,
): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  const free = CURED_BY_READING.has(because) ? 1 : 0;
  if (inARow <= free) return 0;
  const doublings = Math.min(inARow - free - 1, 30);
  return Math.round(Math.min(patience.longestPauseMs, patience.pauseMs * 2 ** doublings) * (0.5 + draw / 2));
}

/** Whether anything thrown before a write was sent (a read, an admission) may pass; undefined when trying again is no use. */
export function passing(error: CloudError): FailedTry | undefined {
  const { code, retryAfterMs } = error;
  if (code === "Throttled") return { because: "throttled", error, retryAfterMs };
  return code === "Unavailable" || code === "Timeout" ? { because: "unread", error, retryAfterMs } : undefined;
}

/** What callers are told whose patience is spent. */
export function spent({ because, error }: FailedTry): CloudError {
  if (because !== "conflicted") return error;
  return error.within("the resource changed before every write", "Conflict");
}
