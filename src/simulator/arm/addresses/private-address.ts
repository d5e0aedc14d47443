import { type ArmError, networkError } from "../arm-error.ts";
import { nameOf, parseArmId } from "../arm-id.ts";
import { type JsonObject, objectsAt, propertiesOf, referenceAt, textAt } from "../json.ts";
import { subnetPrefixes } from "../resources/subnets.ts";
import type { Store } from "../store.ts";
import { isReserved } from "./address-book.ts";
import { type Cidr, covers, ipVersion, parseCidr } from "./cidr.ts";

/** An IP configuration that needs an address in a subnet. */
export interface AddressRequest {
  /** Id of the IP configuration or frontend. */
  readonly owner: string;
  /** Its `properties`. */
  readonly properties: JsonObject;
  /** Its `properties` before this write. */
  readonly before: JsonObject | undefined;
  /** Addresses that this write has given to others. */
  readonly taken: Set<string>;
}

/**
 * The private address of an IP configuration: the static one it asks for, the dynamic one it had, or the lowest free one.
 *
 * @returns `undefined` when it has no subnet.
 * @throws ArmError when the address is not to be had.
 */
export function privateAddress(request: AddressRequest, world: Store): string | undefined {
  const { owner, properties, before, taken } = request;
  const subnetId = referenceAt(properties, "subnet");
  if (subnetId === undefined) return undefined;
  const subnetKey = subnetId.toLowerCase();
  const asked = textAt(properties, "privateIPAddress");
  if (textAt(properties, "privateIPAllocationMethod") === "Static" && asked !== undefined) {
    const problem = badStatic(asked, { ...request, owner, subnetKey }, world);
    if (problem !== undefined) throw problem;
    taken.add(`${subnetKey} ${asked}`);
    return asked;
  }
  const kept = before !== undefined && referenceAt(before, "subnet")?.toLowerCase() === subnetKey;
  const known = kept ? textAt(before, "privateIPAddress") : undefined;
  return known ?? nextFree(subnetId, textAt(properties, "privateIPAddressVersion") === "IPv6" ? 6 : 4, world, taken);
}

/** The lowest free address of a subnet, noted in `taken`. @throws ArmError SubnetIsFull */
export function nextFree(subnetId: string, version: 4 | 6, world: Store, taken: Set<string>): string {
  const subnetKey = subnetId.toLowerCase();
  const inSubnet = new Set(
    [...taken].flatMap((entry) => (entry.startsWith(`${subnetKey} `) ? [entry.slice(subnetKey.length + 1)] : [])),
  );
  const prefixes = prefixesOf(subnetKey, world).filter((prefix) => prefix.version === version);
  for (const prefix of prefixes) {
    const free = world.addresses.lowestFree(subnetKey, prefix, inSubnet);
    if (free === undefined) continue;
    taken.add(`${subnetKey} ${free}`);
    return free;
  }
  throw subnetIsFull(subnetId, prefixes, 1);
}

/** Why a subnet cannot give `count` more addresses of a version. */
export function subnetShortage(subnetId: string, version: 4 | 6, count: number, world: Store): ArmError | undefined {
  const subnetKey = subnetId.toLowerCase();
  const prefixes = prefixesOf(subnetKey, world).filter((prefix) => prefix.version === version);
  const reserved = version === 4 ? 5n : 4n;
  const room = prefixes.reduce((sum, { first, last }) => sum + (last - first + 1n) - reserved, 0n);
  const used = [...world.addresses.inSubnet(subnetKey).keys()].filter((address) => ipVersion(address) === version);
  if (room - BigInt(used.length) >= BigInt(count)) return undefined;
  return subnetIsFull(subnetId, prefixes, count);
}

function subnetIsFull(subnetId: string, prefixes: readonly Cidr[], count: number): ArmError {
  const name = subnetId.slice(subnetId.lastIndexOf("/") + 1);
  const blocks = prefixes.map(({ text }) => text).join(",");
  const message = `Subnet ${name} with address prefix ${blocks} does not have enough capacity for ${count} IP addresses.`;
  return networkError("SubnetIsFull", message);
}

/** The address blocks of a subnet; empty when there is no such subnet. */
function prefixesOf(subnetKey: string, world: Store): readonly Cidr[] {
  const id = parseArmId(subnetKey);
  const network = world.owner(subnetKey);
  if (id === undefined || network === undefined) return [];
  const name = nameOf(id);
  const subnets = objectsAt(propertiesOf(network.shown), "subnets");
  const subnet = subnets.find((candidate) => textAt(candidate, "name")?.toLowerCase() === name);
  return subnet === undefined ? [] : subnetPrefixes(subnet).flatMap((prefix) => parseCidr(prefix) ?? []);
}

function badStatic(
  address: string,
  request: AddressRequest & { subnetKey: string },
  world: Store,
): ArmError | undefined {
  const { owner, subnetKey, taken } = request;
  const prefixes = prefixesOf(subnetKey, world);
  const block = parseCidr(address);
  const home = block === undefined ? undefined : prefixes.find((prefix) => covers(prefix, block));
  if (ipVersion(address) === undefined || home === undefined) {
    const prefix = prefixes.map(({ text }) => text).join(",");
    const message = `Private static IP address ${address} does not belong to the range of subnet prefix ${prefix}.`;
    return networkError("PrivateIPAddressNotInSubnet", message);
  }
  if (isReserved(home, address)) {
    const message = `Private static IP address ${address} falls within reserved IP range of subnet prefix ${home.text}.`;
    return networkError("PrivateIPAddressInReservedRange", message);
  }
  const holder = world.addresses.ownerOf(subnetKey, address);
  const other = holder !== undefined && holder.toLowerCase() !== owner.toLowerCase() ? holder : undefined;
  if (other === undefined && !taken.has(`${subnetKey} ${address}`)) return undefined;
  const message = `IP configuration ${owner} is using the private IP address ${address} which is already allocated to resource ${other ?? "in the same request"}.`;
  return networkError("PrivateIPAddressIsAllocated", message);
}
