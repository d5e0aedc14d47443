import { type Cidr, covers, parseCidr } from "../addresses/cidr.ts";
import type { VirtualNetwork } from "./topology.ts";

/** The platform's address: probes come from it, and it counts as part of every virtual network. */
export const PLATFORM_ADDRESS = "168.63.129.16";

const PLATFORM = blocks(["168.63.129.16/32"]);

/** What is not reachable from the internet. */
const PRIVATE = blocks([
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
]);

const EVERYTHING = { 4: "0.0.0.0/0", 6: "::/0" } as const;

/** Where a packet is judged: tags mean something only there. */
export interface Standpoint {
  /** Blocks of the virtual network of whoever gets the packet, and of its peers. */
  readonly network: readonly Cidr[];
  /** Family of the packet. */
  readonly version: 4 | 6;
}

/** The standpoint in `network`; `all` are the networks among which its peers are. */
export function standpointIn(
  network: VirtualNetwork | undefined,
  all: readonly VirtualNetwork[],
  version: 4 | 6,
): Standpoint {
  const peers = all.filter(({ key }) => network?.peers.includes(key));
  return { network: [...(network?.prefixes ?? []), ...peers.flatMap(({ prefixes }) => prefixes)], version };
}

/** Whether an address is one that the internet cannot reach. */
export function isPrivate(address: string): boolean {
  return liesIn(address, PRIVATE);
}

/** Whether one of `outer` covers the address or block. */
export function liesIn(text: string, outer: readonly Cidr[]): boolean {
  const block = parseCidr(text);
  return block !== undefined && outer.some((candidate) => covers(candidate, block));
}

/**
 * Whether a prefix of a security rule covers all of an endpoint. An endpoint is an address or a tag; a tag that is
 * covered only in part is not covered: `Internet` stands for an address that no rule names.
 */
export function coversEndpoint(prefix: string, endpoint: string, at: Standpoint): boolean {
  if (prefix === "*") return true;
  const block = parseCidr(prefix);
  const isAddress = parseCidr(endpoint) !== undefined;
  if (block !== undefined) return isAddress ? liesIn(endpoint, [block]) : blockCoversTag(block, endpoint, at);
  return isAddress ? tagHasAddress(prefix, endpoint, at) : tagCoversTag(prefix, endpoint, at);
}

function blockCoversTag(block: Cidr, tag: string, { network, version }: Standpoint): boolean {
  if (block.version !== version) return false;
  if (block.text === EVERYTHING[version]) return true;
  const same = network.filter((prefix) => prefix.version === version);
  if (is(tag, "VirtualNetwork")) return same.length > 0 && same.every((prefix) => covers(block, prefix));
  return is(tag, "AzureLoadBalancer") && PLATFORM.some((platform) => covers(block, platform));
}

/** Azure's hundreds of other tags have no addresses here: they match only themselves. */
function tagHasAddress(tag: string, address: string, { network }: Standpoint): boolean {
  const isPlatform = liesIn(address, PLATFORM);
  if (is(tag, "AzureLoadBalancer")) return isPlatform;
  if (is(tag, "VirtualNetwork")) return isPlatform || liesIn(address, network);
  return is(tag, "Internet") && !isPlatform && !isPrivate(address) && !liesIn(address, network);
}

function tagCoversTag(outer: string, inner: string, { version }: Standpoint): boolean {
  if (is(outer, inner)) return true;
  // The platform's address is IPv4; probes over IPv6 come from a link-local address that no network has.
  if (is(outer, "VirtualNetwork")) return is(inner, "AzureLoadBalancer") && version === 4;
  return is(outer, "Internet") && !is(inner, "VirtualNetwork") && !is(inner, "AzureLoadBalancer");
}

function is(tag: string, other: string): boolean {
  return tag.toLowerCase() === other.toLowerCase();
}

function blocks(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => parseCidr(text) ?? []);
}
