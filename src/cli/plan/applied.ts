import { keyOf, type Service, type ServicePort } from "../../cloudprovider/index.ts";
import type { Cluster } from "../cluster.ts";

/** A cluster as it would be, and words for what an API server would have chosen. */
export interface AppliedCluster extends Cluster {
  readonly words: ReadonlyMap<string, string>;
}

/** Above every port there is: stands for a port that an API server has yet to choose. */
const FIRST_PORT = 70_000;

/**
 * A cluster after manifests were applied: what they say counts, and what the API server had chosen for a Service stays:
 * uid, node ports, finalizers, status. For a Service that is not there yet these have stand-ins.
 */
export function applied(cluster: Cluster, { services, nodes }: Cluster): AppliedCluster {
  const words = new Map<string, string>();
  const merged = new Map(cluster.services.map((service) => [keyOf(service), service]));
  for (const wanted of services) {
    const key = keyOf(wanted);
    const before = merged.get(key);
    const known = before ?? newService(wanted, merged.size, words);
    merged.set(key, withPorts(mergedService(known, wanted), known, words));
  }
  const allNodes = new Map([...cluster.nodes, ...nodes].map((node) => [keyOf(node), node]));
  return { services: [...merged.values()], nodes: [...allNodes.values()], words };
}

function mergedService(before: Service, { metadata, spec, status }: Service): Service {
  const { uid, creationTimestamp, deletionTimestamp, finalizers, resourceVersion } = {
    ...metadata,
    ...before.metadata,
  };
  const kept = { uid, creationTimestamp, deletionTimestamp, finalizers, resourceVersion };
  const defined = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  const { ipFamilies = ["IPv4" as const] } = before.spec;
  const shown = before.status.loadBalancer.ingress.length > 0 ? before.status : status;
  return {
    metadata: { ...metadata, ...(defined as Pick<Service["metadata"], "uid">) },
    spec: { externalTrafficPolicy: "Cluster", sessionAffinity: "None", ipFamilies, ...spec },
    status: shown,
  };
}

/** A Service whose uid, and with it its names in Azure, an API server has yet to choose. */
function newService(wanted: Service, index: number, words: Map<string, string>): Service {
  if (wanted.metadata.uid !== "") return wanted; // out of a cluster, as kubectl prints it
  const uid = `ffffffff-ffff-4fff-8fff-${index.toString(16).padStart(11, "0")}0`;
  const base = `a${uid}`.replaceAll("-", "").slice(0, 32);
  const { name, namespace } = wanted.metadata;
  words.set(base, `a<uid of ${name} in ${namespace}>`);
  return { ...wanted, metadata: { ...wanted.metadata, uid } };
}

function withPorts(service: Service, before: Service, words: Map<string, string>): Service {
  const { spec } = service;
  if (spec.type !== "LoadBalancer" || spec.allocateLoadBalancerNodePorts === false) return service;
  const stand = (of: string): number => {
    const number = FIRST_PORT + words.size;
    words.set(String(number), `(known after apply: ${of} of ${keyOf(service)})`);
    return number;
  };
  const ports = spec.ports.map((port) => {
    const nodePort = port.nodePort ?? nodePortBefore(before, port) ?? stand(`node port of ${port.port}`);
    return { ...port, nodePort };
  });
  if (spec.externalTrafficPolicy !== "Local") return { ...service, spec: { ...spec, ports } };
  const known = spec.healthCheckNodePort ?? before.spec.healthCheckNodePort;
  return { ...service, spec: { ...spec, ports, healthCheckNodePort: known ?? stand("health check node port") } };
}

function nodePortBefore({ spec }: Service, { port, protocol }: ServicePort): number | undefined {
  return spec.ports.find((each) => each.port === port && each.protocol === protocol)?.nodePort;
}
