import type { Clock } from "../../../base/clock.ts";

/** One time to wake up at, which can be moved. Keeps the process alive while it is set: somebody waits for it. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { readonly atMs: number; readonly cancel: AbortController } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** When it rings; undefined when it is not set. */
  get atMs(): number | undefined {
    return this.#set?.atMs;
  }

  /** Rings once at that instant and no other; `undefined` never rings. */
  setTo(atMs: number | undefined): void {
    if (atMs === this.#set?.atMs) return;
    this.#set?.cancel.abort();
    this.#set = undefined;
    if (atMs === undefined) return;
    const set = { atMs, cancel: new AbortController() };
    this.#set = set;
    this.#clock.sleep(atMs - this.#clock.now(), set.cancel.signal).then(
      () => {
        if (this.#set !== set) return;
        this.#set = undefined;
        this.#ring();
      },
      () => {}, // moved
    );
  }
}
