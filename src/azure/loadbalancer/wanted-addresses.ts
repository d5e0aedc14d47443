import { type AddressFamily, canonicalAddress, familyOf } from "../../base/cidr.ts";
import { isPublicAddress } from "../../base/public-address.ts";
import type { Service } from "../../cloudprovider/objects.ts";
import * as entry from "./annotations/index.ts";
import { type Intake, type RequestedIpTag, rawOf, read } from "./annotations/index.ts";
import type { LoadBalancerConfig } from "./config.ts";

/** What a Service asks of its public IPs. */
export interface PublicIpSettings {
  /** Where they are looked up and created. */
  readonly resourceGroup: string;
  /** Existing ones, by family. */
  readonly names: Readonly<Partial<Record<AddressFamily, string>>>;
  /** Full ids of prefixes to take new ones from, by family. */
  readonly prefixIds: Readonly<Partial<Record<AddressFamily, string>>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined keeps what is there, an empty list asks for none. */
  readonly ipTags: readonly RequestedIpTag[] | undefined;
  /** Undefined keeps what is there, the empty text takes it away. */
  readonly dnsLabel: string | undefined;
}

/** Azure's own address in every virtual network (DNS, health probes): never a public IP of a user. */
const AZURE_PLATFORM_ADDRESS = "168.63.129.16";

/** The addresses that a Service asks for: annotations first, then `spec.loadBalancerIP`, each in canonical spelling. */
export function resolveAddresses(
  intake: Intake,
  { spec }: Service,
  { families, internal }: { readonly families: readonly AddressFamily[]; readonly internal: boolean },
): Readonly<Partial<Record<AddressFamily, string>>> {
  const annotated = { IPv4: read(intake, entry.ipv4), IPv6: read(intake, entry.ipv6) };
  const fromSpec = specAddress(intake, spec.loadBalancerIP);
  const wanted: Partial<Record<AddressFamily, string>> = {};
  for (const family of families) {
    const address =
      annotated[family] ?? (fromSpec !== undefined && familyOf(fromSpec) === family ? fromSpec : undefined);
    if (address === undefined) continue;
    if (!internal) refusePrivate(intake, family, address);
    wanted[family] = address;
  }
  return wanted;
}

function specAddress(intake: Intake, written: string | undefined): string | undefined {
  if (written === undefined || written === "") return undefined;
  const address = canonicalAddress(written.trim());
  if (address === undefined)
    intake.problems.push({ field: "spec.loadBalancerIP", got: written, want: "an IP address" });
  return address;
}

function refusePrivate(intake: Intake, family: AddressFamily, address: string): void {
  if (isPublicAddress(address) === true && address !== AZURE_PLATFORM_ADDRESS) return;
  const annotation = family === "IPv4" ? entry.ipv4 : entry.ipv6;
  const raw = rawOf(intake, annotation);
  intake.problems.push({
    field: raw === undefined ? "spec.loadBalancerIP" : annotation.key,
    got: raw ?? address,
    want: "a public address, because the Service is external: an external Service cannot use non-public LoadBalancer IP; use an internal LoadBalancer annotation or a valid Azure Public IP address",
  });
}

/** What a Service asks of its public IPs; nothing is looked up. */
export function resolvePublicIp(
  intake: Intake,
  families: readonly AddressFamily[],
  config: Pick<LoadBalancerConfig, "resourceGroup">,
): PublicIpSettings {
  const names = { IPv4: read(intake, entry.pipName), IPv6: read(intake, entry.pipNameIpv6) };
  const prefixIds = { IPv4: read(intake, entry.pipPrefixId), IPv6: read(intake, entry.pipPrefixIdIpv6) };
  return {
    resourceGroup: read(intake, entry.resourceGroup) ?? config.resourceGroup,
    names: byFamily(families, names),
    prefixIds: byFamily(families, prefixIds),
    tags: read(intake, entry.pipTags),
    ipTags: read(intake, entry.pipIpTags),
    dnsLabel: read(intake, entry.dnsLabel),
  };
}

/** A Service with IPv6 alone falls back to the plain key; one with IPv4 alone never reads the IPv6 key. */
function byFamily(
  families: readonly AddressFamily[],
  written: Readonly<Record<AddressFamily, string | undefined>>,
): Readonly<Partial<Record<AddressFamily, string>>> {
  const values: Partial<Record<AddressFamily, string>> = {};
  for (const family of families) {
    const fallback = families.length === 1 ? written.IPv4 : undefined;
    const value = family === "IPv4" ? written.IPv4 : (written.IPv6 ?? fallback);
    if (value !== undefined) values[family] = value;
  }
  return values;
}
