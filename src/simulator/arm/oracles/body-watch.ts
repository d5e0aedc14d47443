import type { JsonObject } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import type { WriteEvent } from "../write-events.ts";
import { type Facts, factsOf, type Holder } from "./facts.ts";
import { foreignChanges } from "./foreign.ts";
import { exceededLimits, type Limits } from "./limits.ts";
import { lostUnknown, type UnknownMembers, unknownMembersOf } from "./unknown-members.ts";
import type { Finding } from "./violation.ts";

/** Whether somebody may write a thing: a resource, a child, an element of a list. */
export type Owned = (holder: Holder) => boolean;

/** A body as it was when it was looked at last. */
interface Seen {
  readonly id: string;
  readonly shown: JsonObject;
  readonly facts: Facts;
  readonly unknown: UnknownMembers;
}

/** What a body watch goes by. */
export interface BodyWatchOptions {
  /** Default: what was not there when the watch began, or was made by somebody else since. */
  readonly owned: Owned | undefined;
  readonly limits: Limits;
}

/** Watches the bodies that ARM shows: foreign things, unknown members, limits. */
export class BodyWatch {
  readonly #store: Store;
  readonly #options: BodyWatchOptions;
  readonly #seen = new Map<string, Seen>();
  /** Keys of what somebody else has made; used without an ownership rule. */
  readonly #foreign = new Set<string>();
  /** Keys of resources and children whose deletion was asked for, and reported. */
  readonly #told = new Set<string>();

  constructor(store: Store, options: BodyWatchOptions) {
    this.#store = store;
    this.#options = options;
    this.rebase();
  }

  /** Takes everything as it is now for right: somebody else has written it. */
  rebase(): void {
    for (const key of this.#seen.keys()) if (this.#store.get(key) === undefined) this.#seen.delete(key);
    for (const record of this.#store.all()) {
      const before = this.#seen.get(record.id.key);
      if (before?.shown === record.shown) continue;
      const seen = see(record);
      this.#seen.set(record.id.key, seen);
      for (const key of seen.facts.holders.keys()) if (before?.facts.holders.has(key) !== true) this.#foreign.add(key);
    }
  }

  /** What is wrong with the bodies that have changed since the last look. */
  look(event: WriteEvent): readonly Finding[] {
    const asked = this.#deletionOfForeign(event);
    const changed = [...this.#store.all()].filter(({ id, shown }) => this.#seen.get(id.key)?.shown !== shown);
    const gone = [...this.#seen].filter(([key]) => this.#store.get(key) === undefined);
    const findings = [
      ...changed.flatMap((record) => this.#step(record)),
      ...gone.flatMap(([, { facts }]) => foreignChanges({ before: facts, after: undefined }, this.#isForeign)),
    ];
    for (const [key] of gone) this.#seen.delete(key);
    return [...asked, ...findings.filter((finding) => !this.#told.has(finding.resource.toLowerCase()))];
  }

  #step(record: ResourceRecord): readonly Finding[] {
    const { id, type, shown } = record;
    const before = this.#seen.get(id.key);
    const after = see(record);
    this.#seen.set(id.key, after);
    return [
      ...foreignChanges({ before: before?.facts, after: after.facts }, this.#isForeign),
      ...(before === undefined ? [] : lostUnknown(before.unknown, after.unknown)),
      ...exceededLimits(id.text, type.name, shown, this.#options.limits),
    ];
  }

  /** A deletion counts when it is accepted, even if it fails later. */
  #deletionOfForeign({ method, moment, id }: WriteEvent): readonly Finding[] {
    const key = id.toLowerCase();
    if (method !== "DELETE" || moment !== "accepted") return [];
    const holder = [...this.#seen.values()].flatMap(({ facts }) => facts.holders.get(key) ?? [])[0];
    if (holder === undefined || !this.#isForeign(holder)) return [];
    this.#told.add(key);
    return [{ oracle: "foreign", resource: holder.id, message: "what somebody else owns is to be deleted" }];
  }

  readonly #isForeign = (holder: Holder): boolean =>
    this.#options.owned === undefined ? this.#foreign.has(holder.id.toLowerCase()) : !this.#options.owned(holder);
}

function see({ id, type, shown }: ResourceRecord): Seen {
  return { id: id.text, shown, facts: factsOf(id.text, shown), unknown: unknownMembersOf(id.text, type, shown) };
}
