/**
 * The only source of time and waiting. Everything that waits takes a `Clock`, so that a test can run hours in
 * milliseconds and two runs of a test see the same times. The contract, in full: docs/explanation/time.md.
 *
 * Who waits registers by {@link sleep} or {@link schedule} when it is next due; virtual time jumps to the earliest of
 * these only while no work is open ({@link during}) that is not {@link parked}.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;

  /**
   * Waits.
   *
   * @param ms - milliseconds; zero or less resolves in a later turn of the event loop.
   * @param signal - ends the wait at once; the promise then rejects with `signal.reason`.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;

  /**
   * Calls `run` once after `ms` milliseconds. Never keeps the process alive.
   *
   * @returns a function that cancels the call; calling it late or twice does nothing.
   */
  schedule(ms: number, run: () => void): () => void;

  /**
   * Marks work that the outside world drives (a request on a socket, a file): virtual time stands still until it
   * settles. The system clock returns `work` as it is.
   */
  during<T>(work: Promise<T>): Promise<T>;

  /**
   * Marks a wait that somebody's work in progress is waiting for, such as a simulated server that takes its time over a
   * request of this process: while it lasts, that work does not keep virtual time from moving. Takes the place of one
   * {@link during}, so the work must be marked by it. The system clock returns `wait` as it is.
   */
  parked<T>(wait: Promise<T>): Promise<T>;
}

/** `signal.reason` as an Error, for the callers that reject with it. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(`aborted: ${String(signal.reason)}`);
}

/** Builds {@link Clock.sleep} over any timer: resolves when it fires, rejects and cancels it when `signal` aborts. */
export function sleepOver(
  schedule: (ms: number, run: () => void) => () => void,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(abortReason(signal as AbortSignal));
    };
    const cancel = schedule(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * As {@link Clock.schedule}, for a call that somebody waits for: it keeps the process alive, as {@link Clock.sleep} does.
 *
 * @returns a function that cancels the call; calling it late or twice does nothing.
 */
export function wake(clock: Pick<Clock, "sleep">, ms: number, run: () => void): () => void {
  const cancelled = new AbortController();
  clock.sleep(ms, cancelled.signal).then(run, () => {});
  return () => cancelled.abort();
}

/** Longest delay a Node timer takes (2^31 - 1 ms, about 25 days); longer ones would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The real time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    sleepOver(
      (delayMs, run) => {
        const timer = setTimeout(run, Math.min(delayMs, LONGEST_TIMER_MS));
        return () => clearTimeout(timer);
      },
      ms,
      signal,
    ),
  schedule: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
  during: (work) => work,
  parked: (wait) => wait,
};
