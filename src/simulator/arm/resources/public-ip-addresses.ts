import { ipNumber, ipText } from "../addresses/cidr.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import type { ArmId } from "../arm-id.ts";
import { propertyChanged, zonesChanged } from "../immutable.ts";
import { type JsonObject, objectAt, propertiesOf, referenceAt, textAt, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType, View } from "../resource-type.ts";
import { anything, choice, group, integer, reference, steadyGroup, steadyList, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";
import { addressesIn, blockOf } from "./public-ip-prefixes.ts";

/** Public addresses: static ones get their address at the end of the first PUT, dynamic ones while something uses them. */
export const publicIPAddresses: ResourceType = {
  name: "Microsoft.Network/publicIPAddresses",
  ...NETWORK_HABITS,
  envelope: {
    sku: steadyGroup({
      name: choice(["Basic", "Standard", "StandardV2"], "Basic"),
      tier: choice(["Regional", "Global"], "Regional"),
    }),
    extendedLocation: anything(),
  },
  shape: {
    publicIPAddressVersion: choice(["IPv4", "IPv6"], "IPv4"),
    publicIPAllocationMethod: choice(["Static", "Dynamic"], "Dynamic"),
    idleTimeoutInMinutes: integer(4, 30, 4),
    dnsSettings: group({ domainNameLabel: text(), reverseFqdn: text(), domainNameLabelScope: text() }),
    publicIPPrefix: reference("Microsoft.Network/publicIPPrefixes"),
    ipTags: steadyList(anything()),
    ddosSettings: steadyGroup({ protectionMode: text("VirtualNetworkInherited"), ddosProtectionPlan: anything() }),
    deleteOption: choice(["Delete", "Detach"]),
  },
  computed: ["ipAddress", "ipConfiguration", "natGateway"],
  backReferences: [
    { by: "publicIPAddress", member: "ipConfiguration", shape: "one" },
    { by: "publicIpAddresses", member: "natGateway", shape: "one" },
    { by: "publicIpAddressesV6", member: "natGateway", shape: "one" },
  ],
  operationNoun: "PublicIpAddress",
  timing: {
    put: timing(seconds(0.5, 0.8), seconds(2, 5), { first: 1, poll: 2 }),
    delete: timing(seconds(0.4, 0.7), seconds(5, 15), { first: 10, poll: 10 }),
  },
  validate: (draft, world) => {
    const problem = frozen(draft, world) ?? badAllocation(draft) ?? badPrefix(draft, world) ?? badLabel(draft, world);
    if (problem !== undefined) throw problem;
  },
  finish: (record, world) =>
    isStatic(record.shown) ? { ipAddress: record.computed["ipAddress"] ?? freeAddress(record, world) } : {},
  view,
  blocked: ({ id }, world) => {
    const [user] = world.inboundOrPending(id.key);
    return user === undefined ? undefined : cannotBeDeleted(id.text, user.from);
  },
};

function view(record: ResourceRecord, world: Store): View {
  const { id, shown, location } = record;
  const [user] = world.inbound(id.key);
  const dnsSettings = objectAt(propertiesOf(shown), "dnsSettings");
  const label = textAt(dnsSettings, "domainNameLabel");
  return {
    own: {
      ...(!isStatic(shown) && user !== undefined && { ipAddress: freeAddress(record, world) }),
      ...(label !== undefined && { dnsSettings: { ...dnsSettings, fqdn: fqdn(label, location) } }),
    },
  };
}

function isStatic(document: JsonObject): boolean {
  return textAt(propertiesOf(document), "publicIPAllocationMethod") === "Static";
}

/** First octets of the public IPv4 addresses that are given out. */
const PUBLIC_BLOCKS: readonly number[] = [4, 20, 40, 52];

/** An address that follows from the id; where two ids meet, the later one takes the next draw. */
function freeAddress(record: ResourceRecord, world: Store): string {
  const { id, generation, shown } = record;
  const reserved = addressOfPrefix(record, world);
  if (reserved !== undefined) return reserved;
  return drawAddress(id.key, generation, textAt(propertiesOf(shown), "publicIPAddressVersion") ?? "IPv4", world);
}

/** The public address of whatever has `key` for id in lower case; the same one each time. */
export function drawAddress(key: string, generation: number, version: string, world: Store): string {
  for (let draw = 0; ; draw++) {
    const digits = world.derive.hex("address", key, generation, draw);
    const address = version === "IPv6" ? addressV6(digits) : addressV4(digits);
    if (world.claimPublicAddress(address, key)) return address;
  }
}

/** The lowest free address of the prefix that the address is taken from, if it is. */
function addressOfPrefix({ id, shown }: ResourceRecord, world: Store): string | undefined {
  const prefix = world.get(referenceAt(propertiesOf(shown), "publicIPPrefix")?.toLowerCase() ?? "");
  const block = prefix && blockOf(prefix);
  return block && addressesIn(block).find((address) => world.claimPublicAddress(address, id.key));
}

function addressV4(digits: string): string {
  const number = Number.parseInt(digits.slice(0, 8), 16);
  const block = PUBLIC_BLOCKS[number % PUBLIC_BLOCKS.length] ?? 20;
  const octets = [0, 2, 4].map((at) => Number.parseInt(digits.slice(8 + at, 10 + at), 16));
  return `${block}.${octets[0] ?? 0}.${octets[1] ?? 0}.${1 + ((octets[2] ?? 0) % 254)}`;
}

function addressV6(digits: string): string {
  return ipText(6, (ipNumber("2603:1000::") ?? 0n) + BigInt(`0x${digits.slice(0, 16)}`));
}

function fqdn(label: string, location: string): string {
  return `${label.toLowerCase()}.${location}.cloudapp.azure.com`;
}

/** Zones and IP version stay for life; a SKU only goes from Basic to Standard, unattached. */
function frozen({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  if (previous === undefined) return undefined;
  const versions = both(propertiesOf(previous.shown), propertiesOf(document), "publicIPAddressVersion");
  const skus = both(objectAt(previous.shown, "sku"), objectAt(document, "sku"), "name");
  const upgrade = skus.join(" to ") === "Basic to Standard" && world.inbound(id.key).length === 0;
  return (
    zonesChanged(id.text, previous.shown, document) ??
    (versions[0] === versions[1] ? undefined : propertyChanged(id, "publicIPAddressVersion", versions)) ??
    (skus[0] === skus[1] || upgrade ? undefined : propertyChanged(id, "sku.name", skus))
  );
}

function both(before: JsonObject, after: JsonObject, key: string): readonly [string, string] {
  return [wordAt(before, key), wordAt(after, key)];
}

/** The prefix of an address is chosen when it is made, has its version and SKU, and a free address. */
function badPrefix({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  const asked = referenceAt(propertiesOf(document), "publicIPPrefix");
  if (previous !== undefined) return movedPrefix(id, previous, asked);
  const prefix = world.get(asked?.toLowerCase() ?? "");
  if (prefix === undefined) return undefined;
  const [wanted, given] = [kindOf(prefix.shown), kindOf(document)];
  if (wanted === given) return exhausted(prefix, world);
  const message = `Public IP address ${id.text} is ${given}, but public IP prefix ${prefix.id.text} is ${wanted}.`;
  return networkError("PublicIPAddressAndPublicIPPrefixDoNotMatch", message);
}

function movedPrefix(id: ArmId, { shown }: ResourceRecord, asked: string | undefined): ArmError | undefined {
  const before = referenceAt(propertiesOf(shown), "publicIPPrefix");
  if (before?.toLowerCase() === asked?.toLowerCase()) return undefined;
  return propertyChanged(id, "publicIPPrefix", [before ?? null, asked ?? null]);
}

function exhausted(prefix: ResourceRecord, world: Store): ArmError | undefined {
  const block = blockOf(prefix);
  const used = world.inbound(prefix.id.key).filter(({ field }) => field === "publicIPPrefix").length;
  if (block === undefined || used < addressesIn(block).length) return undefined;
  const message = `Public IP prefix ${prefix.id.text} does not have enough free IP addresses.`;
  return networkError("PublicIpPrefixOutOfIpAddresses", message);
}

/** Version and SKU, which an address shares with its prefix. */
function kindOf(document: JsonObject): string {
  return `${wordAt(propertiesOf(document), "publicIPAddressVersion")} ${wordAt(objectAt(document, "sku"), "name")}`;
}

function badAllocation({ id, document }: Draft): ArmError | undefined {
  const sku = textAt(objectAt(document, "sku"), "name");
  if (sku === "Basic" || isStatic(document)) return undefined;
  const message = `Standard sku publicIp ${id.text} must have AllocationMethod set to Static.`;
  return networkError("StandardSkuPublicIPAddressesMustBeStatic", message);
}

function badLabel({ id, document }: Draft, world: Store): ArmError | undefined {
  const label = labelOf(document);
  if (label === undefined) return undefined;
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label)) {
    const message = `The domain name label ${label} is invalid. It must conform to the following regular expression: ^[a-z][a-z0-9-]{1,61}[a-z0-9]$.`;
    return networkError("InvalidDomainNameLabel", message);
  }
  const location = wordAt(document, "location");
  const others = world.ofType("Microsoft.Network/publicIPAddresses").filter((other) => other.id.key !== id.key);
  if (!others.some((other) => other.location === location && labelOf(other.shown) === label)) return undefined;
  return networkError("DnsRecordInUse", `DNS record ${fqdn(label, location)} is already used by another public IP.`);
}

function labelOf(document: JsonObject): string | undefined {
  return textAt(objectAt(propertiesOf(document), "dnsSettings"), "domainNameLabel");
}

/** The two blanks after the full stop are ARM's. */
function cannotBeDeleted(id: string, user: string): ArmError {
  const message = `Public IP address ${id} can not be deleted since it is still allocated to resource ${user}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`;
  return networkError("PublicIPAddressCannotBeDeleted", message);
}
