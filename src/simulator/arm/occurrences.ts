/** Part of a path below which there is a new name for each operation, so that it is never seen again after a while. */
const PASSING = /\/(?:operations|operationresults|diskoperations)\//i;

/** How many operations may be polled at the same time. */
const KEPT = 4096;

/** Counts how often each thing has been seen: what is drawn for a request follows from that, not from the order of all. */
export class Occurrences {
  readonly #lasting = new Map<string, number>();
  readonly #passing = new Map<string, number>();

  /** Notes `what` once more and says how often it was seen by now, from 1. Polls are forgotten 4,096 operations later. */
  next(what: string): number {
    const isPassing = PASSING.test(what);
    const seen = isPassing ? this.#passing : this.#lasting;
    const nth = (seen.get(what) ?? 0) + 1;
    if (isPassing) seen.delete(what); // what was seen last stands at the end
    seen.set(what, nth);
    if (this.#passing.size > KEPT) this.#passing.delete(this.#passing.keys().next().value ?? "");
    return nth;
  }
}
