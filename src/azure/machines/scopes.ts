import { formatGroupId, groupOf, idKey } from "../arm/resource-id.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { parseProviderId, scaleSetIdOf } from "./provider-id.ts";

const INSTANCE = /^(.*\/virtualMachineScaleSets\/[^/]+)\/virtualMachines\/[^/]+/i;
const INTERFACE = /^.*\/Microsoft\.Network\/networkInterfaces\/[^/]+/i;

/** Where the interfaces behind a pool's IP configurations are listed. */
export interface MemberScopes {
  /** Ids of uniform scale sets. */
  readonly scaleSets: readonly string[];
  /** Ids of resource groups with interfaces of machines of their own. */
  readonly groups: readonly string[];
}

/** The scopes that a balancer's `backendIPConfigurations` point to; anything that is neither kind is passed over. */
export function scopesOf(ipConfigurationIds: readonly string[]): MemberScopes {
  const scaleSets = new Map<string, string>();
  const groups = new Map<string, string>();
  for (const id of ipConfigurationIds) {
    const scaleSet = INSTANCE.exec(id)?.[1];
    const group = INTERFACE.test(id) ? groupOf(id) : undefined;
    if (scaleSet !== undefined) scaleSets.set(idKey(scaleSet), scaleSet);
    else if (group !== undefined) {
      const scope = formatGroupId(group.subscriptionId, group.resourceGroup);
      groups.set(idKey(scope), scope);
    }
  }
  return { scaleSets: [...scaleSets.values()], groups: [...groups.values()] };
}

/** The scopes where the machines of these nodes are listed; nodes without a provider id are passed over. */
export function scopesOfNodes(nodes: readonly ClusterNode[]): MemberScopes {
  const scaleSets = new Map<string, string>();
  const groups = new Map<string, string>();
  for (const node of nodes) {
    const address = parseProviderId(node.spec.providerID ?? "");
    if (address === undefined) continue;
    const instance = address.kind === "instance";
    const scope = instance ? scaleSetIdOf(address) : formatGroupId(address.subscriptionId, address.resourceGroup);
    (instance ? scaleSets : groups).set(idKey(scope), scope);
  }
  return { scaleSets: [...scaleSets.values()], groups: [...groups.values()] };
}

/** Both; what is in both is there once. */
export function bothScopes(one: MemberScopes, other: MemberScopes): MemberScopes {
  const together = (ids: readonly string[]): readonly string[] => [
    ...new Map(ids.map((id) => [idKey(id), id])).values(),
  ];
  return {
    scaleSets: together([...one.scaleSets, ...other.scaleSets]),
    groups: together([...one.groups, ...other.groups]),
  };
}
