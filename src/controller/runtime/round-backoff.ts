import type { Clock } from "../../base/clock.ts";

/** First delay between rounds. */
const FIRST_MS = 800;

/** Longest delay, before the random part is added. */
const LONGEST_MS = 30_000;

/** After this long without a reset the delays start small again. */
const RESET_AFTER_MS = 120_000;

/** Growing delays between the rounds of a reflector: 0.8 s doubling to 30 s, each stretched at random by up to its double. */
export class RoundBackoff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #nextMs = FIRST_MS;
  #resetAtMs: number;

  /** @param random - values in [0, 1). */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.#resetAtMs = clock.now();
  }

  /** Milliseconds to wait this time. */
  next(): number {
    const nowMs = this.#clock.now();
    if (nowMs - this.#resetAtMs > RESET_AFTER_MS) {
      this.#nextMs = FIRST_MS;
      this.#resetAtMs = nowMs;
    }
    const ms = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, ms * 2);
    return ms * (1 + this.#random());
  }
}
