import { describeProblem } from "../../../base/checked.ts";
import type { Service } from "../../../cloudprovider/objects.ts";
import * as entry from "../annotations/index.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { balancerName } from "../names.ts";
import type { PortSettings, ProbeSettings } from "../ports.ts";
import { type LoadBalancerSettings, resolveForDeletion, resolveSettings } from "../settings.ts";

/** One thing that a Service asks for, as text for people. */
export interface AskedSetting {
  readonly name: string;
  readonly value: string;
  /** Who says so: an annotation's key, a path in the Service, a key of azure.json, or `default`. */
  readonly from: string;
}

/** What a Service asks for. */
export interface Asked {
  readonly settings: readonly AskedSetting[];
  /** Values that are not accepted, a sentence each; as long as there are any, nothing changes. */
  readonly problems: readonly string[];
  /** Values that were accepted and deserve a word. */
  readonly remarks: readonly string[];
}

/** Resolves what a Service asks for; values that are not accepted are shown at their default. */
export function askedOf(service: Service, config: LoadBalancerConfig): Asked {
  const checked = resolveSettings(service, config);
  const settings = checked.ok ? checked.value : resolveForDeletion(service, config);
  return {
    settings: [
      ...placement(service, settings, config),
      ...addresses(service, settings, config),
      ...settings.ports.flatMap((port) => portRows(service, port, settings)),
      ...flows(service, settings, config),
      ...access(service, settings),
    ],
    problems: checked.ok ? [] : checked.problems.map(describeProblem),
    remarks: settings.remarks.map(({ text }) => text),
  };
}

type Key = Pick<entry.Annotation<unknown>, "key">;

/** The first of some annotations that the Service has, or what else decides. */
function from({ metadata }: Service, keys: readonly Key[], otherwise = "default"): string {
  return keys.find(({ key }) => metadata.annotations?.[key] !== undefined)?.key ?? otherwise;
}

function placement(
  service: Service,
  { internal, families, subnetName }: LoadBalancerSettings,
  config: LoadBalancerConfig,
): readonly AskedSetting[] {
  const name = config.loadBalancerName === undefined ? "--cluster-name" : "azure.json loadBalancerName";
  const pools = config.poolType === "nodeIP" ? "addresses of nodes" : "network interfaces of nodes";
  const subnet = {
    name: "subnet",
    value: subnetName,
    from: from(service, [entry.internalSubnet], "azure.json subnetName"),
  };
  return [
    {
      name: "reachable from",
      value: internal ? "the virtual network" : "the Internet",
      from: from(service, [entry.internal]),
    },
    { name: "load balancer", value: balancerName(config, internal), from: name },
    ...(internal ? [subnet] : []),
    {
      name: "families",
      value: families.join(", "),
      from: service.spec.ipFamilies === undefined ? "default" : "spec.ipFamilies",
    },
    { name: "pool members", value: pools, from: "azure.json loadBalancerBackendPoolConfigurationType" },
  ];
}

function addresses(
  service: Service,
  settings: LoadBalancerSettings,
  config: LoadBalancerConfig,
): readonly AskedSetting[] {
  const { publicIp, internal, additionalAddresses } = settings;
  const wanted = Object.values(settings.addresses);
  const names = Object.values(publicIp.names);
  const prefixes = Object.values(publicIp.prefixIds);
  const rows: readonly (AskedSetting | undefined)[] = [
    {
      name: "address",
      value: wanted.length === 0 ? (names.length === 0 ? "any" : "that of the public IP") : wanted.join(", "),
      from: wanted.length === 0 ? "default" : from(service, [entry.ipv4, entry.ipv6], "spec.loadBalancerIP"),
    },
    row("public IP", names.join(", "), from(service, [entry.pipName, entry.pipNameIpv6])),
    row("public IP prefix", prefixes.join(", "), from(service, [entry.pipPrefixId, entry.pipPrefixIdIpv6])),
    internal || publicIp.resourceGroup === config.resourceGroup
      ? undefined
      : { name: "public IPs in", value: publicIp.resourceGroup, from: from(service, [entry.resourceGroup]) },
    row("DNS label", publicIp.dnsLabel ?? "", from(service, [entry.dnsLabel])),
    row("also shown", additionalAddresses.join(", "), from(service, [entry.additionalPublicIps])),
  ];
  return rows.filter((each) => each !== undefined);
}

function row(name: string, value: string, source: string): AskedSetting | undefined {
  return value === "" ? undefined : { name, value, from: source };
}

function portRows(service: Service, port: PortSettings, settings: LoadBalancerSettings): readonly AskedSetting[] {
  const { highAvailability, floatingIp } = settings;
  const arrives = floatingIp ? "" : `, at node port ${port.nodePort}`;
  const what = highAvailability === undefined ? `${port.protocol} ${port.port}${arrives}` : "all ports";
  const probe = highAvailability === undefined ? port.probe : (highAvailability.probe ?? "service");
  const label = port.name === undefined ? "port" : `port ${port.name}`;
  const keys = PROBE_KEYS.map(({ key }) => ({ key: key.replace(entry.PORT, String(port.port)) }));
  return [
    { name: label, value: what, from: "spec.ports" },
    { name: "  probed by", value: probeText(probe, settings), from: from(service, keys) },
  ];
}

/** What decides about a probe, what is about the port alone first. */
const PROBE_KEYS: readonly Key[] = [
  entry.noProbe,
  entry.portProbeProtocol,
  entry.portProbePort,
  entry.portProbePath,
  entry.portProbeIntervalSeconds,
  entry.portProbeThreshold,
  entry.probeProtocol,
  entry.probePath,
  entry.probeIntervalSeconds,
  entry.probeThreshold,
];

function probeText(probe: PortSettings["probe"], { serviceProbe }: LoadBalancerSettings): string {
  const shown = probe === "service" ? serviceProbe : probe;
  return shown === undefined ? "nothing" : probeWords(shown);
}

function probeWords({ protocol, port, path, intervalSeconds, threshold }: ProbeSettings): string {
  return `${protocol} ${port}${path ?? ""}, every ${intervalSeconds} s, ${threshold} times`;
}

function flows(service: Service, settings: LoadBalancerSettings, config: LoadBalancerConfig): readonly AskedSetting[] {
  const { spec } = service;
  const policy = spec.externalTrafficPolicy;
  const probing = config.probeMode === "shared" ? "azure.json clusterServiceLoadBalancerHealthProbeMode" : "default";
  return [
    {
      name: "packets arrive with",
      value: settings.floatingIp ? "the balancer's address" : "the node's address",
      from: from(service, [entry.disableFloatingIp]),
    },
    {
      name: "nodes that serve",
      value: policy === "Local" ? "those with a pod" : "all",
      from: policy === undefined ? probing : "spec.externalTrafficPolicy",
    },
    {
      name: "sticky by client",
      value: settings.stickyByClientIp ? "yes" : "no",
      from: spec.sessionAffinity === undefined ? "default" : "spec.sessionAffinity",
    },
    {
      name: "idle timeout",
      value: `${settings.idleTimeoutMinutes} min, ${settings.tcpReset ? "then reset" : "then dropped"}`,
      from: from(service, [entry.idleTimeoutMinutes, entry.disableTcpReset]),
    },
  ];
}

function access(service: Service, { access: asked }: LoadBalancerSettings): readonly AskedSetting[] {
  const sources = [...asked.tags, ...asked.ranges.IPv4, ...asked.ranges.IPv6];
  const spec = service.spec.loadBalancerSourceRanges === undefined ? "default" : "spec.loadBalancerSourceRanges";
  const keys = [entry.allowedIpRanges, entry.allowedServiceTags, entry.sourceRanges];
  return [
    {
      name: "lets in",
      value: asked.enabled ? sources.join(", ") || "the virtual network" : "whom the security group lets in",
      from: from(service, [entry.disableSecurityRule, ...keys], spec),
    },
    ...(asked.denyOthers
      ? [{ name: "keeps out", value: "everybody else", from: from(service, [entry.denyAllExceptSources]) }]
      : []),
  ];
}
