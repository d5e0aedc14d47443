import { ageOf } from "./age.ts";
import type { Service, ServiceSpec } from "./service-shape.ts";

/** The row of a Service in `kubectl get services`. */
export function serviceCells(service: Service, nowMs: number): readonly string[] {
  const { metadata, spec = {} } = service;
  return [
    metadata.name,
    spec.type ?? "",
    spec.clusterIPs?.[0] ?? "<none>",
    externalIp(service),
    ports(spec),
    ageOf(metadata.creationTimestamp, nowMs),
    selector(spec),
  ];
}

function externalIp(service: Service): string {
  const { type, externalIPs = [], externalName = "" } = service.spec ?? {};
  if (type === "ExternalName") return externalName;
  if (type !== "LoadBalancer") return externalIPs.length > 0 ? externalIPs.join(",") : "<none>";
  const addresses = [...balancedAddresses(service), ...externalIPs];
  return addresses.length > 0 ? addresses.join(",") : "<pending>";
}

function balancedAddresses({ status }: Service): readonly string[] {
  const ingress = status?.loadBalancer?.ingress ?? [];
  return [...new Set(ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []))].sort();
}

function ports({ ports = [] }: ServiceSpec): string {
  if (ports.length === 0) return "<none>";
  return ports
    .map(({ port, nodePort, protocol }) => `${port}${nodePort === undefined ? "" : `:${nodePort}`}/${protocol}`)
    .join(",");
}

function selector({ selector = {} }: ServiceSpec): string {
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}
