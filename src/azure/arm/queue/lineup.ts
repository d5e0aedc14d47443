import type { CloudError } from "../../../cloudprovider/errors.ts";
import type { Edit } from "../port.ts";
import { inFoldOrder } from "./fold.ts";
import { Rider } from "./rider.ts";
import { alike, type ContentRefusal, divide, mentions } from "./split.ts";

/** Riders that ride together. The open party takes newcomers; the others hold riders that were set apart. */
export interface Party<T> {
  /** By owner. */
  readonly riders: Map<string, Rider<T>>;
  /** The other half of the refused batch that this one comes from. */
  readonly sibling: () => Party<T> | undefined;
  /** Set while the sibling is awaited: what ARM said to this half. */
  refusal: ContentRefusal | undefined;
}

/** Riders whose search is over without success. */
export interface Rejected<T> {
  readonly riders: readonly Rider<T>[];
  readonly error: CloudError;
}

/**
 * Who waits, and who rides together next: newest edit per owner, riders set apart by the search for a bad edit, and riders
 * parked until a resource they name is mended. Synchronous; it decides and never waits.
 */
export class Lineup<T> {
  readonly #open: Party<T> = party([]);
  /** In the order in which they get their turns. */
  #apart: readonly Party<T>[] = [];
  /** Owners whose last edit failed alone; they ride alone until one succeeds. */
  readonly #loners = new Set<string>();
  readonly #underRepair = new Set<string>();
  #openIsNext = true;

  /** True when nobody waits and nothing need be remembered. */
  get empty(): boolean {
    return this.#loners.size === 0 && this.#parties().every((each) => each.riders.size === 0);
  }

  /** Seats an edit: in place of the waiting one of the same owner, else with the newcomers. */
  place(edit: Edit<T>): Rider<T> {
    const waiting = this.#waiting(edit.owner);
    if (waiting !== undefined) {
      waiting.replace(edit);
      return waiting;
    }
    const rider = new Rider(edit);
    this.#seat(rider);
    return rider;
  }

  /** The party whose turn it is: the open one and those set apart take turns. Undefined when nobody can ride now. */
  next(): Party<T> | undefined {
    for (const rider of this.#open.riders.values()) if (!rider.wanted) this.#open.riders.delete(rider.owner);
    this.#apart = this.#apart.filter(hasWanted);
    const open = this.ready(this.#open).length > 0 ? this.#open : undefined;
    const apart = this.#apart.find((each) => each.refusal === undefined && this.ready(each).length > 0);
    const chosen = this.#openIsNext ? (open ?? apart) : (apart ?? open);
    this.#openIsNext = chosen !== this.#open;
    return chosen;
  }

  /** Those of a party who can ride now, in fold order: not withdrawn and not parked. */
  ready(of: Party<T>): readonly Rider<T>[] {
    return [...of.riders.values()].filter((rider) => rider.wanted && !this.#parked(rider)).sort(inFoldOrder);
  }

  /** Takes riders out: they are being sent, or have their answer. */
  take(from: Party<T>, riders: readonly Rider<T>[]): void {
    for (const rider of riders) if (from.riders.get(rider.owner) === rider) from.riders.delete(rider.owner);
  }

  /** Seats riders again after a failed try; one that has a newer edit waiting hands its callers over to it. */
  putBack(into: Party<T>, riders: readonly Rider<T>[]): void {
    for (const rider of this.#returning(riders)) into.riders.set(rider.owner, rider);
  }

  /** Their owners' edits are in effect: they ride with the others again. */
  succeeded(riders: readonly Rider<T>[]): void {
    for (const rider of riders) this.#loners.delete(rider.owner);
  }

  /** Sets apart riders whose body ARM refused; {@link judge} decides about them. */
  refused(from: Party<T>, riders: readonly Rider<T>[], refusal: ContentRefusal): void {
    const alone = riders.length === 1 ? riders[0] : undefined;
    if (alone !== undefined) this.#remember(alone.owner);
    const into = from === this.#open ? party<T>([]) : from;
    this.putBack(into, riders);
    into.refusal = refusal;
    if (into !== from) this.#apart = [...this.#apart, into];
  }

  /**
   * Takes every search one step further: divides refused parties, and returns the riders for whom it is over: an edit that
   * was refused alone, or two halves that were refused alike.
   */
  judge(): readonly Rejected<T>[] {
    const rejected: Rejected<T>[] = [];
    for (const each of this.#apart) {
      if (each.refusal === undefined || each.riders.size === 0) continue;
      const sibling = each.sibling();
      if (sibling !== undefined && sibling.refusal === undefined && hasWanted(sibling)) continue;
      rejected.push(...this.#narrow(each, each.refusal, sibling));
    }
    return rejected;
  }

  /** Parks everybody who names the resource, newcomers included. */
  park(resourceId: string): void {
    this.#underRepair.add(resourceId.toLowerCase());
  }

  unpark(resourceId: string): void {
    this.#underRepair.delete(resourceId.toLowerCase());
  }

  /** Empties the lineup; returns who was waiting. */
  drain(): readonly Rider<T>[] {
    return this.#parties().flatMap((each) => empty(each));
  }

  #parties(): readonly Party<T>[] {
    return [this.#open, ...this.#apart];
  }

  #waiting(owner: string): Rider<T> | undefined {
    for (const each of this.#parties()) {
      const found = each.riders.get(owner);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #seat(rider: Rider<T>): void {
    if (this.#loners.has(rider.owner)) this.#apart = [...this.#apart, party([rider])];
    else this.#open.riders.set(rider.owner, rider);
  }

  #parked(rider: Rider<T>): boolean {
    if (rider.heldFor !== undefined && this.#underRepair.has(rider.heldFor.toLowerCase())) return true;
    for (const id of this.#underRepair) if (mentions(rider.edit, id)) return true;
    return false;
  }

  #returning(riders: readonly Rider<T>[]): readonly Rider<T>[] {
    for (const rider of riders) this.#waiting(rider.owner)?.absorb(rider);
    return riders.filter((rider) => rider.wanted);
  }

  #remember(loner: string): void {
    this.#loners.add(loner);
    const newer = this.#open.riders.get(loner);
    if (newer === undefined) return;
    this.take(this.#open, [newer]);
    this.#seat(newer);
  }

  #narrow(each: Party<T>, refusal: ContentRefusal, sibling: Party<T> | undefined): readonly Rejected<T>[] {
    const riders = empty(each);
    const shared = sibling?.refusal !== undefined && alike(refusal, sibling.refusal); // the sibling is judged for itself
    if (shared || riders.length === 1) return [{ riders, error: refusal.error }];
    const [left, right] = divide(riders.toSorted(inFoldOrder<T>), refusal.culprit);
    const first: Party<T> = party<T>(left, () => second);
    const second: Party<T> = party<T>(right, () => first);
    this.#apart = this.#apart.flatMap((other) => (other === each ? [first, second] : [other]));
    return [];
  }
}

function party<T>(riders: readonly Rider<T>[], sibling: () => Party<T> | undefined = () => undefined): Party<T> {
  return { riders: new Map(riders.map((rider) => [rider.owner, rider])), sibling, refusal: undefined };
}

function hasWanted<T>({ riders }: Party<T>): boolean {
  return riders.values().some((rider) => rider.wanted);
}

/** Takes everybody out. */
function empty<T>({ riders }: Party<T>): readonly Rider<T>[] {
  const all = [...riders.values()];
  riders.clear();
  return all;
}
