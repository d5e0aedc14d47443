import type { Node } from "../../../cloudprovider/objects.ts";
import { isExcludedFromBalancers, mayReceiveTraffic } from "../../../cloudprovider/rules/index.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { internalAddress, isEligible } from "../plan/eligible.ts";

/** A node, and whether it may be behind balancers. */
export interface Candidate {
  readonly node: string;
  /** Its first internal address. */
  readonly address?: string;
  readonly eligible: boolean;
  /** Why not; absent when it is eligible. */
  readonly why?: string;
  readonly ready: boolean;
}

/** Every node with what keeps it away from balancers, by name. */
export function candidatesOf(nodes: readonly Node[], config: LoadBalancerConfig): readonly Candidate[] {
  const byName = (a: Node, b: Node): number => (a.metadata.name < b.metadata.name ? -1 : 1);
  return nodes.toSorted(byName).map((node) => {
    const address = internalAddress(node, "IPv4") ?? internalAddress(node, "IPv6");
    const eligible = isEligible(node, config);
    return {
      node: node.metadata.name,
      ...(address !== undefined && { address }),
      eligible,
      ...(!eligible && { why: reasonAgainst(node, config) }),
      ready: node.status.conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    };
  });
}

function reasonAgainst(node: Node, { poolType, resourceGroup }: LoadBalancerConfig): string {
  const { deletionTimestamp, labels = {} } = node.metadata;
  if (deletionTimestamp !== undefined) return "it is being deleted";
  if (isExcludedFromBalancers(node))
    return "its label node.kubernetes.io/exclude-from-external-load-balancers keeps it out";
  if (!mayReceiveTraffic(node)) return "the taint ToBeDeletedByClusterAutoscaler keeps it out";
  if (labels["kubernetes.azure.com/managed"]?.toLowerCase() === "false") {
    return "its label kubernetes.azure.com/managed says that Azure does not look after it";
  }
  const group = labels["kubernetes.azure.com/resource-group"];
  const elsewhere = group !== undefined && group.toLowerCase() !== resourceGroup.toLowerCase();
  if (poolType !== "nodeIP" && elsewhere) return `it is in the resource group ${group}, not in ${resourceGroup}`;
  return "it is a control-plane node";
}
