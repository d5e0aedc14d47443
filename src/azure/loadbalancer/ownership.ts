import type { FrontendIPConfiguration, LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import { type AddressFamily, familyOf, sameAddress } from "../../base/cidr.ts";
import { sameId } from "../arm/resource-id.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { isGeneratedPublicIpName, startsWithBase } from "./names.ts";
import type { LoadBalancerSettings } from "./settings.ts";

/** Whether a rule or probe belongs to the Service with this base. */
export function ownsRule(base: string, child: { readonly name?: string }): boolean {
  return startsWithBase(child.name, base);
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
  return (balancer.frontendIPConfigurations ?? []).filter(
    (frontend) => startsWithBase(frontend.name, settings.base) || isShared(frontend, settings, publicIps),
  );
}

function isShared(
  { privateIPAddress, publicIPAddress }: FrontendIPConfiguration,
  settings: LoadBalancerSettings,
  publicIps: readonly PublicIPAddress[],
): boolean {
  if (settings.internal) {
    const family = familyOf(privateIPAddress ?? "");
    return family !== undefined && asksFor(settings, family, privateIPAddress);
  }
  const address = publicIps.find(({ id }) => sameId(id, publicIPAddress?.id));
  return address !== undefined && asksForPublicIp(settings, familyOfPublicIp(address), address);
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
