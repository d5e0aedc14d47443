import type { LoadBalancer as Balancer, NetworkSecurityGroup, PublicIPAddress } from "@azure/arm-network";
import { canonicalAddress } from "../../base/cidr.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { poolName } from "./names.ts";
import { type AccessClaim, destinationsOf } from "./plan/access-rules.ts";
import { publicIpsToRelease } from "./plan/public-ip-release.ts";
import type { Subject } from "./room.ts";

/** The addresses in a Service's status: those that users can see. */
export function shownAddresses({ service }: Subject): readonly string[] {
  return service.status.loadBalancer.ingress.flatMap(({ ip }) => ip ?? []);
}

/**
 * The addresses of the nodes and of those who were nodes: what a Service without floating IP may have opened. Without
 * any known node none, because then other Services' claims on them are not known either.
 */
export function addressesBehind(
  nodeAddresses: readonly string[],
  config: LoadBalancerConfig,
  balancers: readonly Balancer[],
): readonly string[] {
  return nodeAddresses.length === 0 ? [] : [...nodeAddresses, ...poolAddresses(config, balancers)];
}

/**
 * The addresses of {@link addressesBehind} that some rule of the security group is for: all that one can have opened of
 * them. The same for all Services, and mostly none, where the former are thousands for each.
 */
export function openBehind(
  group: NetworkSecurityGroup | undefined,
  nodeAddresses: readonly string[],
  config: LoadBalancerConfig,
  ...balancers: readonly Balancer[]
): readonly string[] {
  const open = new Set((group?.securityRules ?? []).flatMap(destinationsOf));
  const behind = addressesBehind(nodeAddresses, config, balancers).map((each) => canonicalAddress(each) ?? each);
  return behind.filter((address) => open.has(address));
}

/** Addresses of the members of the cluster's IP-based pools. */
function poolAddresses({ clusterName }: LoadBalancerConfig, balancers: readonly Balancer[]): readonly string[] {
  const names = [poolName(clusterName, "IPv4"), poolName(clusterName, "IPv6")].map((name) => name.toLowerCase());
  const pools = balancers.flatMap(({ backendAddressPools = [] }) => backendAddressPools);
  return pools
    .filter(({ name = "" }) => names.includes(name.toLowerCase()))
    .flatMap(({ loadBalancerBackendAddresses = [] }) => loadBalancerBackendAddresses)
    .flatMap(({ ipAddress }) => ipAddress ?? []);
}

/** What former addresses are found by. */
export interface Traces {
  readonly config: LoadBalancerConfig;
  readonly publicIps: readonly PublicIPAddress[];
  /** Addresses of the Service's frontends on the balancer that it is not on any more. */
  readonly stillServed: readonly string[];
  /** Ids of the public IPs that it uses. */
  readonly keep: readonly string[];
  /** What it needs of the security group. */
  readonly claim: AccessClaim;
}

/**
 * Every address that a Service may have opened and needs open no more: what its status shows, what it has now when its
 * packets arrive elsewhere, what it still has on the other balancer, and what the public IPs have that it will give up.
 * Each is found again after a crash, by at least one of these.
 *
 * @param current - the addresses that it has now.
 */
export function formerAddresses(subject: Subject, traces: Traces, current: readonly string[]): readonly string[] {
  const released = publicIpsToRelease(traces.publicIps, { ...traces, settings: subject.settings, wanted: true });
  const addresses = [
    ...shownAddresses(subject),
    ...current,
    ...traces.stillServed,
    ...released.flatMap(({ publicIp }) => publicIp.ipAddress ?? []),
  ];
  const claimed = new Set(traces.claim.destinations);
  return [...new Set(addresses)].filter((address) => !claimed.has(address));
}
