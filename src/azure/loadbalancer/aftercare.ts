import type { Clock } from "../../base/clock.ts";

/** Pause between two looks at whether a status has been published, milliseconds. */
const LOOK_AGAIN_MS = 500;

/** Pause before work that failed is tried again, milliseconds; it doubles up to the longest. */
const RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 480_000;

/** Work that has failed, and when it is tried again. */
export interface AftercareFailure {
  /** The Service, by `<namespace>/<name>`. */
  readonly key: string;
  readonly error: unknown;
  readonly retryAfterMs: number;
}

/**
 * Work that has to wait until users can see something: the old address of a Service goes only after its status shows
 * the new one. One piece of work per Service; a newer one takes its place.
 */
export class Aftercare {
  readonly #clock: Clock;
  readonly #life: AbortSignal;
  readonly #onError: (failure: AftercareFailure) => void;
  readonly #running = new Map<string, AbortController>();
  readonly #works = new Set<Promise<void>>();

  /** @param life - ends all of it. @param onError - told each time the work has failed; it is tried again. */
  constructor(clock: Clock, life: AbortSignal, onError: (failure: AftercareFailure) => void) {
    this.#clock = clock;
    this.#life = life;
    this.#onError = onError;
  }

  /** Does `work` once `isDue` says so; `isDue` returning undefined means that it has become pointless. */
  after(key: string, isDue: () => boolean | undefined, work: (signal: AbortSignal) => Promise<void>): void {
    this.cancel(key);
    const own = new AbortController();
    this.#running.set(key, own);
    const signal = AbortSignal.any([own.signal, this.#life]);
    const due = (): Promise<boolean> => this.#waitUntil(isDue, signal);
    const persisting = this.#persist(key, { due, work }, signal)
      .catch(() => {}) // only its own end gets here
      .finally(() => {
        this.#works.delete(persisting);
        if (this.#running.get(key) === own) this.#running.delete(key);
      });
    this.#works.add(persisting);
  }

  /** Resolves when nothing is left of what was asked for so far: done, given up or taken over. */
  async settled(): Promise<void> {
    await Promise.all(this.#works);
  }

  /** Gives up what waits for a Service. */
  cancel(key: string): void {
    this.#running.get(key)?.abort(new Error("a newer pass over the Service took over"));
    this.#running.delete(key);
  }

  async #persist(
    key: string,
    { due, work }: { due: () => Promise<boolean>; work: (signal: AbortSignal) => Promise<void> },
    signal: AbortSignal,
  ): Promise<void> {
    for (let pauseMs = RETRY_MS; await due(); pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS)) {
      try {
        return await work(signal);
      } catch (error) {
        signal.throwIfAborted();
        this.#onError({ key, error, retryAfterMs: pauseMs });
      }
      await this.#clock.sleep(pauseMs, signal);
    }
  }

  async #waitUntil(isDue: () => boolean | undefined, signal: AbortSignal): Promise<boolean> {
    for (let due = isDue(); due !== true; due = isDue()) {
      if (due === undefined) return false;
      await this.#clock.sleep(LOOK_AGAIN_MS, signal);
    }
    return true;
  }
}
