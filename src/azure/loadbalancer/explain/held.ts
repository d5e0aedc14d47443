import type {
  FrontendIPConfiguration,
  LoadBalancer,
  LoadBalancingRule,
  NetworkSecurityGroup,
  Probe,
  PublicIPAddress,
  SecurityRule,
} from "@azure/arm-network";
import { sameAddress } from "../../../base/cidr.ts";
import { nameOf, sameId } from "../../arm/resource-id.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { balancerName, SECURITY_RULE_PREFIX } from "../names.ts";
import { frontendsServing, isManagedPublicIp, ownsRule, usesPublicIp } from "../ownership.ts";
import { accessClaim, destinationsOf, portsOf, sourcesOf } from "../plan/access-rules.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import { obstaclesAmong } from "./obstacles.ts";

/** A rule that leads from a frontend to a pool. */
export interface HeldRule {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly backendPort: number;
  readonly pool: string;
  /** Absent when nodes are not probed. */
  readonly probe?: string;
}

/** How nodes are probed. */
export interface HeldProbe {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly path?: string;
}

/** A frontend, and what hangs on it. */
export interface HeldFrontend {
  readonly name: string;
  /** Absent when Azure has not given it one yet. */
  readonly address?: string;
  /** Name of the public IP; absent for internal ones. */
  readonly publicIp?: string;
  readonly rules: readonly HeldRule[];
}

/** A pool that rules of the Service lead to. */
export interface HeldPool {
  readonly name: string;
  /** Addresses of nodes, or network interfaces as `machine/interface`. */
  readonly members: readonly string[];
}

/** A balancer that holds something of the Service. */
export interface HeldBalancer {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  /** `Succeeded`, `Updating`, `Failed`. */
  readonly state: string;
  readonly frontends: readonly HeldFrontend[];
  readonly probes: readonly HeldProbe[];
  readonly pools: readonly HeldPool[];
}

/** A public IP that the Service uses, or that is tagged for it. */
export interface HeldPublicIp {
  readonly id: string;
  readonly name: string;
  readonly address?: string;
  readonly sku: string;
  readonly state: string;
  /** Whether we made it and would delete it. */
  readonly ours: boolean;
  readonly fqdn?: string;
}

/** A security rule about the Service's addresses. */
export interface HeldSecurityRule {
  readonly name: string;
  readonly priority: number;
  readonly access: string;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly ports: readonly string[];
  readonly destinations: readonly string[];
}

/** The security group, as far as it is about the Service. */
export interface HeldSecurityGroup {
  readonly name: string;
  /** Whether it is there at all. */
  readonly exists: boolean;
  /** By priority. */
  readonly rules: readonly HeldSecurityRule[];
  /** Rules of others that keep everybody out before ours count, by priority. */
  readonly obstacles: readonly HeldSecurityRule[];
}

/** What ARM holds for a Service. Plain JSON. */
export interface Held {
  readonly balancers: readonly HeldBalancer[];
  readonly publicIps: readonly HeldPublicIp[];
  readonly securityGroup: HeldSecurityGroup;
}

/** What was read of ARM. */
export interface Seen {
  readonly balancers: readonly LoadBalancer[];
  readonly publicIps: readonly PublicIPAddress[];
  readonly securityGroup: NetworkSecurityGroup | undefined;
  /** Where packets arrive for Services without floating IP. */
  readonly nodeAddresses: readonly string[];
}

/** Picks out of what was read what is about one Service. */
export function heldOf(settings: LoadBalancerSettings, config: LoadBalancerConfig, seen: Seen): Held {
  const balancers = seen.balancers.flatMap((balancer) => heldBalancer(balancer, settings, seen.publicIps) ?? []);
  const wanted = balancerName(config, settings.internal).toLowerCase();
  const publicIps = seen.publicIps.filter((each) => usesPublicIp(each, settings, config));
  return {
    balancers: balancers.toSorted(
      (a, b) => Number(b.name.toLowerCase() === wanted) - Number(a.name.toLowerCase() === wanted),
    ),
    publicIps: publicIps.map((each) => heldPublicIp(each, config)),
    securityGroup: heldGroup(settings, config, { ...seen, addresses: addressesOn(balancers) }),
  };
}

function addressesOn(balancers: readonly HeldBalancer[]): readonly string[] {
  return balancers.flatMap(({ frontends }) => frontends.flatMap(({ address }) => address ?? []));
}

function heldBalancer(
  balancer: LoadBalancer,
  settings: LoadBalancerSettings,
  publicIps: readonly PublicIPAddress[],
): HeldBalancer | undefined {
  const frontends = frontendsServing(balancer, settings, publicIps);
  const rules = (balancer.loadBalancingRules ?? []).filter((rule) => ownsRule(settings.base, rule));
  const probes = probesOf(balancer, rules, settings.base);
  if (frontends.length + rules.length + probes.length === 0) return undefined;
  const { id = "", name = "", provisioningState: state = "" } = balancer;
  return {
    id,
    name,
    sku: balancer.sku?.name ?? "Basic",
    state,
    frontends: frontends.map((frontend) => heldFrontend(frontend, rules, publicIps)),
    probes: probes.map(heldProbe),
    pools: poolsOf(balancer, rules),
  };
}

/** Its own, and the shared one if its rules use that. */
function probesOf({ probes = [] }: LoadBalancer, rules: readonly LoadBalancingRule[], base: string): readonly Probe[] {
  const used = rules.flatMap(({ probe }) => probe?.id ?? []);
  return probes.filter((probe) => ownsRule(base, probe) || used.some((id) => sameId(id, probe.id)));
}

function poolsOf({ backendAddressPools = [] }: LoadBalancer, rules: readonly LoadBalancingRule[]): readonly HeldPool[] {
  const used = rules.flatMap(({ backendAddressPool }) => backendAddressPool?.id ?? []);
  const pools = backendAddressPools.filter((pool) => used.some((id) => sameId(id, pool.id)));
  return pools.map((pool) => ({ name: pool.name ?? "", members: membersOf(pool) }));
}

function heldFrontend(
  frontend: FrontendIPConfiguration,
  rules: readonly LoadBalancingRule[],
  publicIps: readonly PublicIPAddress[],
): HeldFrontend {
  const publicId = frontend.publicIPAddress?.id;
  const publicIp = publicIps.find(({ id }) => publicId !== undefined && sameId(id, publicId));
  const address = publicId === undefined ? frontend.privateIPAddress : publicIp?.ipAddress;
  return {
    name: frontend.name ?? "",
    ...(address !== undefined && { address }),
    ...(publicId !== undefined && { publicIp: nameOf(publicId) }),
    rules: rules.filter(({ frontendIPConfiguration: at }) => sameId(at?.id, frontend.id)).map(heldRule),
  };
}

function heldRule(rule: LoadBalancingRule): HeldRule {
  const probe = rule.probe?.id;
  return {
    name: rule.name ?? "",
    protocol: rule.protocol ?? "",
    port: rule.frontendPort ?? 0,
    backendPort: rule.backendPort ?? 0,
    pool: nameOf(rule.backendAddressPool?.id ?? ""),
    ...(probe !== undefined && { probe: nameOf(probe) }),
  };
}

function heldProbe({ name = "", protocol = "", port = 0, requestPath: path }: Probe): HeldProbe {
  return { name, protocol, port, ...(path !== undefined && { path }) };
}

function membersOf(pool: NonNullable<LoadBalancer["backendAddressPools"]>[number]): readonly string[] {
  const addresses = (pool.loadBalancerBackendAddresses ?? []).flatMap(({ ipAddress }) => ipAddress ?? []);
  const interfaces = (pool.backendIPConfigurations ?? []).flatMap(({ id }) =>
    id === undefined ? [] : [machineOf(id)],
  );
  return [...new Set([...addresses, ...interfaces])].toSorted();
}

/** `set/3` of an instance's interface, the interface's name of a machine's. */
function machineOf(id: string): string {
  const instance = /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/([^/]+)\//i.exec(id);
  if (instance !== null) return `${instance[1]}/${instance[2]}`;
  return /\/networkInterfaces\/([^/]+)/i.exec(id)?.[1] ?? id;
}

function heldPublicIp(publicIp: PublicIPAddress, config: LoadBalancerConfig): HeldPublicIp {
  const { id = "", name = "", ipAddress: address, sku, provisioningState: state = "", dnsSettings } = publicIp;
  const fqdn = dnsSettings?.fqdn;
  return {
    id,
    name,
    ...(address !== undefined && { address }),
    sku: sku?.name ?? "Basic",
    state,
    ours: isManagedPublicIp(publicIp, config),
    ...(fqdn !== undefined && { fqdn }),
  };
}

function heldGroup(
  settings: LoadBalancerSettings,
  { securityGroupName }: LoadBalancerConfig,
  { securityGroup, addresses, nodeAddresses }: Seen & { readonly addresses: readonly string[] },
): HeldSecurityGroup {
  const destinations = settings.floatingIp ? addresses : nodeAddresses;
  const wanted = new Set(accessClaim(settings, destinations).rules.map(({ name }) => name));
  const about = (rule: SecurityRule): boolean =>
    rule.direction !== "Outbound" &&
    (settings.floatingIp || wanted.has(rule.name ?? "")) &&
    (rule.name ?? "").startsWith(SECURITY_RULE_PREFIX) &&
    destinationsOf(rule).some((each) => destinations.some((address) => sameAddress(address, each)));
  const all = securityGroup?.securityRules ?? [];
  return {
    name: securityGroupName,
    exists: securityGroup !== undefined,
    rules: heldSecurityRules(all.filter(about)),
    obstacles: heldSecurityRules(obstaclesAmong(all, settings, destinations)),
  };
}

function heldSecurityRules(rules: readonly SecurityRule[]): readonly HeldSecurityRule[] {
  return rules.map(heldSecurityRule).toSorted((a, b) => a.priority - b.priority);
}

function heldSecurityRule(rule: SecurityRule): HeldSecurityRule {
  const ports = portsOf(rule);
  const { name = "", priority = 0, access = "", protocol = "" } = rule;
  return { name, priority, access, protocol, ports, sources: sourcesOf(rule), destinations: destinationsOf(rule) };
}
