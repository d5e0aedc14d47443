export * from "./contract.ts";
export { type DisksSubject, disksContract } from "./disks.ts";
export { type InstancesSubject, instancesContract } from "./instances.ts";
export { type BalancerFacts, type LoadBalancerSubject, loadBalancerContract } from "./load-balancer.ts";
export { type RoutesSubject, routesContract } from "./routes.ts";
