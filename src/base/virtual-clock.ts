import { type Clock, sleepOver } from "./clock.ts";
import { QuietWatch } from "./quiet.ts";
import { TimerHeap } from "./timer-heap.ts";

/**
 * How a {@link VirtualClock} moves: `manual` only through {@link VirtualClock.advance}; `auto` also by itself, when idle;
 * `led` as a {@link Leader} says.
 */
export type VirtualClockMode = "manual" | "auto" | "led";

/**
 * Who moves a clock that keeps its time together with other processes. The clock tells when nothing goes on in this one;
 * the leader answers with {@link VirtualClock.jump} once nothing goes on anywhere.
 */
export interface Leader {
  /**
   * This process is quiet. Called again after everything that happens in it.
   *
   * @param dueMs - when its next timer is due, milliseconds since the epoch; undefined when it has none.
   */
  quiet(dueMs: number | undefined): void;
  /** Whether something goes on in this process that neither a timer nor {@link VirtualClock.during} tells of. */
  busy(): boolean;
}

/**
 * Time that a test owns. It stands still until somebody advances it; in `auto` mode it jumps to the next timer when
 * nothing is {@link VirtualClock.during | in progress} and the process has been quiet for a moment.
 *
 * Timers that are due at the same instant fire in the order they were set.
 */
export class VirtualClock implements Clock {
  readonly #lead: "manual" | "auto" | Leader;
  readonly #timers = new TimerHeap();
  readonly #quiet: QuietWatch;
  #now: number;
  #order = 0;
  #inProgress = 0;
  #stopped = false;
  #onMove: (nowMs: number) => void = () => {};

  /** @param startMs - the first value of {@link now}, milliseconds since the epoch. */
  constructor(lead: "manual" | "auto" | Leader = "manual", startMs = Date.UTC(2026, 0, 1)) {
    this.#lead = lead;
    this.#now = startMs;
    this.#quiet = new QuietWatch({
      idle: () => this.#stands,
      busy: () => typeof lead === "object" && lead.busy(),
      onQuiet: () => this.#goOn(),
    });
  }

  /** How it moves. */
  get mode(): VirtualClockMode {
    return typeof this.#lead === "object" ? "led" : this.#lead;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOver((delayMs, run) => this.schedule(delayMs, run), ms, signal);
  }

  schedule(ms: number, run: () => void): () => void {
    const remove = this.#timers.add({ at: this.#now + Math.max(0, ms), order: this.#order++, run });
    this.#quiet.begin();
    return remove;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#inProgress++;
    try {
      return await work;
    } finally {
      this.#inProgress--;
      this.#quiet.begin();
    }
  }

  async parked<T>(wait: Promise<T>): Promise<T> {
    this.#inProgress--;
    this.#quiet.begin();
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

  /** What a {@link Leader} calls when it is `nowMs`, and nothing here is due. */
  set(nowMs: number): void {
    this.#moveTo(nowMs);
  }

  /** What a {@link Leader} calls when time has come to `nowMs`: fires the first timer if it is due by then. */
  jump(nowMs: number): void {
    this.set(nowMs);
    const { first } = this.#timers;
    if (first !== undefined && first.at <= this.#now) this.#fireFirst();
    this.#quiet.begin();
  }

  /** Something has happened in this process that a {@link Leader} must know the end of. */
  stir(): void {
    this.#quiet.begin();
  }

  /** Calls `listener`, and no earlier one any more, with each new instant, before anything happens at it. */
  onMove(listener: (nowMs: number) => void): void {
    this.#onMove = listener;
  }

  /** Timers that have not fired yet. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Stops a clock for good: it forgets its timers and never moves by itself again. */
  stop(): void {
    this.#stopped = true;
    this.#timers.clear();
  }

  #fireFirst(): void {
    const timer = this.#timers.takeFirst();
    if (timer === undefined) return;
    this.#moveTo(timer.at);
    timer.run();
  }

  #moveTo(nowMs: number): void {
    if (nowMs <= this.#now) return;
    this.#now = nowMs;
    this.#onMove(nowMs);
  }

  get #stands(): boolean {
    if (this.#lead === "manual" || this.#stopped || this.#inProgress > 0) return true;
    return this.#lead === "auto" && this.#timers.size === 0;
  }

  #goOn(): void {
    if (typeof this.#lead === "object") {
      this.#lead.quiet(this.#timers.first?.at);
      return;
    }
    this.#fireFirst();
    this.#quiet.begin();
  }
}

/** Lets every promise that can settle without IO do so. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
