import { createHash } from "node:crypto";
import type { AddressFamily } from "../../base/cidr.ts";
import type { Protocol } from "../../cloudprovider/objects.ts";
import { armId } from "../arm/resource-types.ts";
import type { LoadBalancerConfig } from "./config.ts";

/** ARM allows 80 characters; the original stops at 75 so that `-IPv6` always fits. */
const LONGEST = 75;

/** Letters of a {@link baseName}. */
export const BASE_LENGTH = 32;

/** Name of the probe that all Services with externalTrafficPolicy Cluster share in shared mode; one per balancer. */
export const SHARED_PROBE_NAME = "cluster-service-shared-health-probe";

/** Whose name it is: what frontends, rules and probes of one Service have in common. */
export interface NamedFor {
  /** {@link baseName} of the Service. */
  readonly base: string;
  /** Subnet written into the names; only for internal Services that name one. */
  readonly subnetInNames: string | undefined;
  /** Two address families: the IPv6 half of everything then ends in `-IPv6`. */
  readonly dualStack: boolean;
}

/**
 * What all names of a Service start with: `a`, then its uid without hyphens, 32 characters together.
 *
 * A uid has 32 digits, so the last one never makes it into the name. It stays like this: clusters exist with these names.
 */
export function baseName(uid: string): string {
  return `a${uid.replaceAll("-", "")}`.slice(0, BASE_LENGTH);
}

/** The base that a frontend, rule or probe name starts with, lower case; undefined when it follows another convention. */
export function baseOf(name: string): string | undefined {
  return /^a[0-9a-f]{31}(?=$|[-_])/i.exec(name)?.[0].toLowerCase();
}

/** Whether a name starts with a Service's base; letter case is ignored, as ARM does. */
export function startsWithBase(name: string | undefined, base: string): boolean {
  if (name === undefined || name.length < base.length) return false;
  // Asked for every child of a balancer in every edit: most names differ in the second letter, and no string is made
  for (let at = 0; at < base.length; at += 1) {
    if ((name.charCodeAt(at) | LOWER) !== (base.charCodeAt(at) | LOWER)) return false;
  }
  return true;
}

/** The bit in which a small letter differs from its capital; digits and hyphens have it too. */
const LOWER = 0x20;

/** Name of the balancer that serves external or internal Services. */
export function balancerName(
  config: Pick<LoadBalancerConfig, "clusterName" | "loadBalancerName">,
  internal: boolean,
): string {
  const name = config.loadBalancerName ?? config.clusterName;
  return internal ? `${name}-internal` : name;
}

/** Full id of a balancer of this cluster. */
export function balancerId(config: LoadBalancerConfig, name: string): string {
  return armId("loadBalancers", group(config, config.loadBalancerResourceGroup), name);
}

/** Full id of a public IP of this cluster's network subscription. */
export function publicIpId(config: LoadBalancerConfig, resourceGroup: string, name: string): string {
  return armId("publicIPAddresses", group(config, resourceGroup), name);
}

/** Full id of a subnet of the cluster's virtual network. */
export function subnetId(config: LoadBalancerConfig, subnet: string): string {
  return armId("subnets", group(config, config.vnetResourceGroup), config.vnetName, subnet);
}

/** Full id of the cluster's network security group. */
export function securityGroupId(config: LoadBalancerConfig): string {
  return armId("networkSecurityGroups", group(config, config.securityGroupResourceGroup), config.securityGroupName);
}

/** Full id of the virtual network that IP-based pools belong to. It is in the cluster's own subscription. */
export function virtualNetworkId(config: LoadBalancerConfig): string {
  const { subscriptionId, vnetResourceGroup, vnetName } = config;
  return `/subscriptions/${subscriptionId}/resourceGroups/${vnetResourceGroup}/providers/Microsoft.Network/virtualNetworks/${vnetName}`;
}

function group(config: LoadBalancerConfig, resourceGroup: string): { subscriptionId: string; resourceGroup: string } {
  return { subscriptionId: config.networkSubscriptionId, resourceGroup };
}

/** Name of the frontend of one family. */
export function frontendName(service: NamedFor, family: AddressFamily): string {
  const { base, subnetInNames } = service;
  return `${subnetInNames === undefined ? base : cutFrontend(`${base}-${subnetInNames}`)}${suffix(service, family)}`;
}

function cutFrontend(name: string): string {
  if (name.length <= LONGEST) return name;
  const cut = name.slice(0, LONGEST);
  // Azure wants a name to end in a word character; the original replaces digits too, and names must stay what they are
  return /[\p{L}_]$/u.test(cut) ? cut : `${cut.slice(0, -1)}_`;
}

/** Name of the rule of one port, and of the probe that is its own. */
export function ruleName(service: NamedFor, protocol: Protocol, port: number, family: AddressFamily): string {
  const { base, subnetInNames } = service;
  const tail = `${protocol}-${port}`;
  const room = LONGEST - base.length - tail.length - 2;
  const head = subnetInNames === undefined ? base : `${base}-${subnetInNames.slice(0, room)}`;
  return `${head}-${tail}${suffix(service, family)}`;
}

function suffix({ dualStack }: NamedFor, family: AddressFamily): string {
  return dualStack && family === "IPv6" ? "-IPv6" : "";
}

/** Name of the cluster's pool of one family. */
export function poolName(clusterName: string, family: AddressFamily): string {
  return family === "IPv6" ? `${clusterName}-IPv6` : clusterName;
}

/** Name of a public IP that we make. `prefixId` is the public IP prefix it comes from, if any. */
export function publicIpName(
  clusterName: string,
  service: Pick<NamedFor, "base" | "dualStack">,
  family: AddressFamily,
  prefixId?: string,
): string {
  const prefix = prefixId === undefined ? "" : `-${prefixId.slice(prefixId.lastIndexOf("/") + 1)}`;
  const tail = service.dualStack && family === "IPv6" ? "-IPv6" : "";
  return `${`${clusterName}-${service.base}${prefix}`.slice(0, LONGEST)}${tail}`;
}

/** Whether a public IP's name is one that {@link publicIpName} makes for this cluster; letter case is ignored. */
export function isGeneratedPublicIpName(name: string, clusterName: string): boolean {
  return name.toLowerCase().startsWith(`${clusterName}-a`.slice(0, LONGEST).toLowerCase());
}

/** First letters of every security rule that is managed. */
export const SECURITY_RULE_PREFIX = "k8s-azure-lb";

/** Protocol of a security rule, as ARM spells it; SCTP is `*`, because ARM has no word for it. */
export type AccessProtocol = "Tcp" | "Udp" | "*";

/**
 * Name of the rule that lets `sources` in on `ports`. Services with equal sources, ports, protocol and family share it.
 *
 * @param sources - CIDRs or one service tag, in any order.
 */
export function allowRuleName(
  family: AddressFamily,
  protocol: AccessProtocol,
  sources: readonly string[],
  ports: readonly number[],
): string {
  const text = `${protocol}_${sources.toSorted().join(",")}_${sortedAsText(ports).join(",")}`;
  return `${SECURITY_RULE_PREFIX}_allow_${family}_${createHash("md5").update(text).digest("hex")}`;
}

/** Name of the rule that keeps everybody else out. */
export function denyRuleName(family: AddressFamily): string {
  return `${SECURITY_RULE_PREFIX}_deny-all_${family}`;
}

/** Port numbers as text, in the order of text (`443` before `80`), as names and bodies have them. */
export function sortedAsText(ports: readonly number[]): string[] {
  return ports.map(String).toSorted();
}
