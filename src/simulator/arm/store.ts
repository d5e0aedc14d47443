import type { Clock } from "../../base/clock.ts";
import { AddressBook, type OwnedAddress } from "./addresses/address-book.ts";
import type { ArmId } from "./arm-id.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Derive } from "./derive.ts";
import { type JsonObject, propertiesOf } from "./json.ts";
import { leasesIn } from "./leases.ts";
import type { Quotas } from "./limits/documented-quotas.ts";
import { type Link, linksOf } from "./links.ts";
import { type RecordStart, ResourceRecord } from "./record.ts";
import type { ResourceType } from "./resource-type.ts";

/** What a store is made with. */
export interface StoreOptions {
  readonly derive: Derive;
  readonly clock: Clock;
  readonly behaviour: Behaviour;
  /** How many of each kind there may be now; undefined without an end. */
  readonly quotas: () => Quotas | undefined;
}

/** What a store remembers beside its resources. */
export interface StoreMemory {
  /** How many resources had an id before, by id in lower case. */
  readonly generations: ReadonlyMap<string, number>;
  /** Public addresses in use, by the id, in lower case, of who has them. */
  readonly publicAddresses: ReadonlyMap<string, string>;
  readonly privateAddresses: readonly OwnedAddress[];
}

/** Every resource, and who refers to whom. */
export class Store {
  readonly derive: Derive;
  readonly clock: Clock;
  readonly behaviour: Behaviour;
  /** How many of each kind there may be now; undefined without an end. */
  readonly quotas: () => Quotas | undefined;
  readonly addresses = new AddressBook();
  /** Public addresses in use, and whose they are, by key; and the other way round. */
  readonly #publicAddresses = new Map<string, string>();
  readonly #publicOwners = new Map<string, string>();
  readonly #byType = new Map<string, Map<string, ResourceRecord>>();
  readonly #records = new Map<string, ResourceRecord>();
  readonly #inbound = new Map<string, Map<string, Link>>();
  readonly #pending = new Map<string, Map<string, Link>>();
  readonly #generations = new Map<string, number>();
  readonly #sorted = new Map<string, readonly ResourceRecord[]>();

  /** Told of each resource that came, changed or went. */
  changed: (record: ResourceRecord) => void = () => {};

  constructor({ derive, clock, behaviour, quotas }: StoreOptions) {
    this.derive = derive;
    this.clock = clock;
    this.behaviour = behaviour;
    this.quotas = quotas;
  }

  /** The resource with this id, in lower case. */
  get(key: string): ResourceRecord | undefined {
    return this.#records.get(key);
  }

  /** The resource with this id, or that the child with this id belongs to. Lower case. */
  owner(key: string): ResourceRecord | undefined {
    for (let end = key.length; end > 0; ) {
      const record = this.#records.get(key.slice(0, end));
      if (record !== undefined) return record;
      end = key.lastIndexOf("/", key.lastIndexOf("/", end - 1) - 1);
    }
    return undefined;
  }

  /** All resources of a type, sorted by id. */
  ofType(name: string): readonly ResourceRecord[] {
    const type = name.toLowerCase();
    const known = this.#sorted.get(type);
    if (known !== undefined) return known;
    const records = [...(this.#byType.get(type)?.values() ?? [])];
    const sorted = records.toSorted((a, b) => (a.id.key < b.id.key ? -1 : 1));
    this.#sorted.set(type, sorted);
    return sorted;
  }

  /** Every resource, in the order of creation. */
  all(): Iterable<ResourceRecord> {
    return this.#records.values();
  }

  /** References that count, to the resource or child with this id in lower case; sorted by holder. */
  inbound(key: string): readonly Link[] {
    return sortedLinks(this.#inbound.get(key));
  }

  /** {@link inbound}, and those that running operations will add. */
  inboundOrPending(key: string): readonly Link[] {
    return sortedLinks(new Map([...(this.#inbound.get(key) ?? []), ...(this.#pending.get(key) ?? [])]));
  }

  /** Gives a public address to a resource, unless another one has it. Returns whether it is the resource's now. */
  claimPublicAddress(address: string, key: string): boolean {
    const owner = this.#publicAddresses.get(address);
    if (owner !== undefined) return owner === key;
    this.#publicAddresses.set(address, key);
    this.#publicOwners.set(key, address);
    return true;
  }

  /** Frees the public address of a resource that has gone. */
  releasePublicAddress(key: string): void {
    this.#publicAddresses.delete(this.#publicOwners.get(key) ?? "");
    this.#publicOwners.delete(key);
  }

  /** The public address that was given to the resource with this id, in lower case. */
  publicAddressOf(key: string): string | undefined {
    return this.#publicOwners.get(key);
  }

  /** A new resource, not yet in the store. */
  create(id: ArmId, type: ResourceType): ResourceRecord {
    const generation = this.#generations.get(id.key) ?? 0;
    return this.revive({ id, type, generation, createdMs: this.clock.now() });
  }

  /** A resource that was there before, not yet in the store. */
  revive(start: RecordStart): ResourceRecord {
    const record = new ResourceRecord(start);
    record.changed = () => this.changed(record);
    return record;
  }

  /** What must be remembered beside the resources: see {@link reset}. */
  memory(): StoreMemory {
    return {
      generations: new Map(this.#generations),
      publicAddresses: new Map(this.#publicOwners),
      privateAddresses: this.addresses.all(),
    };
  }

  /** Forgets every resource and takes over what another store remembered. No resource hears of it. */
  reset({ generations, publicAddresses, privateAddresses }: StoreMemory): void {
    const gone = [...this.#records.values()];
    const indexes = [this.#byType, this.#records, this.#inbound, this.#pending, this.#sorted];
    for (const index of [...indexes, this.#generations, this.#publicAddresses, this.#publicOwners]) index.clear();
    this.addresses.reset(privateAddresses);
    for (const [key, generation] of generations) this.#generations.set(key, generation);
    for (const [key, address] of publicAddresses) this.claimPublicAddress(address, key);
    for (const record of gone) this.changed(record);
  }

  insert(record: ResourceRecord): void {
    const type = record.type.name.toLowerCase();
    const records = this.#byType.get(type) ?? new Map<string, ResourceRecord>();
    records.set(record.id.key, record);
    this.#byType.set(type, records);
    this.#records.set(record.id.key, record);
    this.#sorted.delete(type);
    this.changed(record);
  }

  /** Takes a resource out, with its references and addresses. */
  remove(record: ResourceRecord): void {
    const type = record.type.name.toLowerCase();
    this.#relink(record, [], []);
    this.#release(record);
    this.releasePublicAddress(record.id.key);
    this.#records.delete(record.id.key);
    this.#byType.get(type)?.delete(record.id.key);
    this.#sorted.delete(type);
    this.#generations.set(record.id.key, record.generation + 1);
    record.type.released?.(record, this);
    this.changed(record);
  }

  /** Prints anew whatever the record refers to: it shows something of the record. */
  touchTargets({ links }: ResourceRecord): void {
    for (const { toKey } of links) this.owner(toKey)?.touch();
  }

  /** Brings references and addresses in line with the record's documents. Call it after each change of them. */
  index(record: ResourceRecord): void {
    const shown = this.linksIn(record, record.shown);
    if (record.type.linksAt === "accept") this.#relink(record, shown, []);
    else this.#relink(record, record.effect === undefined ? [] : this.linksIn(record, record.effect), shown);
    this.#release(record);
    record.leased = record.shown;
    for (const { owner, subnetKey, address } of leasesIn(record.type.shape, record.shown, record.id.text)) {
      this.addresses.lease(subnetKey, address, owner);
    }
  }

  /** References of `document` that leave the resource. */
  linksIn({ id, type }: Pick<ResourceRecord, "id" | "type">, document: JsonObject): readonly Link[] {
    const links = type.links?.(id, document) ?? linksOf(type.shape, propertiesOf(document), id.text);
    return links.filter(({ toKey }) => !toKey.startsWith(`${id.key}/`));
  }

  #relink(record: ResourceRecord, links: readonly Link[], pending: readonly Link[]): void {
    const before = keyed(record.links);
    const after = keyed(links);
    const gone = [...before].filter(([key]) => !after.has(key));
    const come = [...after].filter(([key]) => !before.has(key));
    for (const [key, link] of gone) drop(this.#inbound, link, key);
    for (const [key, link] of come) add(this.#inbound, link, key);
    for (const [key, link] of keyed(record.pendingLinks)) drop(this.#pending, link, key);
    for (const [key, link] of keyed(pending)) add(this.#pending, link, key);
    record.links = links;
    record.pendingLinks = pending;
    this.#bumpTargets([...gone, ...come].map(([, link]) => link));
  }

  #release(record: ResourceRecord): void {
    for (const { owner } of leasesIn(record.type.shape, record.leased, record.id.text)) this.addresses.release(owner);
  }

  /** A back-reference is part of the resource that shows it, so its etag changes: once for each write. */
  #bumpTargets(links: readonly Link[]): void {
    const bumped = new Set<ResourceRecord>();
    for (const { field, toKey } of links) {
      const record = this.owner(toKey);
      if (record === undefined || bumped.has(record)) continue;
      bumped.add(record);
      const silent =
        record.type.provider === "compute" || (field === MEMBERSHIP && !this.behaviour.membershipChangesEtag);
      if (silent) record.touch();
      else record.bump();
    }
  }
}

/** The member by which an IP configuration joins a pool. */
const MEMBERSHIP = "loadBalancerBackendAddressPools";

function keyed(links: readonly Link[]): ReadonlyMap<string, Link> {
  return new Map(links.map((link) => [`${link.from.toLowerCase()} ${link.field} ${link.toKey}`, link]));
}

function sortedLinks(links: ReadonlyMap<string, Link> | undefined): readonly Link[] {
  if (links === undefined) return [];
  return [...links].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
}

function add(index: Map<string, Map<string, Link>>, link: Link, key: string): void {
  const links = index.get(link.toKey) ?? new Map<string, Link>();
  links.set(key, link);
  index.set(link.toKey, links);
}

function drop(index: Map<string, Map<string, Link>>, link: Link, key: string): void {
  const links = index.get(link.toKey);
  links?.delete(key);
  if (links?.size === 0) index.delete(link.toKey);
}
