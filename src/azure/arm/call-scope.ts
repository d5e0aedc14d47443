import { AsyncLocalStorage } from "node:async_hooks";
import type { Lane } from "./throttle/lane.ts";

/**
 * What belongs to one call of a port, whatever requests it takes. The SDK hands its options to the first request only;
 * pages and polls find their signal and their lane here.
 */
export interface Call {
  readonly signal: AbortSignal;
  /** For a write that waited in the queue for requests, the lane it was let through in. */
  lane: Lane;
  /** The path of its first request: what its polls are about. Undefined before. */
  about: string | undefined;
  /** Nothing is sent: the call only asks what it would send, and gets that for an answer. */
  readonly sketches?: true;
  /** The same for every request of the call. */
  readonly correlationId: string;
  /** When the first request of the call that was answered with a body was sent: {@link CallScope.tick}, and clock time. */
  firstSent: { readonly tick: number; readonly atMs: number };
  /** As of when the newest answer is: a read's since it was sent, a write's since it was answered. 0 before. */
  asOf: number;
  /** Every JSON body that ARM answered to the SDK, as it came over the wire, in order. */
  readonly bodies: unknown[];
}

const NEVER = { tick: 0, atMs: 0 };

/** Carries the {@link Call} through the SDK to the policies. One per set of clients. */
export class CallScope {
  readonly #storage = new AsyncLocalStorage<Call>();
  readonly #newId: () => string;
  #ticks = 0;

  /** @param newId - makes correlation ids. */
  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Runs `work` as one call. */
  run<T>(call: Pick<Call, "signal" | "lane" | "sketches">, work: (call: Call) => Promise<T>): Promise<T> {
    const whole: Call = {
      ...call,
      correlationId: this.#newId(),
      about: undefined,
      firstSent: NEVER,
      asOf: 0,
      bodies: [],
    };
    return this.#storage.run(whole, () => work(whole));
  }

  /** The call that the caller runs in. */
  get current(): Call | undefined {
    return this.#storage.getStore();
  }

  /** The next value of a counter that never stands still: puts the starts and ends of requests into one order. */
  tick(): number {
    return ++this.#ticks;
  }
}
