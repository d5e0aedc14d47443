import { createRequire, syncBuiltinESMExports } from "node:module";
import { promisify } from "node:util";
import { abortReason, type Clock } from "../../base/clock.ts";
import { type OnAlive, Timers } from "./timers.ts";

type Run = (...args: unknown[]) => void;

/**
 * Puts `clock` under everything in this thread that asks Node for the time or waits: `Date`, `setTimeout`, `setInterval`,
 * `node:timers`, `node:timers/promises` and `AbortSignal.timeout`. Left as they are: `setImmediate`, because it waits for
 * no time; `performance.now` and `process.hrtime`, which measure effort; timers inside of Node, such as those of sockets.
 */
export function installTime(clock: Clock, onAlive: OnAlive): void {
  const timers = new Timers(clock, onAlive);
  const set = (run: Run, ms?: unknown, ...args: unknown[]): object => timers.set(run, ms, args);
  const repeat = (run: Run, ms?: unknown, ...args: unknown[]): object => timers.repeat(run, ms, args);
  const clear = (timeout: unknown): void => timers.clear(timeout);
  const promises = promisedTimers(clock, timers);
  Object.defineProperty(set, promisify.custom, { value: promises.setTimeout });
  const functions = { setTimeout: set, setInterval: repeat, clearTimeout: clear, clearInterval: clear };
  const require = createRequire(import.meta.url);
  Object.assign(globalThis, functions);
  Object.assign(require("node:timers") as object, functions);
  const builtin = require("node:timers/promises") as { readonly scheduler: object };
  Object.assign(builtin, { setTimeout: promises.setTimeout, setInterval: promises.setInterval });
  Object.defineProperty(builtin.scheduler, "wait", {
    value: (ms: number, options?: Waiting) => promises.setTimeout(ms, undefined, options),
  });
  syncBuiltinESMExports();
  Object.assign(AbortSignal, { timeout: (ms: number) => timeoutSignal(timers, ms) });
  globalThis.Date = virtualDate(clock);
}

interface Waiting {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

interface PromisedTimers {
  readonly setTimeout: (ms?: number, value?: unknown, options?: Waiting) => Promise<unknown>;
  readonly setInterval: (ms?: number, value?: unknown, options?: Waiting) => AsyncIterable<unknown>;
}

function promisedTimers(clock: Clock, timers: Timers): PromisedTimers {
  const wait = (ms: number | undefined, { signal, ref = true }: Waiting): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(abortError(signal));
        return;
      }
      const onAbort = (): void => {
        timers.clear(timeout);
        reject(abortError(signal as AbortSignal));
      };
      const onDue = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const timeout = timers.set(onDue, ms, []);
      if (!ref) timeout.unref();
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  return {
    setTimeout: (ms, value, options = {}) => wait(ms, options).then(() => value),
    async *setInterval(ms = 1, value, options = {}) {
      for (let dueMs = clock.now() + ms; ; dueMs += ms) {
        await wait(dueMs - clock.now(), options);
        yield value;
      }
    },
  };
}

/** What Node's own promised timers reject with. */
function abortError(signal: AbortSignal): Error {
  const error = new Error("The operation was aborted", { cause: abortReason(signal) });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}

function timeoutSignal(timers: Timers, ms: number): AbortSignal {
  const controller = new AbortController();
  const late = (): void =>
    controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  timers.set(late, ms, []).unref();
  return controller.signal;
}

function virtualDate(clock: Clock): DateConstructor {
  const RealDate = Date;
  const now = (): number => clock.now();
  return new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, member, receiver) => (member === "now" ? now : (Reflect.get(target, member, receiver) as unknown)),
  });
}
