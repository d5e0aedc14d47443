import type { Clock } from "../../base/clock.ts";
import type { QueueObserver } from "./queue-metrics.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** What a queue is made of. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly observer?: QueueObserver;
}

interface Delayed {
  readonly atMs: number;
  readonly cancel: () => void;
}

/**
 * Keys to work on, with client-go's semantics: in order of arrival; a key waits at most once; nobody gets a key that
 * somebody holds; a key added while it is held comes back once, after {@link done}.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #order: string[] = [];
  readonly #dirty = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #head = 0;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Asks for one run over `key`, as soon as it is its turn. */
  add(key: string): void {
    if (this.#closed || this.#dirty.has(key)) return;
    this.#dirty.add(key);
    const held = this.#processing.has(key);
    this.#options.observer?.added(key, this.depth + (held ? 0 : 1));
    if (!held) this.#push(key);
  }

  /** Adds `key` after `ms`. Of several delays for one key the earliest counts; an {@link add} meanwhile does not end it. */
  addAfter(key: string, ms: number): void {
    if (this.#closed) return;
    this.#options.observer?.retried();
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const atMs = this.#options.clock.now() + ms;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.atMs <= atMs) return;
    earlier?.cancel();
    const cancel = this.#options.clock.schedule(ms, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { atMs, cancel });
  }

  /** Adds `key` after the delay that its failures have earned, and counts one more. */
  addRateLimited(key: string): void {
    this.addAfter(key, this.#options.limiter.when(key));
  }

  /** Milliseconds that {@link addRateLimited} would wait now. */
  nextDelayMs(key: string): number {
    return this.#options.limiter.peek(key);
  }

  /** Starts the failures of `key` at zero again. */
  forget(key: string): void {
    this.#options.limiter.forget(key);
  }

  /** Failures counted for `key`. */
  failures(key: string): number {
    return this.#options.limiter.failures(key);
  }

  /** The next key; the caller holds it until {@link done}. Undefined when the queue was shut down and is empty. */
  get(): Promise<string | undefined> {
    const key = this.#shift();
    if (key !== undefined || this.#closed) return Promise.resolve(key);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Ends the hold on `key`. */
  done(key: string): void {
    if (!this.#processing.delete(key)) return;
    this.#options.observer?.finished(key);
    if (this.#dirty.has(key)) this.#push(key);
  }

  /** Takes no more keys and drops the delayed ones; {@link get} hands out what waits and then undefined. */
  shutDown(): void {
    this.#closed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    for (const take of this.#takers.splice(0)) take(undefined);
  }

  /** Keys that wait for their turn, the delayed ones not counted. */
  get depth(): number {
    return this.#order.length - this.#head;
  }

  /** Whether nothing waits and nothing is held; delayed keys may still come. */
  get idle(): boolean {
    return this.depth === 0 && this.#processing.size === 0;
  }

  #push(key: string): void {
    this.#order.push(key);
    const take = this.#takers.shift();
    if (take !== undefined) take(this.#shift());
  }

  #shift(): string | undefined {
    const key = this.#order[this.#head];
    if (key === undefined) return undefined;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#order.length) {
      this.#order.splice(0, this.#head); // keeps taking from the front cheap without keeping what was taken
      this.#head = 0;
    }
    this.#dirty.delete(key);
    this.#processing.add(key);
    this.#options.observer?.started(key, this.depth);
    return key;
  }
}
