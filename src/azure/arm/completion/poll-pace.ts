/** When an accepted write is looked at, all in milliseconds since it was accepted. */
export interface PollPace {
  /** The first looks at a kind of write whose duration this process does not know yet, ascending. */
  readonly unknown: readonly number[];
  /** The first looks at one whose duration it knows, as multiples of that, ascending. */
  readonly known: readonly number[];
  /** Each later look comes so many times as late as the one before, and at most {@link longestStepMs} after it. */
  readonly stretch: number;
  readonly longestStepMs: number;
  /** No two looks are closer, and none follows the acceptance more closely. */
  readonly shortestStepMs: number;
}

/**
 * What nobody has timed yet is looked at soon, for writes that are done when they are answered, and then at round seconds.
 * What is known is looked at when it should have ended, and soon again: a balancer that takes eight seconds costs one or two
 * looks, and its end is seen no later than a tenth of that after it.
 */
export const DEFAULT_PACE: PollPace = {
  unknown: [100, 400, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000, 10_000],
  known: [1, 1.1, 1.4, 2],
  stretch: 1.2,
  longestStepMs: 5_000,
  shortestStepMs: 50,
};

/**
 * When to look next, milliseconds since the write was accepted.
 *
 * @param elapsedMs - since it was accepted, now.
 * @param expectedMs - how long such writes take; undefined when no one has ended yet.
 */
export function nextLookMs(elapsedMs: number, expectedMs: number | undefined, pace: PollPace): number {
  const { unknown, known, stretch, longestStepMs, shortestStepMs } = pace;
  // What runs on beyond all that was expected is like one of which nothing is known
  const expected = expectedMs === undefined ? [] : known.map((part) => Math.round(part * expectedMs));
  const longestMs = expected.at(-1) ?? 0;
  const marks = [...expected, ...unknown.filter((each) => each > longestMs)];
  const mark = marks.find((each) => each >= elapsedMs + shortestStepMs);
  if (mark !== undefined) return Math.min(mark, Math.max(elapsedMs + longestStepMs, marks[0] ?? 0));
  const step = Math.round(elapsedMs * (stretch - 1));
  return elapsedMs + Math.min(longestStepMs, Math.max(shortestStepMs, step));
}

/** How fast an estimate follows what is seen: quickly down, slowly up, so that the first look is rarely late. */
const FOLLOWS = { down: 0.5, up: 0.25 } as const;

/** What is done at the first look is taken to have ended after this part of the time at the earliest. */
const FIRST_LOOK = 0.85;

/** Having run for less says next to nothing about how long a write takes, milliseconds. */
const TELLING_MS = 1_000;

/** Where between two looks an end is taken to be: too late a look costs less than one too many. */
const BETWEEN = 0.75;

/** How long each kind of write takes, learnt from those that this process has seen the end of. */
export class Durations {
  readonly #expectedMs = new Map<string, number>();

  /** Milliseconds that writes of a kind take; undefined before the first has ended. */
  expectedMs(kind: string): number | undefined {
    return this.#expectedMs.get(kind);
  }

  /**
   * A write was done when it was looked at.
   *
   * @param sinceMs - the last time it was seen running, milliseconds after it was accepted; 0 when it never was.
   * @param byMs - when it was seen to be done.
   */
  learn(kind: string, sinceMs: number, byMs: number): void {
    // Done at the first look says little about how long before: the next first look comes somewhat sooner
    const earliestMs = sinceMs > 0 ? sinceMs : FIRST_LOOK * byMs;
    const seenMs = earliestMs + BETWEEN * (byMs - earliestMs);
    const known = this.#expectedMs.get(kind);
    const weight = known === undefined ? 1 : seenMs < known ? FOLLOWS.down : FOLLOWS.up;
    this.#expectedMs.set(kind, (known ?? 0) + weight * (seenMs - (known ?? 0)));
  }

  /** The end of a write was not seen, but how long it ran at least: all there is to go by while no end was. */
  learnAtLeast(kind: string, ms: number): void {
    if (ms >= TELLING_MS && !this.#expectedMs.has(kind)) this.#expectedMs.set(kind, ms);
  }
}
