import { compact } from "../json.ts";
import {
  isExternallyReachable,
  needsClusterIp,
  type Service,
  type ServicePort,
  type ServiceSpec,
} from "./service-shape.ts";

/** Three hours: how long client-IP affinity lasts when nobody says. */
const AFFINITY_SECONDS = 10_800;

/** Fills in what the real server fills in, apart from allocated values. Idempotent. */
export function defaultService(service: Service): Service {
  const given = service.spec ?? {};
  const type = given.type ?? "ClusterIP";
  const spec: ServiceSpec = { ...given, type };
  const ports = spec.ports?.map((port) => defaultPort(port, type));
  return {
    ...service,
    spec: compact({
      ...spec,
      ...(ports && { ports }),
      ...affinityDefaults(spec),
      ...policyDefaults(spec),
    }),
    status: { ...service.status, loadBalancer: service.status?.loadBalancer ?? {} },
  };
}

function defaultPort(port: ServicePort, type: string): ServicePort {
  // Go reads a missing number as zero, and validation then refuses the zero.
  const number = port.port ?? 0;
  const targetPort = port.targetPort ?? (type === "ExternalName" ? undefined : number);
  return compact({ ...port, protocol: port.protocol ?? "TCP", port: number, targetPort }) as ServicePort;
}

function affinityDefaults(spec: ServiceSpec): Partial<ServiceSpec> {
  const sessionAffinity = spec.sessionAffinity ?? "None";
  if (sessionAffinity !== "ClientIP") return { sessionAffinity };
  const timeoutSeconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS;
  return { sessionAffinity, sessionAffinityConfig: { clientIP: { timeoutSeconds } } };
}

function policyDefaults(spec: ServiceSpec): Partial<ServiceSpec> {
  const { type } = spec;
  return {
    ...(isExternallyReachable(spec) && { externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster" }),
    ...(needsClusterIp(spec) && { internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster" }),
    ...(type === "LoadBalancer" && { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }),
  };
}
