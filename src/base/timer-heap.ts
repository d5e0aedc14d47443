/** Something that is due. */
export interface Timer {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Breaks ties: of two that are due at the same instant the one with the lower number comes first. */
  readonly order: number;
  readonly run: () => void;
}

/** A timer's place in the heap; -1 when it has left. */
interface Slot extends Timer {
  index: number;
}

/** Timers by when they are due: the first one at once, adding and taking away in O(log n), so that thousands cost little. */
export class TimerHeap {
  readonly #slots: Slot[] = [];

  get size(): number {
    return this.#slots.length;
  }

  /** The one that is due first. */
  get first(): Timer | undefined {
    return this.#slots[0];
  }

  /** Adds a timer and returns the function that takes it away; that one does nothing late or twice. */
  add(timer: Timer): () => void {
    const slot: Slot = { ...timer, index: this.#slots.length };
    this.#slots.push(slot);
    this.#rise(slot);
    return () => this.#remove(slot);
  }

  /** Takes away the one that is due first. */
  takeFirst(): Timer | undefined {
    const first = this.#slots[0];
    if (first !== undefined) this.#remove(first);
    return first;
  }

  clear(): void {
    for (const slot of this.#slots) slot.index = -1;
    this.#slots.length = 0;
  }

  #remove(slot: Slot): void {
    const { index } = slot;
    if (index < 0) return;
    slot.index = -1;
    const last = this.#slots.pop();
    if (last === undefined || last === slot) return;
    this.#put(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(slot: Slot): void {
    while (slot.index > 0) {
      const parent = this.#slots[(slot.index - 1) >> 1];
      if (parent === undefined || isBefore(parent, slot)) return;
      this.#swap(parent, slot);
    }
  }

  #sink(slot: Slot): void {
    for (;;) {
      const left = this.#slots[2 * slot.index + 1];
      const right = this.#slots[2 * slot.index + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || isBefore(slot, child)) return;
      this.#swap(slot, child);
    }
  }

  #swap(a: Slot, b: Slot): void {
    const { index } = a;
    this.#put(a, b.index);
    this.#put(b, index);
  }

  #put(slot: Slot, index: number): void {
    slot.index = index;
    this.#slots[index] = slot;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
