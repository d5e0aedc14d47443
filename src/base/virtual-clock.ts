import { type Clock, sleepOver } from "./clock.ts";
import { TimerHeap } from "./timer-heap.ts";

/** How a {@link VirtualClock} moves: `manual` only through {@link VirtualClock.advance}; `auto` also by itself, when idle. */
export type VirtualClockMode = "manual" | "auto";

/**
 * How long an `auto` clock watches before it jumps: turns of the event loop, in each of which bytes on loopback arrive and
 * promises settle, and real milliseconds, because a busy machine may be late to deliver. It watches without sleeping: the
 * shortest sleep of Node is longer than that, and tests jump often.
 */
const QUIET = { turns: 16, ms: 0.5 } as const;

/**
 * Time that a test owns. It stands still until somebody advances it; in `auto` mode it jumps to the next timer when
 * nothing is {@link VirtualClock.during | in progress} and the process has been quiet for a moment.
 *
 * Timers that are due at the same instant fire in the order they were set.
 */
export class VirtualClock implements Clock {
  readonly #mode: VirtualClockMode;
  readonly #timers = new TimerHeap();
  #now: number;
  #order = 0;
  #inProgress = 0;
  /** Whether it looks again, in the next turn, if all is quiet. */
  #looking = false;
  /** Since when it was quiet, in real milliseconds, and for how many turns. */
  #quietSince = 0;
  #quietTurns = 0;
  #stopped = false;

  /** @param startMs - the first value of {@link now}, milliseconds since the epoch. */
  constructor(mode: VirtualClockMode = "manual", startMs = Date.UTC(2026, 0, 1)) {
    this.#mode = mode;
    this.#now = startMs;
  }

  /** How it moves. */
  get mode(): VirtualClockMode {
    return this.#mode;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOver((delayMs, run) => this.schedule(delayMs, run), ms, signal);
  }

  schedule(ms: number, run: () => void): () => void {
    const cancel = this.#timers.add({ at: this.#now + Math.max(0, ms), order: this.#order++, run });
    this.#watchForQuiet();
    return cancel;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#inProgress++;
    try {
      return await work;
    } finally {
      this.#inProgress--;
      this.#watchForQuiet();
    }
  }

  async parked<T>(wait: Promise<T>): Promise<T> {
    this.#inProgress--;
    this.#watchForQuiet();
    try {
      return await wait;
    } finally {
      this.#inProgress++;
    }
  }

  /** Moves time by `ms`, firing every timer that falls due on the way, each at its own instant. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#timers.first; next !== undefined && next.at <= end; next = this.#timers.first) {
      this.#fireFirst();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Timers that have not fired yet. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Stops an `auto` clock: it never jumps by itself again. */
  stop(): void {
    this.#stopped = true;
    this.#timers.clear();
  }

  #fireFirst(): void {
    const timer = this.#timers.takeFirst();
    if (timer === undefined) return;
    this.#now = Math.max(this.#now, timer.at);
    timer.run();
  }

  get #stands(): boolean {
    return this.#mode === "manual" || this.#stopped || this.#inProgress > 0 || this.#timers.size === 0;
  }

  #watchForQuiet(): void {
    if (this.#stands) return;
    this.#quietSince = performance.now();
    this.#quietTurns = 0;
    if (!this.#looking) this.#lookInNextTurn();
  }

  #lookInNextTurn(): void {
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      this.#look();
    });
  }

  #look(): void {
    if (this.#stands) return;
    if (++this.#quietTurns > QUIET.turns && performance.now() - this.#quietSince >= QUIET.ms) {
      this.#fireFirst();
      this.#watchForQuiet();
    } else {
      this.#lookInNextTurn();
    }
  }
}

/** Lets every promise that can settle without IO do so. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
