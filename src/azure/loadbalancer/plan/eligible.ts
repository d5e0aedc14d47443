import type { AddressFamily } from "../../../base/cidr.ts";
import { canonicalAddress, familyOf } from "../../../base/cidr.ts";
import type { Node } from "../../../cloudprovider/objects.ts";
import { mayReceiveTraffic } from "../../../cloudprovider/rules/index.ts";
import type { LoadBalancerConfig } from "../config.ts";

const MANAGED = "kubernetes.azure.com/managed";
const RESOURCE_GROUP = "kubernetes.azure.com/resource-group";

/** Whether a node is a control-plane node, by any label that ever said so. */
function isControlPlane({ metadata: { labels = {} } }: Node): boolean {
  return (
    labels["node-role.kubernetes.io/control-plane"] !== undefined ||
    labels["node-role.kubernetes.io/master"] !== undefined ||
    labels["kubernetes.io/role"] === "master"
  );
}

/** Whether Azure's tools look after a node; its addresses then count as the cluster's. */
function isManagedNode({ metadata: { labels = {} } }: Node): boolean {
  return labels[MANAGED]?.toLowerCase() !== "false";
}

/**
 * Whether a node may be a member of the cluster's pools. One predicate for joining and leaving; nodes that are not ready
 * stay in, the probe decides about them.
 */
export function isEligible(node: Node, config: LoadBalancerConfig): boolean {
  if (!mayReceiveTraffic(node) || !isManagedNode(node)) return false;
  if (config.poolType === "nodeIP") return !isControlPlane(node);
  const controlPlaneOut = config.sku === "standard" && config.excludeControlPlane;
  return isInGroup(node, config.resourceGroup) && !(controlPlaneOut && isControlPlane(node));
}

/** The interfaces of a node in another resource group are not ours to change. */
function isInGroup({ metadata: { labels = {} } }: Node, resourceGroup: string): boolean {
  const elsewhere = labels[RESOURCE_GROUP];
  return elsewhere === undefined || elsewhere.toLowerCase() === resourceGroup.toLowerCase();
}

/** A node's first internal address of a family, in canonical spelling; undefined when it has none. */
export function internalAddress({ status }: Node, family: AddressFamily): string | undefined {
  const found = status.addresses.find(({ type, address }) => type === "InternalIP" && familyOf(address) === family);
  if (found === undefined) return undefined;
  return family === "IPv4" ? found.address : canonicalAddress(found.address); // IPv4 has one spelling only
}
