import type { Duration, RetryAfter, WriteTiming } from "./latency.ts";

/** A duration in seconds: median and 95th percentile. */
export function seconds(p50: number, p95: number): Duration {
  return { p50Ms: p50 * 1000, p95Ms: p95 * 1000 };
}

/** Timing of a write: first answer, whole operation, `Retry-After`. */
export function timing(answer: Duration, operation: Duration, retryAfter: RetryAfter = {}): WriteTiming {
  return { answer, operation, retryAfter };
}

/** GET of one resource or operation. */
export const READ_TIMING: Duration = seconds(0.1, 0.2);

/** GET of a list. */
export const LIST_TIMING: Duration = seconds(0.4, 1);
