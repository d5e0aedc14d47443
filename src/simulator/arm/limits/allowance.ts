/** How many requests may be made: a bucket that refills, or a count for each window of time. */
export type Allowance =
  | { readonly kind: "bucket"; readonly size: number; readonly perSecond: number }
  | { readonly kind: "window"; readonly size: number; readonly windowMs: number };

/** What is left of an allowance: as of `atMs`, or in the window that began then. */
export interface Level {
  readonly atMs: number;
  readonly left: number;
}

/** A bucket of `size` requests that refills by `perMinute`. */
export function perMinute(refill: number, size: number): Allowance {
  return { kind: "bucket", size, perSecond: refill / 60 };
}

/** A bucket of `size` requests that refills by `perSecond`. */
export function bucket(size: number, perSecond: number): Allowance {
  return { kind: "bucket", size, perSecond };
}

/** `size` requests in each window of so many seconds. */
export function perWindow(size: number, seconds: number): Allowance {
  return { kind: "window", size, windowMs: seconds * 1000 };
}

/**
 * What is left at `nowMs`. A bucket refills; a window that is over begins anew with the next request.
 *
 * @param share - of the allowance that somebody else uses all the time, 0 to 1.
 */
export function levelAt(allowance: Allowance, before: Level | undefined, nowMs: number, share: number): Level {
  const usable = allowance.size * (1 - share);
  if (before === undefined) return { atMs: nowMs, left: usable };
  if (allowance.kind === "window") {
    const over = nowMs - before.atMs >= allowance.windowMs;
    return over ? { atMs: nowMs, left: usable } : { atMs: before.atMs, left: Math.min(usable, before.left) };
  }
  const refilled = before.left + ((nowMs - before.atMs) / 1000) * allowance.perSecond * (1 - share);
  return { atMs: nowMs, left: Math.min(usable, refilled) };
}

/** Milliseconds until one more request is allowed; 0 when it is now. `undefined` when it never will be. */
export function waitMs(allowance: Allowance, level: Level, nowMs: number, share: number): number | undefined {
  if (level.left >= 1 - EPSILON) return 0;
  if (allowance.size * (1 - share) < 1) return undefined;
  if (allowance.kind === "window") return level.atMs + allowance.windowMs - nowMs;
  const perSecond = allowance.perSecond * (1 - share);
  return perSecond > 0 ? ((1 - level.left) / perSecond) * 1000 : undefined;
}

/** Sums of refills may miss a whole by this much. */
const EPSILON = 1e-9;
