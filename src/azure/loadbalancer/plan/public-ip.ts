import type { PublicIPAddress } from "@azure/arm-network";
import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Edit } from "../../arm/port.ts";
import type { LoadBalancerConfig } from "../config.ts";
import {
  CLUSTER_TAG,
  DNS_TAG,
  isManagedPublicIp,
  isTaggedFor,
  ownerTag,
  SERVICE_TAG,
  servicesOf,
  tagKey,
} from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import { ipTagVerdict } from "./ip-tags.ts";
import type { PublicIpChoice } from "./public-ip-choice.ts";
import { brought, present, type Wanted } from "./sameness.ts";
import { overlaid, planTags } from "./tags.ts";

/** What one Service wants of one public IP that it uses. */
export interface PublicIpWish {
  readonly settings: LoadBalancerSettings;
  readonly config: LoadBalancerConfig;
  readonly choice: PublicIpChoice;
}

/**
 * The edit that makes a public IP for a Service, or brings an existing one to what the Service asks for. Of one that we
 * did not make only what the Service asks for by annotation changes (the DNS label), and the SKU, because a standard
 * balancer takes no other; its tags never do.
 *
 * Its `apply` throws a CloudError `NotFound` when a public IP that the user named is gone, and `Conflict` when another
 * Service set its DNS label.
 */
export function publicIpEdit(wish: PublicIpWish): Edit<PublicIPAddress> {
  const { settings, choice } = wish;
  return {
    owner: settings.key,
    order: settings.order,
    apply: (current) => planPublicIp(current, wish),
    mentions: [choice.name.toLowerCase(), choice.id.toLowerCase()],
  };
}

function planPublicIp(current: PublicIPAddress | undefined, wish: PublicIpWish): PublicIPAddress {
  const { choice, settings, config } = wish;
  if (current === undefined && choice.mustExist) {
    throw new CloudError(
      "NotFound",
      `the public IP ${choice.name} of ${settings.key} is not in resource group ${choice.resourceGroup}`,
    );
  }
  const bound = current === undefined ? created(wish) : existing(current, wish);
  const managed = isManagedPublicIp({ ...bound, name: choice.name }, config);
  return withDnsLabel(managed ? withTags(bound, wish) : bound, wish, managed);
}

function created({ settings, config, choice }: PublicIpWish): PublicIPAddress {
  const standard = config.sku === "standard";
  const prefixId = settings.publicIp.prefixIds[choice.family];
  const zoned = standard && config.extendedLocation === undefined && config.zones.length > 0;
  return present<PublicIPAddress>({
    location: config.location,
    extendedLocation: config.extendedLocation,
    sku: standard ? { name: "Standard" } : undefined,
    zones: zoned ? [...config.zones] : undefined,
    publicIPAllocationMethod: allocationOf(wishedStatic(config, choice)),
    publicIPAddressVersion: choice.family,
    publicIPPrefix: standard && prefixId !== undefined ? { id: prefixId } : undefined,
    ipTags: settings.publicIp.ipTags?.map((tag) => ({ ...tag })),
    tags: { [SERVICE_TAG]: settings.key, [CLUSTER_TAG]: config.clusterName },
  });
}

/** Basic IPv6 addresses are always dynamic, all others static. */
function wishedStatic({ sku }: LoadBalancerConfig, { family }: PublicIpChoice): boolean {
  return sku === "standard" || family === "IPv4";
}

function allocationOf(isStatic: boolean): "Static" | "Dynamic" {
  return isStatic ? "Static" : "Dynamic";
}

function existing(current: PublicIPAddress, wish: PublicIpWish): PublicIPAddress {
  const { settings, config, choice } = wish;
  const managed = isBindable(current, wish);
  const bound = managed && !isTaggedFor(current, settings.key) ? taggedFor(current, settings.key) : current;
  return brought(bound, {
    ...wantedSku(bound, config),
    ...(choice.family === "IPv6" ? { publicIPAllocationMethod: allocationOf(wishedStatic(config, choice)) } : {}),
    ...(managed ? wantedIpTags(current, wish) : {}),
  });
}

/** A standard balancer takes no basic address; ARM upgrades it in place. */
function wantedSku({ sku }: PublicIPAddress, config: LoadBalancerConfig): Wanted<PublicIPAddress> {
  const fits = config.sku !== "standard" || sku?.name?.startsWith("Standard") === true;
  return fits ? {} : { sku: { ...sku, name: "Standard" } };
}

function wantedIpTags(current: PublicIPAddress, { settings, config }: PublicIpWish): Wanted<PublicIPAddress> {
  const { ipTags = [] } = settings.publicIp;
  return ipTagVerdict(current, settings, config) === "change" ? { ipTags: ipTags.map((tag) => ({ ...tag })) } : {};
}

/** Ours, or left without any Service by a run that ended between two writes. */
function isBindable(current: PublicIPAddress, { config, choice }: PublicIpWish): boolean {
  const named = { ...current, name: current.name ?? choice.name };
  if (isManagedPublicIp(named, config)) return true;
  return !choice.mustExist && ownerTag(current, CLUSTER_TAG)?.toLowerCase() === config.clusterName.toLowerCase();
}

function taggedFor(publicIp: PublicIPAddress, key: string): PublicIPAddress {
  const services = [...servicesOf(publicIp), key].join(",");
  return { ...publicIp, tags: { ...publicIp.tags, [tagKey(publicIp, SERVICE_TAG)]: services } };
}

function withTags(publicIp: PublicIPAddress, { settings, config }: PublicIpWish): PublicIPAddress {
  const wanted = overlaid(config.tags, settings.publicIp.tags);
  const tags = planTags(publicIp.tags, wanted, config.systemTags);
  return tags === publicIp.tags || tags === undefined ? publicIp : { ...publicIp, tags: { ...tags } };
}

function withDnsLabel(
  publicIp: PublicIPAddress,
  { settings, choice }: PublicIpWish,
  managed: boolean,
): PublicIPAddress {
  const label = settings.publicIp.dnsLabel;
  if (label === undefined) return publicIp;
  const owner = ownerTag(publicIp, DNS_TAG) ?? "";
  if (owner !== "" && owner.toLowerCase() !== settings.key.toLowerCase())
    throw labelTaken(settings.key, choice.name, owner);
  if (label === "") return withoutDnsLabel(publicIp);
  const next = labelled(publicIp, label);
  const tagged = !managed || owner !== "";
  return tagged ? next : { ...next, tags: { ...next.tags, [tagKey(next, DNS_TAG)]: settings.key } };
}

function labelTaken(key: string, name: string, owner: string): CloudError {
  const where = `ensurePublicIPExists for service(${key})`;
  return new CloudError(
    "Conflict",
    `${where}: failed to reconcileDNSSettings: ${where}: pip(${name}) - there is an existing service ${owner} consuming the DNS label on the public IP, so the service cannot set the DNS label annotation with this value`,
  );
}

function labelled(publicIp: PublicIPAddress, label: string): PublicIPAddress {
  const { fqdn: _former, ...kept } = publicIp.dnsSettings ?? {}; // ARM makes the name from the label
  if (kept.domainNameLabel?.toLowerCase() === label.toLowerCase()) return publicIp;
  return { ...publicIp, dnsSettings: { ...kept, domainNameLabel: label } };
}

function withoutDnsLabel(publicIp: PublicIPAddress): PublicIPAddress {
  if (publicIp.dnsSettings === undefined) return publicIp;
  const { dnsSettings: _gone, ...rest } = publicIp;
  return rest;
}
