import type { Clock } from "../../../base/clock.ts";
import { type Durations, nextLookMs, type PollPace } from "./poll-pace.ts";

/** What progress is measured with. */
export interface ProgressDeps {
  readonly clock: Clock;
  readonly pace: PollPace;
  readonly durations: Durations;
}

/** How far one write is, from its acceptance on: when to look at it, and what its end teaches. */
export class Progress {
  readonly #deps: ProgressDeps;
  readonly #kind: string;
  readonly #startedMs: number;
  #runningMs = 0;
  #blind = false;

  /** Starts now. @param kind - writes of one kind take about the same time. */
  constructor(kind: string, deps: ProgressDeps) {
    this.#kind = kind;
    this.#deps = deps;
    this.#startedMs = deps.clock.now();
  }

  /** Milliseconds since the start. */
  get elapsedMs(): number {
    return this.#deps.clock.now() - this.#startedMs;
  }

  /** Milliseconds from now to the next look, when ARM asks for no pause. */
  pauseMs(): number {
    const { pace, durations } = this.#deps;
    return nextLookMs(this.elapsedMs, durations.expectedMs(this.#kind), pace) - this.elapsedMs;
  }

  /** A look that began at `atMs`, by the clock, saw it running. */
  running(atMs: number): void {
    this.#runningMs = atMs - this.#startedMs;
    this.#blind = false;
  }

  /** A look told nothing: the end may come long before it is seen. */
  unseen(): void {
    this.#blind = true;
  }

  /** It has failed, or nobody saw when it ended: it takes at least as long as it was seen running. */
  brokenOff(): void {
    this.#deps.durations.learnAtLeast(this.#kind, this.#runningMs);
  }

  /** A look that began at `atMs` saw that it is done. */
  ended(atMs: number): void {
    const { clock, durations } = this.#deps;
    // A look that was repeated under way says nothing about when the end came
    if (this.#blind || clock.now() - atMs > LONG_LOOK_MS) this.brokenOff();
    else durations.learn(this.#kind, this.#runningMs, atMs - this.#startedMs);
  }
}

/** No single request for a small document takes so long. */
const LONG_LOOK_MS = 1_000;
