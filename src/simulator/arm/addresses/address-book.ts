import { type Cidr, ipNumber, ipText } from "./cidr.ts";

interface Lease {
  readonly subnetKey: string;
  readonly address: string;
}

/** A private address and the IP configuration that has it. */
export interface OwnedAddress extends Lease {
  /** Id of the IP configuration. */
  readonly owner: string;
}

/** Who has which private address in which subnet. */
export class AddressBook {
  readonly #owners = new Map<string, Map<string, string>>();
  readonly #leases = new Map<string, Lease>();

  /** Gives `address` to the IP configuration `owner`, which loses the one it had. */
  lease(subnetKey: string, address: string, owner: string): void {
    this.release(owner);
    const owners = this.#owners.get(subnetKey) ?? new Map<string, string>();
    owners.set(address, owner);
    this.#owners.set(subnetKey, owners);
    this.#leases.set(owner.toLowerCase(), { subnetKey, address });
  }

  /** Frees what `owner` has. */
  release(owner: string): void {
    const lease = this.#leases.get(owner.toLowerCase());
    if (lease === undefined) return;
    this.#leases.delete(owner.toLowerCase());
    this.#owners.get(lease.subnetKey)?.delete(lease.address);
  }

  /** Everything that is given out, sorted by subnet and address. */
  all(): readonly OwnedAddress[] {
    const all = [...this.#owners].flatMap(([subnetKey, owners]) =>
      [...owners].map(([address, owner]) => ({ subnetKey, address, owner })),
    );
    return all.toSorted((a, b) => (`${a.subnetKey} ${a.address}` < `${b.subnetKey} ${b.address}` ? -1 : 1));
  }

  /** Forgets everything, and gives out these addresses. */
  reset(addresses: readonly OwnedAddress[]): void {
    this.#owners.clear();
    this.#leases.clear();
    for (const { subnetKey, address, owner } of addresses) this.lease(subnetKey, address, owner);
  }

  /** The address that `owner` has in the subnet. */
  addressOf(owner: string, subnetKey?: string): string | undefined {
    const lease = this.#leases.get(owner.toLowerCase());
    return subnetKey === undefined || lease?.subnetKey === subnetKey ? lease?.address : undefined;
  }

  /** Id of the IP configuration that has `address`. */
  ownerOf(subnetKey: string, address: string): string | undefined {
    return this.#owners.get(subnetKey)?.get(address);
  }

  /** Everything given out in the subnet: address to owner. */
  inSubnet(subnetKey: string): ReadonlyMap<string, string> {
    return this.#owners.get(subnetKey) ?? new Map<string, string>();
  }

  /** The lowest free address of the subnet that is not in `taken`; Azure keeps the first four and, in IPv4, the last. */
  lowestFree(subnetKey: string, prefix: Cidr, taken: ReadonlySet<string> = new Set()): string | undefined {
    const owners = this.inSubnet(subnetKey);
    const end = prefix.version === 4 ? prefix.last : prefix.last + 1n;
    for (let number = prefix.first + 4n; number < end; number++) {
      const address = ipText(prefix.version, number);
      if (!owners.has(address) && !taken.has(address)) return address;
    }
    return undefined;
  }
}

/** Whether Azure keeps `address` of the subnet for itself. */
export function isReserved(prefix: Cidr, address: string): boolean {
  const number = ipNumber(address);
  if (number === undefined) return false;
  return number < prefix.first + 4n || (prefix.version === 4 && number === prefix.last);
}
