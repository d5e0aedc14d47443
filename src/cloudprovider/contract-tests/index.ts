export * from "./contract.ts";
export { disksContract } from "./disks.ts";
export type { DisksSubject } from "./disks-subject.ts";
export { type InstancesSubject, instancesContract } from "./instances.ts";
export { loadBalancerContract } from "./load-balancer.ts";
export type { BalancerFacts, LoadBalancerSubject } from "./load-balancer-subject.ts";
export { type RoutesSubject, routesContract } from "./routes.ts";
