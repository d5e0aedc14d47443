import type { Protocol, Service, ServicePort } from "../../cloudprovider/objects.ts";
import * as entry from "./annotations/index.ts";
import {
  DEFAULT_PROBE_PROTOCOL,
  type Intake,
  type ProbeProtocol,
  probeProtocolOf,
  rawOf,
  read,
  readPresent,
} from "./annotations/index.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { resolveTiming } from "./probe-timing.ts";

/** How nodes are probed. */
export interface ProbeSettings {
  readonly protocol: ProbeProtocol;
  /** 0 to 65535. */
  readonly port: number;
  /** Undefined for TCP. */
  readonly path: string | undefined;
  readonly intervalSeconds: number;
  readonly threshold: number;
}

/** A probe that all ports of a Service use: kube-proxy's answer for this Service, or for the node. */
export interface ServiceProbe extends ProbeSettings {
  readonly kind: "local" | "shared";
}

/** One port of a Service that gets a rule. */
export interface PortSettings {
  /** Undefined when the Service has a single port without a name. */
  readonly name: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  /** 0 when none was allocated. */
  readonly nodePort: number;
  /** Its own probe, the Service's one probe, or none. */
  readonly probe: ProbeSettings | "service" | undefined;
}

/** What ports are resolved from, besides annotations. */
export interface PortContext {
  readonly service: Service;
  readonly config: LoadBalancerConfig;
  readonly internal: boolean;
  readonly serviceProbe: ServiceProbe | undefined;
}

/** Ports with a rule, or the one rule for all. */
export interface ResolvedPorts {
  readonly ports: readonly PortSettings[];
  readonly highAvailability: { readonly probe: ProbeSettings | undefined } | undefined;
}

/** Path and port of kube-proxy's health endpoint for one Service with externalTrafficPolicy Local. */
const LOCAL_HEALTH_PATH = "/healthz";

/** The probe that serves all ports, for externalTrafficPolicy Local or in shared mode; undefined when each port has its own. */
export function serviceProbe(intake: Intake, { spec }: Service, config: LoadBalancerConfig): ServiceProbe | undefined {
  if (spec.externalTrafficPolicy === "Local") {
    // kube-proxy's health endpoint does not speak the PROXY protocol, so nodes are then probed as with Cluster
    if (read(intake, entry.plsCreate) && read(intake, entry.plsProxyProtocol)) return undefined;
    const port = spec.healthCheckNodePort ?? 0;
    return { kind: "local", protocol: "Http", port, path: LOCAL_HEALTH_PATH, ...resolveTiming(intake, port) };
  }
  if (config.probeMode !== "shared") return undefined;
  const { sharedProbePort, sharedProbePath } = config;
  return {
    kind: "shared",
    protocol: "Http",
    port: sharedProbePort,
    path: sharedProbePath,
    intervalSeconds: entry.probeIntervalSeconds.fallback,
    threshold: entry.probeThreshold.fallback,
  };
}

/** The ports that get rules. Problems with a port's annotations are collected; ports without a rule have none. */
export function resolvePorts(intake: Intake, context: PortContext): ResolvedPorts {
  const { spec } = context.service;
  const wantsAll = read(intake, entry.highAvailabilityPorts) && context.internal && context.config.sku === "standard";
  const [first] = spec.ports;
  if (wantsAll && first !== undefined) {
    return { ports: [settingsOf(first, undefined)], highAvailability: { probe: firstProbe(intake, context) } };
  }
  const ports = spec.ports.flatMap((port, index) => {
    if (read(intake, entry.noRule, port.port)) return [];
    refuseProtocol(intake, context, port, `spec.ports[${index}].protocol`);
    const probe = read(intake, entry.noProbe, port.port) ? undefined : probeOf(intake, context, port);
    return [settingsOf(port, probe)];
  });
  return { ports, highAvailability: undefined };
}

function refuseProtocol(intake: Intake, context: PortContext, { protocol }: ServicePort, field: string): void {
  const got = protocol as string; // an API server sends what it knows, which may be more than we do
  if (got === "SCTP" && !(context.internal && context.config.sku === "standard")) {
    intake.problems.push({
      field,
      got,
      want: "TCP or UDP: SCTP is only supported on standard loadbalancer in internal mode",
    });
  } else if (got !== "TCP" && got !== "UDP" && got !== "SCTP") {
    intake.problems.push({ field, got, want: "TCP, UDP or SCTP" });
  }
}

function settingsOf(port: ServicePort, probe: PortSettings["probe"]): PortSettings {
  return { name: port.name, protocol: port.protocol, port: port.port, nodePort: nodePortOf(port), probe };
}

function nodePortOf({ nodePort }: ServicePort): number {
  return nodePort ?? 0;
}

/** With one rule for all ports the first port whose probe can be read gives the probe; the others are not looked at. */
function firstProbe(intake: Intake, context: PortContext): ProbeSettings | undefined {
  if (context.serviceProbe !== undefined) return undefined;
  for (const port of context.service.spec.ports) {
    const trial: Intake = { annotations: intake.annotations, problems: [], remarks: [] };
    const probe = probeOf(trial, context, port);
    if (probe !== undefined && probe !== "service" && trial.problems.length === 0) return probe;
  }
  return undefined;
}

function probeOf(intake: Intake, context: PortContext, port: ServicePort): ProbeSettings | "service" | undefined {
  const inherited = context.serviceProbe === undefined ? undefined : "service";
  if (context.serviceProbe?.kind === "shared" || port.protocol !== "TCP") return inherited;
  const named = readPresent(intake, entry.portProbePort, port.port);
  if (named === undefined && inherited !== undefined) return inherited;
  const protocol = protocolOf(intake, context.config, port);
  return {
    protocol,
    port: named === undefined ? nodePortOf(port) : probedPort(intake, context.service, port, named),
    path: protocol === "Tcp" ? undefined : pathOf(intake, port),
    ...resolveTiming(intake, port.port),
  };
}

function probedPort(intake: Intake, { spec }: Service, port: ServicePort, named: string): number {
  const byName = spec.ports.find(({ name }) => name?.toLowerCase() === named.toLowerCase());
  const number = /^\d+$/.test(named) ? Number(named) : Number.NaN;
  const target = byName ?? spec.ports.find((each) => each.port === number);
  if (target !== undefined) return nodePortOf(target);
  if (number <= 65_535) return number;
  const { portProbePort } = entry;
  const field = entry.keyFor(portProbePort, port.port);
  intake.problems.push({ field, got: rawOf(intake, portProbePort, port.port), want: portProbePort.accepts });
  return nodePortOf(port);
}

function protocolOf(intake: Intake, config: LoadBalancerConfig, { port, appProtocol }: ServicePort): ProbeProtocol {
  // An appProtocol that is no probe protocol means TCP, and hides the Service's annotation
  const byPort = appProtocol === undefined ? undefined : (probeProtocolOf(appProtocol) ?? DEFAULT_PROBE_PROTOCOL);
  const wanted =
    read(intake, entry.portProbeProtocol, port) ??
    byPort ??
    read(intake, entry.probeProtocol) ??
    DEFAULT_PROBE_PROTOCOL;
  return wanted === "Https" && config.sku === "basic" ? "Tcp" : wanted;
}

function pathOf(intake: Intake, { port }: ServicePort): string {
  return read(intake, entry.portProbePath, port) ?? read(intake, entry.probePath) ?? "/";
}
