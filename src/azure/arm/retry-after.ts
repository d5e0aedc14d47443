/** The few methods of a response's headers that are needed here. */
export interface HeaderReader {
  get(name: string): string | undefined;
}

/** The longest pause that is believed, milliseconds: an hour, the longest window that Azure counts requests in. */
const LONGEST_MS = 3_600_000;

/**
 * How long a response asks us to wait, milliseconds, at most an hour; undefined when it does not, or not in a form we know.
 *
 * Takes `retry-after-ms`, `x-ms-retry-after-ms` and `Retry-After` as seconds or as an HTTP date. A date is read against
 * the response's own `Date`, so that a skewed clock on either side changes nothing.
 *
 * @param nowMs - our time, for a date in an answer that has no `Date`.
 */
export function retryAfterOf(headers: HeaderReader, nowMs: number): number | undefined {
  const milliseconds = headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms");
  if (milliseconds !== undefined) return positive(Number(milliseconds));
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return positive(seconds * 1000);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const serverNow = Date.parse(headers.get("date") ?? "");
  return positive(until - (Number.isNaN(serverNow) ? nowMs : serverNow));
}

function positive(ms: number): number | undefined {
  return ms > 0 ? Math.min(LONGEST_MS, Math.ceil(ms)) : undefined;
}
