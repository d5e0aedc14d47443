/** One entry of a {@link Book}. */
export interface BookEntry<Handle> {
  readonly id: string;
  /** As it was written. */
  readonly written: unknown;
  readonly handle: Handle;
}

/** What was set by data, in a scenario or over HTTP, and can be taken away again. */
export class Book<Handle extends { remove(): void }> {
  readonly #entries = new Map<string, BookEntry<Handle>>();
  #count = 0;

  /** Notes what was set. @returns its id. */
  enter(written: unknown, handle: Handle): string {
    const id = String(++this.#count);
    this.#entries.set(id, { id, written, handle });
    return id;
  }

  /** In the order they were set. */
  entries(): readonly BookEntry<Handle>[] {
    return [...this.#entries.values()];
  }

  /** Takes away the one with this id, or all. @returns how many there were. */
  remove(id?: string): number {
    const gone = this.entries().filter((entry) => id === undefined || entry.id === id);
    for (const entry of gone) {
      entry.handle.remove();
      this.#entries.delete(entry.id);
    }
    return gone.length;
  }
}
