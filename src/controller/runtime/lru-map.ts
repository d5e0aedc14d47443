/** A map that forgets what was not used for longest when it holds more than `limit` entries. */
export class LruMap<V> {
  readonly #limit: number;
  readonly #entries = new Map<string, V>();

  /** @param limit - entries kept, at least 1. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of `key`, which counts as a use of it. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
