import type { LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import type { LoadBalancerConfig } from "../config.ts";
import { balancerName, isGeneratedPublicIpName } from "../names.ts";
import { CLUSTER_TAG, ownerTag, SERVICE_TAG, tagKey } from "../ownership.ts";

/** What becomes of a resource after all edits on it were folded. */
export type Settlement = "keep" | "remove";

/**
 * A balancer of this cluster goes with its last frontend, unless a provisioning tool fills its pools. A foreign frontend
 * (for outbound rules) keeps it.
 */
export function settleLoadBalancer(balancer: LoadBalancer, config: LoadBalancerConfig): Settlement {
  const name = balancer.name?.toLowerCase();
  const internal = name === balancerName(config, true).toLowerCase();
  const ours = internal || name === balancerName(config, false).toLowerCase();
  const empty = (balancer.frontendIPConfigurations ?? []).length === 0;
  return ours && empty && !hasPreconfiguredPools(config, internal) ? "remove" : "keep";
}

/** Whether a provisioning tool fills the pools of the external or internal balancer. */
export function hasPreconfiguredPools({ preconfiguredPools }: LoadBalancerConfig, internal: boolean): boolean {
  return preconfiguredPools === "all" || preconfiguredPools === (internal ? "internal" : "external");
}

/**
 * A public IP goes when it was made for this cluster and the last Service was taken out of its tag, which
 * `releaseEdit` leaves behind empty. ARM never sees the empty tag: the removal takes the place of the write.
 */
export function settlePublicIp(
  publicIp: PublicIPAddress,
  { clusterName }: Pick<LoadBalancerConfig, "clusterName">,
): Settlement {
  const services = publicIp.tags?.[tagKey(publicIp, SERVICE_TAG)];
  const cluster = ownerTag(publicIp, CLUSTER_TAG) ?? "";
  const here = cluster === "" || cluster.toLowerCase() === clusterName.toLowerCase();
  return services === "" && here && isGeneratedPublicIpName(publicIp.name ?? "", clusterName) ? "remove" : "keep";
}
