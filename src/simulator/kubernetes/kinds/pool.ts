/**
 * Values that are handed out one at a time, each to one owner. The next free one after the last handed out is next, so
 * that runs repeat and a value that was just released is not reused at once.
 */
export class Pool<T> {
  readonly #owners = new Map<T, string>();
  readonly #size: number;
  readonly #at: (index: number) => T;
  #next = 0;

  /**
   * @param size - how many values there are.
   * @param at - the value with this index, from 0.
   */
  constructor(size: number, at: (index: number) => T) {
    this.#size = size;
    this.#at = at;
  }

  /** True when somebody other than `owner` has `value`. */
  isTaken(value: T, owner: string): boolean {
    return (this.#owners.get(value) ?? owner) !== owner;
  }

  /** A free value that is not in `except`; undefined when there is none. It stays free until {@link take}. */
  offer(except: ReadonlySet<T> = new Set()): T | undefined {
    for (let tried = 0; tried < this.#size; tried++) {
      const value = this.#at((this.#next + tried) % this.#size);
      if (this.#owners.has(value) || except.has(value)) continue;
      return value;
    }
    return undefined;
  }

  /** Gives `value` to `owner`. */
  take(value: T, owner: string): void {
    this.#owners.set(value, owner);
    while (this.#next < this.#size && this.#owners.has(this.#at(this.#next))) this.#next++;
    if (this.#next === this.#size) this.#next = 0;
  }

  /** Frees `value` if `owner` has it. */
  release(value: T, owner: string): void {
    if (this.#owners.get(value) === owner) this.#owners.delete(value);
  }
}
