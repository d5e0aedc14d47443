import type { Clock } from "../../base/clock.ts";

/** Told when the first timer that keeps the process alive is set, and when the last one is gone. */
export type OnAlive = (alive: boolean) => void;

/** `setTimeout`, `setInterval` and what belongs to them, over a {@link Clock}. */
export class Timers {
  readonly #clock: Clock;
  readonly #onAlive: OnAlive;
  readonly #byId = new Map<number, VirtualTimeout>();
  readonly #alive = new Set<VirtualTimeout>();
  #count = 0;

  constructor(clock: Clock, onAlive: OnAlive) {
    this.#clock = clock;
    this.#onAlive = onAlive;
  }

  /** As `setTimeout`; delays below one millisecond, or none, are one. */
  set(run: (...args: unknown[]) => void, ms: unknown, args: readonly unknown[]): VirtualTimeout {
    return this.#add(() => run(...args), ms, false);
  }

  /** As `setInterval`. */
  repeat(run: (...args: unknown[]) => void, ms: unknown, args: readonly unknown[]): VirtualTimeout {
    return this.#add(() => run(...args), ms, true);
  }

  /** As `clearTimeout`: takes what `setTimeout` has returned, or its number, and anything else without a word. */
  clear(timeout: unknown): void {
    if (timeout instanceof VirtualTimeout) timeout.close();
    else this.#byId.get(Number(timeout))?.close();
  }

  #add(run: () => void, ms: unknown, repeats: boolean): VirtualTimeout {
    const id = ++this.#count;
    const timeout = new VirtualTimeout({
      id,
      run,
      ms: delayOf(ms),
      repeats,
      clock: this.#clock,
      onState: (active, referenced) => this.#note(timeout, active, referenced),
    });
    timeout.refresh();
    return timeout;
  }

  #note(timeout: VirtualTimeout, active: boolean, referenced: boolean): void {
    if (active) this.#byId.set(timeout.id, timeout);
    else this.#byId.delete(timeout.id);
    const before = this.#alive.size;
    if (active && referenced) this.#alive.add(timeout);
    else this.#alive.delete(timeout);
    if (before === 0 && this.#alive.size === 1) this.#onAlive(true);
    if (before === 1 && this.#alive.size === 0) this.#onAlive(false);
  }
}

/** Longest delay a Node timer takes (2^31 - 1 ms); longer ones, and what is no number, are one millisecond there. */
const LONGEST_MS = 2_147_483_647;

function delayOf(ms: unknown): number {
  const delay = Number(ms ?? 1);
  return delay >= 1 && delay <= LONGEST_MS ? Math.trunc(delay) : 1;
}

interface TimeoutParts {
  readonly id: number;
  readonly run: () => void;
  readonly ms: number;
  readonly repeats: boolean;
  readonly clock: Clock;
  /** Told whether it will fire, and whether that keeps the process alive, whenever one of both changes. */
  readonly onState: (active: boolean, referenced: boolean) => void;
}

/** What `setTimeout` returns in virtual time: has all that Node's own `Timeout` has. */
export class VirtualTimeout {
  readonly #parts: TimeoutParts;
  #cancel: (() => void) | undefined;
  #referenced = true;

  constructor(parts: TimeoutParts) {
    this.#parts = parts;
  }

  get id(): number {
    return this.#parts.id;
  }

  ref(): this {
    return this.#reference(true);
  }

  unref(): this {
    return this.#reference(false);
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  /** Begins anew, with the delay that it was set with. */
  refresh(): this {
    const { clock, ms, onState } = this.#parts;
    this.#cancel?.();
    this.#cancel = clock.schedule(ms, () => this.#fire());
    onState(true, this.#referenced);
    return this;
  }

  close(): this {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#parts.onState(false, this.#referenced);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#parts.id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #reference(on: boolean): this {
    this.#referenced = on;
    this.#parts.onState(this.#cancel !== undefined, on);
    return this;
  }

  #fire(): void {
    this.#cancel = undefined;
    if (this.#parts.repeats) this.refresh();
    else this.#parts.onState(false, this.#referenced);
    this.#parts.run();
  }
}
