import type { FrontendIPConfiguration, LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import { type AddressFamily, canonicalAddress, familyOf, sameAddress } from "../../base/cidr.ts";
import { idKey } from "../arm/resource-id.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { inListOrder, lookUp, type Way } from "./lookup.ts";
import { BASE_LENGTH, isGeneratedPublicIpName, startsWithBase } from "./names.ts";
import type { LoadBalancerSettings } from "./settings.ts";

/** Whether a rule or probe belongs to the Service with this base. */
export function ownsRule(base: string, child: { readonly name?: string }): boolean {
  return startsWithBase(child.name, base);
}

type Named = { readonly name?: string };

const byBase: Way<Named> = ({ name = "" }) =>
  name.length < BASE_LENGTH ? undefined : name.slice(0, BASE_LENGTH).toLowerCase();

/** The children of a list (frontends, rules or probes) that are named after the Service with this base. */
export function ownedBy<T extends Named>(children: readonly T[], base: string): readonly T[] {
  if (base.length === BASE_LENGTH) return lookUp(children, byBase, base.toLowerCase());
  return children.filter((child) => ownsRule(base, child)); // no API server gives out such a uid
}

/** Frontends by the public IP they show, comparable id. */
export const byPublicIp: Way<FrontendIPConfiguration> = ({ publicIPAddress }) => comparable(publicIPAddress?.id);

/** Frontends by their own address, canonical. */
export const byPrivateAddress: Way<FrontendIPConfiguration> = ({ privateIPAddress }) =>
  privateIPAddress === undefined ? undefined : canonicalAddress(privateIPAddress);

/** Public IPs by comparable id. */
export const byId: Way<PublicIPAddress> = ({ id }) => comparable(id);

/** Anything by name, lower case. */
export const byName: Way<Named> = ({ name }) => name?.toLowerCase();

/** Public IPs by the address they have, canonical. */
export const byAddress: Way<PublicIPAddress> = ({ ipAddress }) =>
  ipAddress === undefined ? undefined : canonicalAddress(ipAddress);

function comparable(id: string | undefined): string | undefined {
  return id === undefined ? undefined : idKey(id);
}

/**
 * The frontends of a balancer that serve a Service, in the balancer's order: those named after it, and those whose
 * address it asks for, by value or by the name of a public IP.
 *
 * @param publicIps - of the Service's resource group; may lack some, which then decide nothing.
 */
export function frontendsServing(
  balancer: LoadBalancer,
  settings: LoadBalancerSettings,
  publicIps: readonly PublicIPAddress[],
): readonly FrontendIPConfiguration[] {
  const frontends = balancer.frontendIPConfigurations ?? [];
  const shared = settings.internal
    ? atAddressesOf(settings).flatMap((address) => lookUp(frontends, byPrivateAddress, address))
    : askedFor(settings, publicIps).flatMap(({ id }) => lookUp(frontends, byPublicIp, idKey(id ?? "")));
  return inListOrder(frontends, [...new Set([...ownedBy(frontends, settings.base), ...shared])]);
}

/** The addresses that a Service asks for, each in its own family, canonical. */
function atAddressesOf({ addresses }: LoadBalancerSettings): readonly string[] {
  const asked = Object.entries(addresses).filter(([family, address]) => familyOf(address) === family);
  return asked.flatMap(([, address]) => canonicalAddress(address) ?? []);
}

/** The public IPs that a Service asks for, by value or by name. */
function askedFor(settings: LoadBalancerSettings, publicIps: readonly PublicIPAddress[]): readonly PublicIPAddress[] {
  const named = Object.values(settings.publicIp.names).flatMap((name) => lookUp(publicIps, byName, name.toLowerCase()));
  const addressed = atAddressesOf(settings).flatMap((address) => lookUp(publicIps, byAddress, address));
  return [...named, ...addressed].filter((each) => asksForPublicIp(settings, familyOfPublicIp(each), each));
}

function asksFor({ addresses }: LoadBalancerSettings, family: AddressFamily, address: string | undefined): boolean {
  const wanted = addresses[family];
  return wanted !== undefined && address !== undefined && sameAddress(wanted, address);
}

function asksForPublicIp(
  settings: LoadBalancerSettings,
  family: AddressFamily,
  { name, ipAddress }: PublicIPAddress,
): boolean {
  if (ipAddress === undefined) return false;
  const wanted = settings.publicIp.names[family];
  return asksFor(settings, family, ipAddress) || (wanted !== undefined && wanted.toLowerCase() === name?.toLowerCase());
}

/** Family of a public IP; ARM leaves it out for some old IPv4 ones. */
export function familyOfPublicIp({ publicIPAddressVersion }: PublicIPAddress): AddressFamily {
  return publicIPAddressVersion === "IPv6" ? "IPv6" : "IPv4";
}

/** Tag with the Services that use a public IP: `<namespace>/<name>`, separated by commas. */
export const SERVICE_TAG = "k8s-azure-service";
/** Tag with the cluster that a public IP was made for. */
export const CLUSTER_TAG = "k8s-azure-cluster-name";
/** Tag with the Service that set the DNS label. */
export const DNS_TAG = "k8s-azure-dns-label-service";

/** Keys that older versions wrote; read where the new key is absent. */
const FORMER_TAG: Readonly<Record<string, string>> = {
  [SERVICE_TAG]: "service",
  [CLUSTER_TAG]: "kubernetes-cluster-name",
  [DNS_TAG]: "kubernetes-dns-label-service",
};

/** Keys that say whose a public IP is, old and new; no annotation and no clean-up touches them. */
export const OWNER_TAGS: readonly string[] = Object.entries(FORMER_TAG).flat();

/** The key under which a public IP has an owner tag; the new spelling when it has none. */
export function tagKey({ tags = {} }: PublicIPAddress, key: string): string {
  const former = FORMER_TAG[key];
  return tags[key] === undefined && former !== undefined && tags[former] !== undefined ? former : key;
}

/** The value of an owner tag, under its new or its former key. */
export function ownerTag(publicIp: PublicIPAddress, key: string): string | undefined {
  return publicIp.tags?.[tagKey(publicIp, key)];
}

/** The Services that a public IP's tag names, as written. */
export function servicesOf(publicIp: PublicIPAddress): readonly string[] {
  const items = (ownerTag(publicIp, SERVICE_TAG) ?? "").split(",").map((item) => item.trim());
  return items.filter((item) => item !== "");
}

/** Whether a public IP's tag names a Service; letter case is ignored. */
export function isTaggedFor(publicIp: PublicIPAddress, key: string): boolean {
  return servicesOf(publicIp).some((each) => each.toLowerCase() === key.toLowerCase());
}

/**
 * Whether we made a public IP for this cluster, and so may change its tags and delete it: its name is one we make, it
 * names Services, and no other cluster's tag is on it. Everything else a user made, whatever its tags.
 */
export function isManagedPublicIp(
  publicIp: PublicIPAddress,
  { clusterName }: Pick<LoadBalancerConfig, "clusterName">,
): boolean {
  const cluster = ownerTag(publicIp, CLUSTER_TAG) ?? "";
  const here = cluster === "" || cluster.toLowerCase() === clusterName.toLowerCase();
  return here && servicesOf(publicIp).length > 0 && isGeneratedPublicIpName(publicIp.name ?? "", clusterName);
}

const byService: Way<PublicIPAddress> = (publicIp) => servicesOf(publicIp).map((each) => each.toLowerCase());

/** The public IPs that we made for this cluster and tagged for a Service. */
export function publicIpsMadeFor(
  key: string,
  publicIps: readonly PublicIPAddress[],
  config: Pick<LoadBalancerConfig, "clusterName">,
): readonly PublicIPAddress[] {
  return lookUp(publicIps, byService, key.toLowerCase()).filter((each) => isManagedPublicIp(each, config));
}

/** Whether a Service uses a public IP: it is tagged for it, or the Service asks for it by address or name. */
export function usesPublicIp(
  publicIp: PublicIPAddress,
  settings: LoadBalancerSettings,
  config: LoadBalancerConfig,
): boolean {
  const managed = isManagedPublicIp(publicIp, config);
  return (
    (managed && isTaggedFor(publicIp, settings.key)) || asksForPublicIp(settings, familyOfPublicIp(publicIp), publicIp)
  );
}
