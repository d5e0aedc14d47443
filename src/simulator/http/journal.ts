/** One finished request. */
export interface JournalEntry {
  /** Order of arrival, from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Status sent; 0 when the connection was cut or never answered. */
  readonly status: number;
  /** Milliseconds since the epoch by the simulator's clock when the request had arrived whole. */
  readonly atMs: number;
  /** Milliseconds until it was answered. */
  readonly tookMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** The body as sent, for writes. */
  readonly body?: string;
  /** The request carried a secret, so its body is not here. */
  readonly confidential?: true;
}

/** Every request a simulator has finished, or the newest of them, in the order of their answers. */
export class Journal {
  #entries: JournalEntry[] = [];
  readonly #keep: number;
  readonly #listeners = new Set<(entry: JournalEntry) => void>();

  /** @param keep - entries that are kept at least, 1 or more; up to twice as many are there at times. All by default. */
  constructor(keep = Number.POSITIVE_INFINITY) {
    this.#keep = Math.max(1, keep);
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * this.#keep) this.#entries = this.#entries.slice(-this.#keep);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Forgets what there is; whoever follows goes on to. */
  clear(): void {
    this.#entries = [];
  }

  entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Requests that match, polls included. */
  count(matches: (entry: JournalEntry) => boolean = () => true): number {
    return this.#entries.filter(matches).length;
  }

  /** Accepted writes (PUT, PATCH, POST and DELETE answered below 300) whose path matches. To ask for a token is none. */
  writes(path: RegExp = /./): readonly JournalEntry[] {
    return this.#entries.filter(
      ({ method, status, path: at, confidential }) =>
        method !== "GET" && confidential !== true && status >= 200 && status < 300 && path.test(at),
    );
  }

  /** Calls `listener` with each entry from now on; returns the function that ends it. */
  follow(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
