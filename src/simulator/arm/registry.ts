import { type ArmId, typeName } from "./arm-id.ts";
import type { ResourceType } from "./resource-type.ts";
import type { ResourceView } from "./resource-view.ts";
import { applicationSecurityGroups } from "./resources/application-security-groups.ts";
import { availabilitySets } from "./resources/availability-sets.ts";
import { computeSkus } from "./resources/compute-skus.ts";
import { disks } from "./resources/disks.ts";
import { loadBalancers } from "./resources/load-balancers.ts";
import { natGateways } from "./resources/nat-gateways.ts";
import { networkInterfaces } from "./resources/network-interfaces.ts";
import { networkSecurityGroups } from "./resources/network-security-groups.ts";
import { privateLinkServices } from "./resources/private-link-services.ts";
import { publicIPAddresses } from "./resources/public-ip-addresses.ts";
import { publicIPPrefixes } from "./resources/public-ip-prefixes.ts";
import { routeTables } from "./resources/route-tables.ts";
import { instanceAddresses, scaleSetAddresses } from "./resources/scale-set-addresses.ts";
import { scaleSetInstances } from "./resources/scale-set-instances.ts";
import {
  instanceInterfacesView,
  instanceIpConfigurationsView,
  scaleSetInterfaces,
} from "./resources/scale-set-interfaces.ts";
import { scaleSets } from "./resources/scale-sets.ts";
import { computeUsages, networkUsages } from "./resources/usages.ts";
import { virtualMachines } from "./resources/virtual-machines.ts";
import { virtualNetworks } from "./resources/virtual-networks.ts";

/** Every type the simulator serves. A new type is one file in `resources/` and one line here. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  scaleSetInstances,
  scaleSets,
  virtualMachines,
  availabilitySets,
  disks,
  privateLinkServices,
  loadBalancers,
  networkInterfaces,
  networkSecurityGroups,
  publicIPAddresses,
  publicIPPrefixes,
  natGateways,
  virtualNetworks,
  routeTables,
  applicationSecurityGroups,
];

/** Every computed read-only list. */
const VIEWS: readonly ResourceView[] = [
  scaleSetInterfaces,
  instanceInterfacesView,
  instanceIpConfigurationsView,
  instanceAddresses,
  scaleSetAddresses,
  computeSkus,
  networkUsages,
  computeUsages,
];

/** Types that ARM has, that a cluster may use, and that the simulator does not serve: answered with 501. */
const KNOWN_ELSEWHERE: readonly string[] = [
  "Microsoft.Compute/diskEncryptionSets",
  "Microsoft.Compute/snapshots",
  "Microsoft.Network/privateDnsZones",
  "Microsoft.Network/privateEndpoints",
  "Microsoft.Network/serviceTags",
  "Microsoft.Storage/storageAccounts",
];

const BY_NAME: ReadonlyMap<string, ResourceType> = new Map(
  RESOURCE_TYPES.map((type) => [type.name.toLowerCase(), type]),
);
const ELSEWHERE: ReadonlySet<string> = new Set(KNOWN_ELSEWHERE.map((name) => name.toLowerCase()));

/** A type found in an id, and how many of the id's type segments it takes. */
export interface FoundType {
  readonly type: ResourceType;
  readonly depth: number;
}

/** The served type with the most type segments that `id` begins with. */
export function findType({ namespace, types }: Pick<ArmId, "namespace" | "types">): FoundType | undefined {
  for (let depth = types.length; depth > 0; depth--) {
    const type = BY_NAME.get(typeName({ namespace, types: types.slice(0, depth) }).toLowerCase());
    if (type !== undefined) return { type, depth };
  }
  return undefined;
}

/** The type with this full name, in any case. */
export function typeNamed(name: string): ResourceType | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The view of this type, if there is one. */
export function findView(id: Pick<ArmId, "namespace" | "types">): ResourceView | undefined {
  const name = typeName(id).toLowerCase();
  return VIEWS.find((view) => view.name.toLowerCase() === name);
}

/** Whether the simulator serves the type with this full name. */
export function serves(name: string): boolean {
  return BY_NAME.has(name.toLowerCase());
}

/** Whether real ARM has the type although the simulator does not serve it. */
export function isKnownElsewhere(name: string): boolean {
  return ELSEWHERE.has(name.toLowerCase());
}

/** Namespaces with at least one type, served or not. */
export function isKnownNamespace(namespace: string): boolean {
  const prefix = `${namespace.toLowerCase()}/`;
  return [...BY_NAME.keys(), ...ELSEWHERE].some((name) => name.startsWith(prefix));
}
