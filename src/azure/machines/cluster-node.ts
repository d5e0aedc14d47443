/** The fields of a Kubernetes Node that this room reads; the contract's `Node` has them. */
export interface ClusterNode {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly providerID?: string };
}

/** Label of a node whose machine is in another resource group than the cluster's. */
const GROUP_LABEL = "kubernetes.azure.com/resource-group";

/** The resource group that a node's label names, in lower case; undefined when there is no label or an empty one. */
export function labelledGroup(node: ClusterNode): string | undefined {
  const group = node.metadata.labels?.[GROUP_LABEL]?.toLowerCase();
  return group === "" ? undefined : group;
}
