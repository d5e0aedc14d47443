/** What decides where somebody stands. */
export interface Standing {
  /** The smaller goes first; equals in the order in which they came. */
  readonly turn: number;
}

/** Those who wait, in order. */
export class WaitingLine<T extends Standing> {
  #waiting: T[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** Everybody, whose turn it is first; not changed by who comes or leaves meanwhile. */
  inOrder(): readonly T[] {
    return [...this.#waiting];
  }

  /** Takes a place behind all whose turn is not later. */
  join(newcomer: T): void {
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#waiting[middle]!.turn <= newcomer.turn) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, newcomer);
  }

  /** Lets some go; those who do not stand in the line are no matter. */
  leave(leaving: ReadonlySet<T>): void {
    if (leaving.size > 0) this.#waiting = this.#waiting.filter((each) => !leaving.has(each));
  }
}
