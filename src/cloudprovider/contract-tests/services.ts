import { keyOf, type LoadBalancerStatus, type Node, type Service, type ServiceSpec } from "../objects.ts";
import { frozen, patiently } from "./claims.ts";
import type { BalancerFacts, LoadBalancerSubject } from "./load-balancer-subject.ts";

/** A Service of type LoadBalancer on TCP 80, frozen; `index` (0 to 9) tells several apart. */
export function contractService(index = 0, spec: Partial<ServiceSpec> = {}): Service {
  return frozen({
    metadata: {
      name: `web-${index}`,
      namespace: "contract",
      uid: `c0ffee0${index}-884c-4d65-9a2f-eaa0c55ad015`,
      creationTimestamp: `2026-01-01T00:00:0${index}Z`,
      finalizers: ["service.kubernetes.io/load-balancer-cleanup"],
    },
    spec: {
      type: "LoadBalancer",
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080, nodePort: 30_080 + index }],
      externalTrafficPolicy: "Cluster",
      sessionAffinity: "None",
      ipFamilies: ["IPv4"],
      ...spec,
    },
    status: { loadBalancer: { ingress: [] } },
  });
}

/** A second port, for Services that change. */
export const SECOND_PORT = { name: "https", protocol: "TCP", port: 443, targetPort: 8443, nodePort: 30_443 } as const;

/** Publishes the Service and ensures it on `nodes`; all of the subject's when absent. */
export function ensure(
  subject: LoadBalancerSubject,
  service: Service,
  nodes: readonly Node[] = subject.nodes,
): Promise<LoadBalancerStatus> {
  subject.publish(keyOf(service), service);
  return subject.balancer.ensureLoadBalancer(subject.clusterName, service, frozen(nodes), patiently());
}

/** Publishes the Service and brings its members up to `nodes`. */
export function update(subject: LoadBalancerSubject, service: Service, nodes: readonly Node[]): Promise<void> {
  subject.publish(keyOf(service), service);
  return subject.balancer.updateLoadBalancer(subject.clusterName, service, frozen(nodes), patiently());
}

/** Publishes the Service as being deleted and deletes its balancer. */
export function remove(subject: LoadBalancerSubject, service: Service): Promise<void> {
  const going = goingAway(service);
  subject.publish(keyOf(going), going);
  return subject.balancer.ensureLoadBalancerDeleted(subject.clusterName, going, patiently());
}

/** The Service after `kubectl delete`, while its finalizer holds it. */
export function goingAway(service: Service): Service {
  return frozen({ ...service, metadata: { ...service.metadata, deletionTimestamp: "2026-01-02T00:00:00Z" } });
}

/** What the provider says the cloud holds. */
export function lookUp(
  subject: LoadBalancerSubject,
  service: Service,
): Promise<{ readonly status: LoadBalancerStatus | undefined } | undefined> {
  return subject.balancer.getLoadBalancer(subject.clusterName, service, patiently());
}

/** What the cloud holds, in the shape of {@link LoadBalancerSubject.observe}, for `nodes` and `ports`. */
export function factsOf(nodes: readonly Node[], ports: readonly string[]): BalancerFacts {
  return { members: nodes.map(({ metadata }) => metadata.name).toSorted(), ports: ports.toSorted() };
}
