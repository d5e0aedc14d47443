import type { LoadBalancer as Balancer, NetworkSecurityGroup } from "@azure/arm-network";
import type { Clock } from "../../base/clock.ts";
import type { ProviderWorld } from "../../cloudprovider/cloud.ts";
import type { Node, Service } from "../../cloudprovider/objects.ts";
import type { Arm } from "../arm/engine.ts";
import type { Aftercare } from "./aftercare.ts";
import type { Begun } from "./begun.ts";
import type { Claims } from "./claims.ts";
import type { LoadBalancerConfig } from "./config.ts";
import type { Observer } from "./observe.ts";
import type { PoolMembers } from "./pool-members.ts";
import type { LoadBalancerSettings } from "./settings.ts";

/** What all passes over Services share. */
export interface Room {
  readonly config: LoadBalancerConfig;
  readonly arm: Pick<Arm, "resource" | "refresh">;
  readonly observe: Observer;
  readonly claims: Claims;
  readonly members: PoolMembers;
  readonly aftercare: Aftercare;
  readonly clock: Clock;
  readonly world: ProviderWorld;
  readonly begun: Begun;
  /** The nodes that may receive traffic, as the newest caller said; never empty once there were any. */
  readonly nodes: () => readonly Node[];
  /** Where packets for Services without floating IP arrive; empty only while no node is known. */
  readonly nodeAddresses: () => readonly string[];
  /** The same of all nodes of the cluster, those too that may not receive traffic. */
  readonly clusterAddresses: () => readonly string[];
  /** Those of the addresses behind balancers that the security group has rules for. */
  readonly openBehind: (group: NetworkSecurityGroup | undefined, balancers: readonly Balancer[]) => readonly string[];
}

/** One Service in one pass: what Kubernetes says of it, and what that means. */
export interface Subject {
  readonly service: Service;
  readonly settings: LoadBalancerSettings;
}

/** Tells the user of a Service something. */
export function tell(
  { world }: Room,
  { metadata }: Service,
  type: "Normal" | "Warning",
  about: { reason: string; text: string },
): void {
  world.events.record({ kind: "Service", metadata }, type, about.reason, about.text);
}
