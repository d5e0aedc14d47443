import type { VirtualMachine, VirtualMachineScaleSet, VirtualMachineScaleSetVM } from "@azure/arm-compute";
import type { LoadBalancer, NetworkInterface, NetworkSecurityGroup, PublicIPAddress, Subnet } from "@azure/arm-network";
import { formatGroupId, formatResourceId, parseResourceId, topLevelOf, typeOf } from "./resource-id.ts";

/** The resource types that the engine reads and writes, and the SDK model each has as its working shape. */
export interface ArmTypes {
  readonly loadBalancers: LoadBalancer;
  readonly publicIPAddresses: PublicIPAddress;
  readonly networkSecurityGroups: NetworkSecurityGroup;
  readonly networkInterfaces: NetworkInterface;
  readonly subnets: Subnet;
  readonly virtualMachines: VirtualMachine;
  readonly virtualMachineScaleSets: VirtualMachineScaleSet;
  readonly virtualMachineScaleSetVMs: VirtualMachineScaleSetVM;
  /** The interfaces of a uniform scale set's instances, as ARM shows them below the scale set. Read only. */
  readonly scaleSetNetworkInterfaces: NetworkInterface;
}

/** The name of a type in {@link ArmTypes}. */
export type ArmTypeName = keyof ArmTypes;

/** How ARM spells each type, outermost first: `Microsoft.Network/loadBalancers`. */
export const ARM_TYPE: Readonly<Record<ArmTypeName, string>> = {
  loadBalancers: "Microsoft.Network/loadBalancers",
  publicIPAddresses: "Microsoft.Network/publicIPAddresses",
  networkSecurityGroups: "Microsoft.Network/networkSecurityGroups",
  networkInterfaces: "Microsoft.Network/networkInterfaces",
  subnets: "Microsoft.Network/virtualNetworks/subnets",
  virtualMachines: "Microsoft.Compute/virtualMachines",
  virtualMachineScaleSets: "Microsoft.Compute/virtualMachineScaleSets",
  virtualMachineScaleSetVMs: "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
  scaleSetNetworkInterfaces: "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces",
};

/** A resource group: where ids are made and most lists are taken. */
export interface GroupScope {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/**
 * The id of a resource: one name per level of its type, outermost first.
 *
 * `armId("subnets", group, "vnet", "nodes")` ends in `/virtualNetworks/vnet/subnets/nodes`.
 */
export function armId(type: ArmTypeName, group: GroupScope, ...names: readonly string[]): string {
  const [provider = "", ...types] = ARM_TYPE[type].split("/");
  if (types.length !== names.length) throw new Error(`${ARM_TYPE[type]} takes ${types.length} names`);
  const tail = types.map((each, level) => `/${each}/${names[level]}`).join("");
  return `${formatGroupId(group.subscriptionId, group.resourceGroup)}/providers/${provider}${tail}`;
}

/** The scope whose list holds a resource: its scale set for instances and their interfaces, its network for subnets, else its group. */
export function listScopeOf(type: ArmTypeName, id: string): string {
  const parsed = parseResourceId(id);
  if (parsed === undefined) throw new Error(`${JSON.stringify(id)} is not the id of a resource`);
  const listedInGroup = ARM_TYPE[type].split("/").length === 2;
  return listedInGroup
    ? formatGroupId(parsed.subscriptionId, parsed.resourceGroup)
    : formatResourceId(topLevelOf(parsed));
}

/** The name under which the engine knows the type of an id; undefined for types it does not handle. */
export function typeNameOf(id: string): ArmTypeName | undefined {
  const parsed = parseResourceId(id);
  if (parsed === undefined) return undefined;
  const wanted = typeOf(parsed).toLowerCase();
  return (Object.keys(ARM_TYPE) as ArmTypeName[]).find((name) => ARM_TYPE[name].toLowerCase() === wanted);
}
