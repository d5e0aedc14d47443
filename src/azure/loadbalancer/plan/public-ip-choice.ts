import type { PublicIPAddress } from "@azure/arm-network";
import type { Checked, Problem } from "../../../base/checked.ts";
import { type AddressFamily, canonicalAddress } from "../../../base/cidr.ts";
import { groupOf } from "../../arm/resource-id.ts";
import { ipv4, ipv6, pipName, pipNameIpv6 } from "../annotations/index.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { lookUp } from "../lookup.ts";
import { publicIpId, publicIpName } from "../names.ts";
import { byAddress, byName, familyOfPublicIp } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";

/** Which public IP serves one family of a Service. */
export interface PublicIpChoice {
  readonly family: AddressFamily;
  readonly name: string;
  readonly resourceGroup: string;
  /** Full id. */
  readonly id: string;
  /** The user named it or its address: it is never created. */
  readonly mustExist: boolean;
  /** What is known of it; undefined when it is not there yet. */
  readonly existing: PublicIPAddress | undefined;
}

/**
 * Which public IP a family of an external Service uses: the named one, else one from the wanted prefix, else the one
 * with the wanted address, else one made for the Service.
 *
 * @param publicIps - all of the Service's public IP resource group, and no older than the Service's last change when
 *   the answer is a problem: look again with a fresh list before believing in it.
 * @returns a problem when what the user named is not there, or the name we would use is taken by the other family.
 */
export function choosePublicIp(
  settings: LoadBalancerSettings,
  family: AddressFamily,
  publicIps: readonly PublicIPAddress[],
  config: LoadBalancerConfig,
): Checked<PublicIpChoice> {
  const { names, prefixIds, resourceGroup } = settings.publicIp;
  const named = names[family];
  const search = { settings, family, publicIps, config };
  if (named !== undefined) return choiceOfNamed(named, search);
  const address = prefixIds[family] === undefined ? settings.addresses[family] : undefined;
  if (address !== undefined) return choiceOfAddress(address, search);

  const name = publicIpName(config.clusterName, settings, family, prefixIds[family]);
  const existing = withName(search, name);
  const other = existing !== undefined && familyOfPublicIp(existing) !== family;
  if (other) {
    // A Service with IPv6 alone has this name for its IPv6 address; ARM cannot change the family of a public IP
    return refused({
      field: "spec.ipFamilies",
      got: family,
      want: `the family of the public IP ${name}, which is not ${family}; create the Service anew to change it`,
    });
  }
  return {
    ok: true,
    value: { family, name, resourceGroup, id: publicIpId(config, resourceGroup, name), mustExist: false, existing },
  };
}

interface Search {
  readonly settings: LoadBalancerSettings;
  readonly family: AddressFamily;
  readonly publicIps: readonly PublicIPAddress[];
  readonly config: LoadBalancerConfig;
}

function choiceOfNamed(name: string, search: Search): Checked<PublicIpChoice> {
  const { settings, family } = search;
  const existing = withName(search, name);
  const { key, publicIp } = settings;
  const field = (family === "IPv6" && settings.dualStack ? pipNameIpv6 : pipName).key;
  if (existing === undefined) {
    return refused({
      field,
      got: name,
      want: `an existing public IP in resource group ${publicIp.resourceGroup}: reconcilePublicIP for service(${key}): pip(${name}) not found`,
    });
  }
  if (familyOfPublicIp(existing) !== family) return refused({ field, got: name, want: `an ${family} public IP` });
  return { ok: true, value: chosen(existing, search) };
}

function choiceOfAddress(address: string, search: Search): Checked<PublicIpChoice> {
  const found = lookUp(search.publicIps, byAddress, canonicalAddress(address) ?? "");
  const existing = found.find((each) => isIn(each, search.settings.publicIp.resourceGroup));
  if (existing !== undefined) return { ok: true, value: chosen(existing, search) };
  return refused({
    field: search.family === "IPv4" ? ipv4.key : ipv6.key,
    got: address,
    want: `the address of a public IP in resource group ${search.settings.publicIp.resourceGroup}: findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address ${address}`,
  });
}

function chosen(existing: PublicIPAddress, { settings, family, config }: Search): PublicIpChoice {
  const { resourceGroup } = settings.publicIp;
  const name = existing.name ?? "";
  return {
    family,
    name,
    resourceGroup,
    id: existing.id ?? publicIpId(config, resourceGroup, name),
    mustExist: true,
    existing,
  };
}

function withName({ settings, publicIps }: Search, name: string): PublicIPAddress | undefined {
  const found = lookUp(publicIps, byName, name.toLowerCase());
  return found.find((each) => isIn(each, settings.publicIp.resourceGroup));
}

function isIn({ id }: PublicIPAddress, resourceGroup: string): boolean {
  return id === undefined || groupOf(id)?.resourceGroup.toLowerCase() === resourceGroup.toLowerCase();
}

function refused<T>(problem: Problem): Checked<T> {
  return { ok: false, problems: [problem] };
}
