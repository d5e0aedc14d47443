import { type Cidr, ipNumber, ipText, overlaps, parseCidr } from "../addresses/cidr.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import { propertyChanged, zonesChanged } from "../immutable.ts";
import { type Json, type JsonObject, numberAt, objectAt, propertiesOf, textAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import { anything, choice, integer, reference, steadyGroup, steadyList, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";

/** Lengths that a prefix can have, by IP version. */
const LENGTHS = { IPv4: [28, 31], IPv6: [124, 127] } as const;

/** Blocks of public addresses: the block is known when the first operation has ended. */
export const publicIPPrefixes: ResourceType = {
  name: "Microsoft.Network/publicIPPrefixes",
  ...NETWORK_HABITS,
  envelope: {
    sku: steadyGroup({
      name: choice(["Standard", "StandardV2"], "Standard"),
      tier: choice(["Regional", "Global"], "Regional"),
    }),
    extendedLocation: anything(),
  },
  shape: {
    prefixLength: integer(0, 128),
    publicIPAddressVersion: choice(["IPv4", "IPv6"], "IPv4"),
    ipTags: steadyList(anything()),
    customIPPrefix: reference("Microsoft.Network/customIPPrefixes"),
    domainNameLabelScope: text(),
  },
  computed: ["ipPrefix", "publicIPAddresses", "loadBalancerFrontendIpConfiguration", "natGateway"],
  backReferences: [
    { by: "publicIPPrefix", member: "publicIPAddresses", shape: "many", holders: /\/publicIPAddresses\// },
    {
      by: "publicIPPrefix",
      member: "loadBalancerFrontendIpConfiguration",
      shape: "one",
      holders: /\/frontendIPConfigurations\//,
    },
    { by: "publicIpPrefixes", member: "natGateway", shape: "one" },
    { by: "publicIpPrefixesV6", member: "natGateway", shape: "one" },
  ],
  operationNoun: "PublicIpPrefix",
  timing: {
    put: timing(seconds(0.5, 0.8), seconds(2, 5), { first: 1, poll: 2 }),
    delete: timing(seconds(0.4, 0.7), seconds(5, 15), { first: 10, poll: 10 }),
  },
  prepare: ({ document }) => withLength(document),
  validate: (draft) => {
    const problem = badLength(draft) ?? frozen(draft);
    if (problem !== undefined) throw problem;
  },
  finish: (record, world) => ({ ipPrefix: record.computed["ipPrefix"] ?? freeBlock(record, world) }),
  blocked: ({ id }, world) => {
    const [user] = world.inboundOrPending(id.key);
    if (user === undefined) return undefined;
    const message = `Public IP prefix ${id.text} can not be deleted since it is still allocated to resource ${user.from}.`;
    return networkError("PublicIPPrefixCannotBeDeleted", message);
  },
};

/** The block of a prefix; `undefined` before its first operation has ended. */
export function blockOf(record: ResourceRecord): Cidr | undefined {
  const prefix = textAt(record.computed, "ipPrefix");
  return prefix === undefined ? undefined : parseCidr(prefix);
}

/** The addresses of a block, lowest first; blocks have 16 at most. */
export function addressesIn({ version, first, last }: Cidr): readonly string[] {
  return Array.from({ length: Number(last - first) + 1 }, (_, i) => ipText(version, first + BigInt(i)));
}

function versionOf(document: JsonObject): "IPv4" | "IPv6" {
  return textAt(propertiesOf(document), "publicIPAddressVersion") === "IPv6" ? "IPv6" : "IPv4";
}

function withLength(document: JsonObject): JsonObject {
  const properties = propertiesOf(document);
  const prefixLength = properties["prefixLength"] ?? LENGTHS[versionOf(document)][0];
  return { ...document, properties: { ...properties, prefixLength } };
}

function badLength({ id, document }: Draft): ArmError | undefined {
  const version = versionOf(document);
  const [min, max] = LENGTHS[version];
  const length = numberAt(propertiesOf(document), "prefixLength") ?? min;
  if (length >= min && length <= max) return undefined;
  const message = `Public IP prefix ${id.text} has prefix length ${length}. A prefix of version ${version} has a length from ${min} to ${max}.`;
  return networkError("InvalidPublicIPPrefixLength", message);
}

const FROZEN = ["prefixLength", "publicIPAddressVersion"] as const;

function frozen({ id, document, previous }: Draft): ArmError | undefined {
  if (previous === undefined) return undefined;
  for (const member of FROZEN) {
    const values = [propertiesOf(previous.shown)[member], propertiesOf(document)[member]] as [Json, Json];
    if (values[0] !== values[1]) return propertyChanged(id, member, values);
  }
  const skus = [previous.shown, document].map((holder) => textAt(objectAt(holder, "sku"), "name") ?? "");
  if (skus[0] !== skus[1]) return propertyChanged(id, "sku.name", [skus[0] ?? "", skus[1] ?? ""]);
  return zonesChanged(id.text, previous.shown, document);
}

/** A block that follows from the id, in a range that no single address is given from. */
function freeBlock({ id, generation, shown }: ResourceRecord, world: Store): string {
  const version = versionOf(shown) === "IPv6" ? 6 : 4;
  const length = numberAt(propertiesOf(shown), "prefixLength") ?? LENGTHS[versionOf(shown)][0];
  const taken = world.ofType("Microsoft.Network/publicIPPrefixes").flatMap((other) => blockOf(other) ?? []);
  for (let draw = 0; ; draw++) {
    const digits = world.derive.hex("prefix", id.key, generation, draw);
    const block = parseCidr(`${addressIn(version, digits)}/${length}`);
    if (block !== undefined && !taken.some((other) => overlaps(other, block))) return block.text;
  }
}

function addressIn(version: 4 | 6, digits: string): string {
  const number = BigInt(`0x${digits.slice(0, 8)}`);
  if (version === 4) return ipText(4, (ipNumber("172.160.0.0") ?? 0n) + (number & 0x3f_ffffn));
  return ipText(6, (ipNumber("2603:1010::") ?? 0n) + (number << 8n));
}
