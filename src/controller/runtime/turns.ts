import { abortReason } from "../../base/clock.ts";

/** Gives each key to one holder at a time, in the order in which they asked. Different keys do not wait for each other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs `work` when nobody else works on `key`.
   *
   * @param signal - ends the waiting; the promise then rejects with its reason and `work` is not called.
   */
  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const mine = before === undefined ? over : before.then(() => over);
    this.#last.set(key, mine);
    try {
      if (before !== undefined) await unlessAborted(before, signal);
      return await work();
    } finally {
      end();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }

  /** Whether somebody works on `key`, or waits to. */
  busy(key: string): boolean {
    return this.#last.has(key);
  }
}

function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    void wait.then(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
  });
}
