import { compact, sameJson } from "../json.ts";
import {
  isExternallyReachable,
  needsClusterIp,
  needsHealthCheckPort,
  needsNodePorts,
  type Service,
  type ServicePort,
  type ServiceSpec,
} from "./service-shape.ts";

/** Puts allocated values back that a client left out of its update, so that an update made from a manifest keeps them. */
export function keepAllocated(next: Service, old: Service): Service {
  const was = old.spec ?? {};
  const spec = next.spec ?? {};
  return {
    ...next,
    spec: compact({
      ...spec,
      ...keptClusterIps(spec, was),
      ...(needsNodePorts(was) && needsNodePorts(spec) && { ports: keptNodePorts(spec.ports ?? [], was.ports ?? []) }),
      ...(needsHealthCheckPort(was) &&
        needsHealthCheckPort(spec) && { healthCheckNodePort: spec.healthCheckNodePort ?? was.healthCheckNodePort }),
    }),
  };
}

/** Removes what the new type has no use for, where the client did not touch it: the way back from LoadBalancer. */
export function dropUnused(next: Service, old: Service): Service {
  const was = old.spec ?? {};
  const spec: { -readonly [K in keyof ServiceSpec]: ServiceSpec[K] } = { ...next.spec };
  const wipe = (field: keyof ServiceSpec, applies: (spec: ServiceSpec) => boolean): void => {
    if (applies(was) && !applies(spec) && sameJson(spec[field], was[field])) delete spec[field];
  };
  const isBalancer = ({ type }: ServiceSpec): boolean => type === "LoadBalancer";
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] as const) {
    wipe(field, needsClusterIp);
  }
  wipe("healthCheckNodePort", needsHealthCheckPort);
  wipe("externalTrafficPolicy", isExternallyReachable);
  wipe("allocateLoadBalancerNodePorts", isBalancer);
  wipe("loadBalancerClass", isBalancer);
  if (needsNodePorts(was) && !needsNodePorts(spec) && sameNodePorts(spec, was)) {
    spec.ports = (spec.ports ?? []).map(withoutNodePort);
  }
  return { ...next, spec };
}

function withoutNodePort(port: ServicePort): ServicePort {
  const { nodePort: _, ...rest } = port;
  return rest;
}

function keptClusterIps(spec: ServiceSpec, was: ServiceSpec): Partial<ServiceSpec> {
  if (!needsClusterIp(spec) || !needsClusterIp(was)) return {};
  const { clusterIP = was.clusterIP, clusterIPs = was.clusterIPs } = spec;
  if (clusterIP === undefined) return {};
  // A client that changes clusterIP alone means the list as well.
  const listIsStale = clusterIP !== was.clusterIP && sameJson(clusterIPs, was.clusterIPs);
  return { clusterIP, clusterIPs: listIsStale ? [clusterIP] : (clusterIPs ?? [clusterIP]) };
}

function keptNodePorts(ports: readonly ServicePort[], old: readonly ServicePort[]): readonly ServicePort[] {
  const oldNumbers = new Set(old.map(({ nodePort }) => nodePort));
  const taken = new Set(ports.map(({ nodePort }) => nodePort).filter((port) => oldNumbers.has(port)));
  const byName = new Map(old.map(({ name = "", nodePort }) => [name, nodePort]));
  return ports.map((port) => {
    const known = byName.get(port.name ?? "");
    if (port.nodePort !== undefined || known === undefined || taken.has(known)) return port;
    taken.add(known);
    return { ...port, nodePort: known };
  });
}

function sameNodePorts(spec: ServiceSpec, was: ServiceSpec): boolean {
  const numbers = ({ ports = [] }: ServiceSpec): string[] => ports.map(({ nodePort = 0 }) => String(nodePort)).sort();
  const before = numbers(was);
  return numbers(spec).every((port) => port === "0" || before.includes(port));
}
