import { type ArmError, networkError } from "../arm-error.ts";
import { propertyChanged, zonesChanged } from "../immutable.ts";
import { type JsonObject, objectAt, propertiesOf, referencesAt, textsAt, wordAt } from "../json.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import { choice, integer, list, reference, steadyGroup } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";
import { addressesIn, blockOf } from "./public-ip-prefixes.ts";

const ADDRESSES = list(reference("Microsoft.Network/publicIPAddresses"));
const PREFIXES = list(reference("Microsoft.Network/publicIPPrefixes"));

/** The ways out of subnets: a subnet names its gateway, the gateway its public addresses. */
export const natGateways: ResourceType = {
  name: "Microsoft.Network/natGateways",
  ...NETWORK_HABITS,
  envelope: { sku: steadyGroup({ name: choice(["Standard", "StandardV2"], "Standard") }) },
  shape: {
    idleTimeoutInMinutes: integer(4, 120, 4),
    publicIpAddresses: ADDRESSES,
    publicIpAddressesV6: ADDRESSES,
    publicIpPrefixes: PREFIXES,
    publicIpPrefixesV6: PREFIXES,
    sourceVirtualNetwork: reference("Microsoft.Network/virtualNetworks"),
  },
  computed: ["subnets"],
  backReferences: [{ by: "natGateway", member: "subnets", shape: "many" }],
  operationNoun: "NatGateway",
  timing: {
    put: timing(seconds(0.5, 0.8), seconds(2, 10), { first: 1, poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(3, 10), { first: 10, poll: 10 }),
  },
  validate: (draft, world) => {
    const problem = frozen(draft) ?? badAddresses(draft, world) ?? tooMany(draft, world);
    if (problem !== undefined) throw problem;
  },
  blocked: ({ id }, world) => {
    const users = world.inboundOrPending(id.key).map(({ from }) => from);
    if (users.length === 0) return undefined;
    const message = `NAT gateway ${id.text} cannot be deleted because it is in use by ${users.join(", ")}.`;
    return networkError("InUseNatGatewayCannotBeDeleted", message);
  },
};

function skuOf(document: JsonObject): string {
  return wordAt(objectAt(document, "sku"), "name");
}

/** SKU and zones stay for life; a gateway of SKU Standard is in one zone at most. */
function frozen({ id, document, previous }: Draft): ArmError | undefined {
  if (skuOf(document) === "Standard" && textsAt(document, "zones").length > 1) {
    const message = `NAT gateway ${id.text} has more than one availability zone.`;
    return networkError("ResourceCannotHaveMultipleZonesSpecified", message);
  }
  if (previous === undefined) return undefined;
  const [before, after] = [skuOf(previous.shown), skuOf(document)];
  if (before !== after) return propertyChanged(id, "sku.name", [before, after]);
  return zonesChanged(id.text, previous.shown, document);
}

/** Members that refer to addresses, and which version of addresses that is. */
const SOURCES: Readonly<Record<string, string>> = {
  publicIpAddresses: "IPv4",
  publicIpAddressesV6: "IPv6",
  publicIpPrefixes: "IPv4",
  publicIpPrefixesV6: "IPv6",
};

/** Only static addresses of the gateway's own SKU, which nothing else uses. ARM's codes for it are unconfirmed. */
function badAddresses(draft: Draft, world: Store): ArmError | undefined {
  const { id, document } = draft;
  for (const [member, version] of Object.entries(SOURCES)) {
    for (const address of referencesAt(propertiesOf(document), member)) {
      const problem = badAddress({ id: id.text, address, version, sku: skuOf(document) }, world);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

interface Use {
  /** The gateway's. */
  readonly id: string;
  readonly address: string;
  readonly version: string;
  readonly sku: string;
}

function badAddress({ id, address, version, sku }: Use, world: Store): ArmError | undefined {
  const target = world.get(address.toLowerCase());
  if (target === undefined) return undefined;
  const own = skuOf(target.shown);
  if (own !== sku) {
    const message = `${sku} sku NAT gateway ${id} cannot reference ${own} sku public IP ${address}.`;
    return networkError("PublicIPAndNatGatewaySkuDoNotMatch", message);
  }
  if (wordAt(propertiesOf(target.shown), "publicIPAddressVersion") !== version) {
    const message = `NAT gateway ${id} references ${address} as an address of version ${version}, which it is not.`;
    return networkError("NatGatewayPublicIPVersionMismatch", message);
  }
  const other = world
    .inbound(target.id.key)
    .find(({ from, field }) => from.toLowerCase() !== id.toLowerCase() && field !== "publicIPPrefix");
  if (other === undefined) return undefined;
  const message = `Resource ${id} is referencing public IP address ${address} that is already allocated to resource ${other.from}.`;
  return networkError("PublicIPAddressInUse", message);
}

/** The most addresses of one version that a gateway sends from. */
const MOST_ADDRESSES = 16;

function tooMany({ id, document }: Draft, world: Store): ArmError | undefined {
  const counts = new Map<string, number>();
  for (const [member, version] of Object.entries(SOURCES)) {
    for (const address of referencesAt(propertiesOf(document), member)) {
      const target = world.get(address.toLowerCase());
      const block = target && blockOf(target);
      counts.set(version, (counts.get(version) ?? 0) + (block === undefined ? 1 : addressesIn(block).length));
    }
  }
  const most = Math.max(0, ...counts.values());
  if (most <= MOST_ADDRESSES) return undefined;
  const message = `NAT gateway ${id.text} has ${most} public IP addresses. It can have ${MOST_ADDRESSES} at most.`;
  return networkError("NatGatewayPublicIPCountLimitReached", message);
}

/** Why a subnet cannot have a gateway: what is of SKU Basic in it. @param subnetId - as it is printed. */
export function basicBesideGateway(subnetId: string, world: Store): ArmError | undefined {
  const isBasic = world.inbound(subnetId.toLowerCase()).some(({ from }) => {
    const holder = world.owner(from.toLowerCase());
    if (holder === undefined) return false;
    if (skuOf(holder.shown) === "Basic") return true;
    const addresses = world
      .linksIn(holder, holder.shown)
      .filter((link) => link.from === from && link.field === "publicIPAddress");
    return addresses.some(({ toKey }) => skuOf(world.get(toKey)?.shown ?? {}) === "Basic");
  });
  if (!isBasic) return undefined;
  const message =
    "NAT Gateway cannot be deployed on subnet containing Basic SKU Public IP addresses or Basic SKU Load Balancer.";
  return networkError("SubnetWithNatGatewayAndBasicSkuResourceNotAllowed", message);
}
