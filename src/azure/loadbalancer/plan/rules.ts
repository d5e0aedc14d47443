import type { LoadBalancingRule, Probe } from "@azure/arm-network";
import type { AddressFamily } from "../../../base/cidr.ts";
import { childId } from "../../arm/resource-id.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { poolName, ruleName, SHARED_PROBE_NAME } from "../names.ts";
import type { LoadBalancerSettings, PortSettings, ProbeSettings } from "../settings.ts";
import type { Wanted } from "./sameness.ts";

/** The frontend that one family's rules stand on. */
export interface RuleSite {
  readonly family: AddressFamily;
  readonly balancerId: string;
  readonly frontendId: string;
}

/** A rule or probe as it should be; every field we decide is spelled out. */
export type Named<T> = Wanted<T> & { readonly name: string };

/** Rules and probes of one family. */
export interface PlannedRules {
  readonly rules: readonly Named<LoadBalancingRule>[];
  readonly probes: readonly Named<Probe>[];
}

const TRANSPORT = { TCP: "Tcp", UDP: "Udp", SCTP: "All" } as const; // a balancer knows no SCTP, but takes all protocols on one port

/** The rules of a Service on one frontend and the probes they need, in the order of the Service's ports. */
export function planRules(settings: LoadBalancerSettings, config: LoadBalancerConfig, site: RuleSite): PlannedRules {
  const probes = new Map<string, Named<Probe>>();
  const rules = settings.ports.map((port) => {
    const probe = probeOf(settings, site.family, port);
    if (probe !== undefined) probes.set(probe.name, probe);
    return planRule(settings, config, site, { port, probeName: probe?.name });
  });
  return { rules, probes: [...probes.values()] };
}

function planRule(
  settings: LoadBalancerSettings,
  config: LoadBalancerConfig,
  { family, balancerId, frontendId }: RuleSite,
  { port, probeName }: { readonly port: PortSettings; readonly probeName: string | undefined },
): Named<LoadBalancingRule> {
  const floating = hasFloatingIp(settings, family);
  return {
    ...transportOf(settings, config, port, floating),
    name: ruleName(settings, port.protocol, port.port, family),
    enableFloatingIP: floating,
    disableOutboundSnat: config.sku === "standard" && config.disableOutboundSnat,
    loadDistribution: settings.stickyByClientIp ? "SourceIP" : "Default",
    idleTimeoutInMinutes: settings.idleTimeoutMinutes,
    frontendIPConfiguration: { id: frontendId },
    backendAddressPool: { id: childId(balancerId, "backendAddressPools", poolName(config.clusterName, family)) },
    probe: probeName === undefined ? undefined : { id: childId(balancerId, "probes", probeName) },
  };
}

/** Protocol, ports and reset; ARM takes the reset for TCP and for all ports, and on the standard SKU only. */
function transportOf(
  { highAvailability, tcpReset }: LoadBalancerSettings,
  { sku }: LoadBalancerConfig,
  { protocol, port, nodePort }: PortSettings,
  floating: boolean,
): Wanted<LoadBalancingRule> {
  const reset = sku === "standard" ? { enableTcpReset: tcpReset } : {};
  if (highAvailability !== undefined) return { protocol: "All", frontendPort: 0, backendPort: 0, ...reset };
  return {
    protocol: TRANSPORT[protocol],
    frontendPort: port,
    backendPort: floating ? port : nodePort,
    ...(protocol === "TCP" ? reset : {}),
  };
}

/** Secondary addresses of an internal balancer cannot float, and its IPv6 address is one. With all ports it stays on. */
function hasFloatingIp(settings: LoadBalancerSettings, family: AddressFamily): boolean {
  if (settings.internal && family === "IPv6") return false;
  return settings.floatingIp || settings.highAvailability !== undefined;
}

function probeOf(settings: LoadBalancerSettings, family: AddressFamily, port: PortSettings): Named<Probe> | undefined {
  const { serviceProbe, highAvailability } = settings;
  const own = highAvailability === undefined ? port.probe : (highAvailability.probe ?? "service");
  if (own === undefined) return undefined;
  if (own !== "service") return planProbe(ruleName(settings, port.protocol, port.port, family), own);
  if (serviceProbe === undefined) return undefined;
  const name =
    serviceProbe.kind === "shared" ? SHARED_PROBE_NAME : ruleName(settings, "TCP", serviceProbe.port, family);
  return planProbe(name, serviceProbe);
}

function planProbe(name: string, { protocol, port, path, intervalSeconds, threshold }: ProbeSettings): Named<Probe> {
  return {
    name,
    protocol,
    port,
    requestPath: path,
    intervalInSeconds: intervalSeconds,
    // numberOfProbes is accepted by ARM and has no effect
    probeThreshold: threshold,
  };
}
