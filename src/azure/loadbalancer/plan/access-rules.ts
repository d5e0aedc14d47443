import type { SecurityRule } from "@azure/arm-network";
import { type AddressFamily, canonicalAddress, familyOf } from "../../../base/cidr.ts";
import { type AccessProtocol, allowRuleName, denyRuleName, sortedAsText } from "../names.ts";
import type { LoadBalancerSettings } from "../settings.ts";

/** One security rule that a Service needs, and the addresses it needs it for. */
export interface AccessRule {
  readonly name: string;
  readonly access: "Allow" | "Deny";
  readonly protocol: AccessProtocol;
  /** CIDRs or one service tag, sorted as text. */
  readonly sources: readonly string[];
  /** Port numbers as text, sorted as text; `*` for all. */
  readonly ports: readonly string[];
  /** Canonical addresses of one family, sorted as text. */
  readonly destinations: readonly string[];
}

/** What one Service needs of the security group: also how other Services' edits know what they must not take away. */
export interface AccessClaim {
  /** `<namespace>/<name>`. */
  readonly key: string;
  /** All addresses the claim is about, canonical. */
  readonly destinations: readonly string[];
  /** In the order that decides priorities. */
  readonly rules: readonly AccessRule[];
}

const FAMILIES: readonly AddressFamily[] = ["IPv4", "IPv6"];

/**
 * What a Service needs of the security group.
 *
 * @param addresses - where packets for it arrive: of its frontends, or of the nodes when it has no floating IP. What is
 *   no address is passed over; the Service's additional addresses are added.
 */
export function accessClaim(settings: LoadBalancerSettings, addresses: readonly string[]): AccessClaim {
  const { access, additionalAddresses } = settings;
  const known = [...addresses, ...additionalAddresses].map(canonicalAddress).filter((address) => address !== undefined);
  const destinations = [...new Set(known)].toSorted();
  const byFamily = FAMILIES.map((family) => ({
    family,
    destinations: destinations.filter((each) => familyOf(each) === family),
  }));
  const reachable = byFamily.filter((half) => half.destinations.length > 0);
  const rules = access.enabled ? [...allowRules(settings, reachable), ...denyRules(settings, reachable)] : [];
  return { key: settings.key, destinations, rules };
}

interface Half {
  readonly family: AddressFamily;
  readonly destinations: readonly string[];
}

function allowRules({ access }: LoadBalancerSettings, halves: readonly Half[]): readonly AccessRule[] {
  return access.ports.flatMap(({ protocol, ports }) =>
    halves.flatMap(({ family, destinations }) => {
      const sources = [...access.tags.map((tag) => [tag]), access.ranges[family]].filter((each) => each.length > 0);
      return sources.map(
        (each): AccessRule => ({
          name: allowRuleName(family, protocol, each, ports),
          access: "Allow",
          protocol,
          sources: each.toSorted(),
          ports: sortedAsText(ports),
          destinations,
        }),
      );
    }),
  );
}

function denyRules({ access }: LoadBalancerSettings, halves: readonly Half[]): readonly AccessRule[] {
  if (!access.denyOthers) return [];
  return halves.map(({ family, destinations }) => ({
    name: denyRuleName(family),
    access: "Deny",
    protocol: "*",
    sources: ["*"],
    ports: ["*"],
    destinations,
  }));
}

/** The destinations of a rule, whichever of the two fields they are in. */
export function destinationsOf({
  destinationAddressPrefix: one,
  destinationAddressPrefixes: many,
}: SecurityRule): readonly string[] {
  return one === undefined || one === "" ? (many ?? []) : [one, ...(many ?? [])];
}

/** The sources of a rule, whichever of the two fields they are in. */
export function sourcesOf({ sourceAddressPrefix: one, sourceAddressPrefixes: many }: SecurityRule): readonly string[] {
  return one === undefined || one === "" ? (many ?? []) : [one, ...(many ?? [])];
}

/** The destination ports of a rule, whichever of the two fields they are in. */
export function portsOf({ destinationPortRange: one, destinationPortRanges: many }: SecurityRule): readonly string[] {
  return one === undefined || one === "" ? (many ?? []) : [one, ...(many ?? [])];
}

/**
 * Who claims which address, for {@link AccessClaim}s of many Services at once.
 *
 * @returns the claims that are about an address, in the order given.
 */
export function indexClaims(claims: Iterable<AccessClaim>): (address: string) => readonly AccessClaim[] {
  const byAddress = new Map<string, AccessClaim[]>();
  for (const claim of claims) {
    for (const address of claim.destinations) {
      const others = byAddress.get(address);
      if (others === undefined) byAddress.set(address, [claim]);
      else others.push(claim);
    }
  }
  return (address) => byAddress.get(address) ?? [];
}
