import type { Claim, Tick } from "../../http/barrier-protocol.ts";

/** A process that keeps its time together with the simulator. */
export class Participant {
  readonly id: string;
  /** Breaks ties: of two that are due at the same instant, the lower name comes first. */
  readonly name: string;
  readonly #tell: (tick: Tick) => void;
  /** Numbers of its requests that have arrived and whose answers have not left. */
  readonly #open = new Set<number>();
  #claim: Claim | undefined;
  #sequence = 0;
  #jumps = 0;
  /** The highest number of a request that has arrived. */
  #last = 0;

  constructor(id: string, name: string, tell: (tick: Tick) => void) {
    this.id = id;
    this.name = name;
    this.#tell = tell;
  }

  /**
   * Whether nothing goes on in it, nor on the way to it or from it: it has said so after the last jump, and the requests
   * that it waits for are those that are here. One that is on its way to us is only in its list; one whose answer is on
   * its way back is only in its list, too.
   */
  get isParked(): boolean {
    const { open } = this.#claim ?? {};
    return open !== undefined && open.length === this.#open.size && open.every((number) => this.#open.has(number));
  }

  /** When it is next due, if it is parked and has a timer; milliseconds since the epoch. */
  get dueMs(): number | undefined {
    return this.isParked ? this.#claim?.dueMs : undefined;
  }

  /** Requests of it that are being worked on, ascending. */
  get open(): readonly number[] {
    return [...this.#open].toSorted((a, b) => a - b);
  }

  /** Takes a claim, unless something has happened since that it does not know of. */
  claim(claim: Claim): void {
    if (claim.sequence <= this.#sequence || claim.jumps !== this.#jumps || claim.last < this.#last) return;
    this.#sequence = claim.sequence;
    this.#claim = claim;
  }

  arrived(request: number): void {
    this.#open.add(request);
    this.#last = Math.max(this.#last, request);
    if (this.#claim?.open.includes(request) === false) this.#claim = undefined;
  }

  /** The answer has left, or never will: who waits for it goes on. */
  answered(request: number): void {
    this.#open.delete(request);
    if (this.#claim?.open.includes(request) === true) this.#claim = undefined;
  }

  /** Tells it what time it is. */
  tick(nowMs: number): void {
    this.#tell({ nowMs });
  }

  /** Tells it that its timer is due: from now on it is not parked, until it says so again. */
  goOn(nowMs: number): void {
    this.#claim = undefined;
    this.#tell({ nowMs, jump: ++this.#jumps });
  }
}

/** The order in which participants that are due go on: by time, then by name, then by when they joined. */
export function byDue(a: Participant, b: Participant): number {
  const apart = (a.dueMs ?? Number.POSITIVE_INFINITY) - (b.dueMs ?? Number.POSITIVE_INFINITY);
  if (apart !== 0 && !Number.isNaN(apart)) return apart;
  return a.name === b.name ? Number(a.id) - Number(b.id) : a.name < b.name ? -1 : 1;
}
