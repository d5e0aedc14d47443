import type { Clock } from "../../base/clock.ts";

/** Pauses up to this many milliseconds are over at once: somebody waits for what is there already. Longer ones never end. */
const SHORT_MS = 1_000;

/**
 * The clock of a dry run, in which nothing takes time: short pauses end in the next turn of the event loop, and the long
 * ones, after which something would be tried again, are given up.
 */
export function dryClock(clock: Clock): Clock {
  const schedule = (ms: number, run: () => void): (() => void) => {
    if (ms > SHORT_MS) return () => {};
    const turn = setImmediate(run);
    return () => clearImmediate(turn);
  };
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (ms > SHORT_MS) return Promise.reject(new Error("a dry run tries nothing again"));
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { now: () => clock.now(), sleep, schedule, during: (work) => work, parked: (wait) => wait };
}
