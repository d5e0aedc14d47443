/** A token bucket of ours: what it holds when full, and what flows in. */
export interface Allowance {
  /** Requests, 1 or more. */
  readonly size: number;
  /** Requests per second, above 0. */
  readonly perSecond: number;
}

/**
 * What a bucket held at an instant. When that instant is yet to come, the bucket is closed until then.
 */
export interface Level {
  readonly atMs: number;
  readonly left: number;
  /** When it opened after ARM had closed it; it then begins with one token, and its reserve grows as it refills. */
  readonly openedMs?: number;
}

/** Of a published limit we leave one part in fifty: our count and ARM's begin at different instants. */
const KEPT_BACK = 50;

/** One part in twenty is for those who may use the reserve. */
const RESERVED = 20;

/** Sums of refills may miss a whole by this much. */
const EPSILON = 1e-9;

/** The allowance that we make of a published one. */
export function published(size: number, perSecond: number): Allowance {
  return { size: size - Math.floor(size / KEPT_BACK), perSecond };
}

/** {@link published} with the refill as the compute provider tells it. */
export function perMinute(refill: number, size: number): Allowance {
  return published(size, refill / 60);
}

/** A full bucket. */
export function full({ size }: Allowance, nowMs: number): Level {
  return { atMs: nowMs, left: size };
}

/** Tokens that only those may take who may use the reserve; none in a small bucket. */
export function reserveOf({ size }: Allowance): number {
  return Math.floor(size / RESERVED);
}

/** The level as of now; unchanged while the bucket is closed. */
export function levelAt({ size, perSecond }: Allowance, level: Level, nowMs: number): Level {
  if (nowMs <= level.atMs) return level;
  return { ...level, atMs: nowMs, left: Math.min(size, level.left + ((nowMs - level.atMs) / 1000) * perSecond) };
}

/**
 * From when on one request may be sent, clock milliseconds, whole; not after now when it may be now.
 *
 * @param level - as of now.
 * @param reserve - whether it may take the last tokens.
 */
export function readyAt(allowance: Allowance, level: Level, reserve: boolean): number {
  const { perSecond } = allowance;
  const short = 1 - level.left;
  const waits = reserve
    ? [short / perSecond]
    : [(short + reserveOf(allowance)) / perSecond, short / (perSecond / 2) + sinceOpened(level)];
  const seconds = Math.min(...waits);
  return seconds <= EPSILON ? level.atMs : level.atMs + Math.ceil(seconds * 1000 - EPSILON);
}

// Of what flows in after the opening, half builds the reserve: the level must reach 1 + perSecond / 2 * elapsed.
function sinceOpened({ atMs, openedMs }: Level): number {
  return openedMs === undefined ? Number.POSITIVE_INFINITY : (atMs - openedMs) / 1000;
}

/** The level after one request was sent. */
export function drawn(level: Level): Level {
  return { ...level, left: level.left - 1 };
}

/** The level after a drawn token was given back. */
export function returned({ size }: Allowance, level: Level): Level {
  return { ...level, left: Math.min(size, level.left + 1) };
}

/**
 * The level after an answer said what is left.
 *
 * It only ever falls: an answer that was overtaken by others would hand out tokens that are spent. What was sent after
 * the answered request may not be in the number yet, so it is taken off.
 *
 * @param sentSince - requests drawn from the bucket after the answered one.
 */
export function corrected(level: Level, said: number, sentSince: number): Level {
  return { ...level, left: Math.min(level.left, Math.max(0, said - sentSince)) };
}

/** The level after ARM said that there is nothing left, and not until when. */
export function emptied(level: Level): Level {
  return { ...level, left: Math.min(level.left, 0) };
}

/**
 * The level after ARM closed the bucket. When it opens one request may go, whatever its lane, and the others as it
 * refills: all that waited at once would only close it again. A shorter closing never opens it early.
 *
 * @param untilMs - when it opens.
 */
export function closed(level: Level, untilMs: number): Level {
  const atMs = Math.max(level.atMs, untilMs);
  return { atMs, left: 1, openedMs: atMs };
}
