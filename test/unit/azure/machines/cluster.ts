import type { VirtualMachine, VirtualMachineScaleSet, VirtualMachineScaleSetVM } from "@azure/arm-compute";
import type { NetworkInterface } from "@azure/arm-network";
import type { ClusterNode } from "../../../../src/azure/machines/index.ts";

/** The group of the cluster in these tests. */
export const GROUP = "/subscriptions/sub/resourceGroups/rg";
const COMPUTE = `${GROUP}/providers/Microsoft.Compute`;
const NETWORK = `${GROUP}/providers/Microsoft.Network`;

/** ARM's own spelling of the group differs from the configured one, as in real clusters. */
export const scaleSetId = (name: string): string => `${COMPUTE}/virtualMachineScaleSets/${name}`;
export const instanceId = (set: string, id: number): string => `${scaleSetId(set)}/virtualMachines/${id}`;
export const machineIdOf = (name: string): string => `${COMPUTE}/virtualMachines/${name}`;
export const interfaceId = (name: string): string => `${NETWORK}/networkInterfaces/${name}`;
export const poolId = (balancer: string, pool = "kubernetes"): string =>
  `${NETWORK}/loadBalancers/${balancer}/backendAddressPools/${pool}`;

/** A node that knows its machine, if an ARM id is given. */
export function node(name: string, armId?: string, labels: Record<string, string> = {}): ClusterNode {
  return { metadata: { name, labels }, spec: armId === undefined ? {} : { providerID: `azure://${armId}` } };
}

interface IpOptions {
  readonly pools?: readonly string[];
  readonly ipv6?: boolean;
}

function ipConfigurations({ pools = [], ipv6 = false }: IpOptions): NonNullable<NetworkInterface["ipConfigurations"]> {
  const four = { name: "ipv4", primary: true, privateIPAddressVersion: "IPv4" as const };
  const loadBalancerBackendAddressPools = pools.map((id) => ({ id }));
  const first = { ...four, loadBalancerBackendAddressPools };
  return ipv6 ? [first, { name: "ipv6", primary: false, privateIPAddressVersion: "IPv6" }] : [first];
}

/** A uniform scale set with the computer-name prefix `<name>`. */
export function scaleSet(
  name: string,
  options: IpOptions & Partial<VirtualMachineScaleSet> = {},
): VirtualMachineScaleSet & { readonly id: string } {
  const { pools, ipv6, ...more } = options;
  const card = { name: "nic", primary: true, ipConfigurations: ipConfigurations({ pools, ipv6 } as IpOptions) };
  return {
    id: scaleSetId(name),
    name,
    location: "eastus",
    provisioningState: "Succeeded",
    virtualMachineProfile: {
      osProfile: { computerNamePrefix: name },
      networkProfile: { networkInterfaceConfigurations: [card as never] },
    },
    ...more,
  };
}

/** A running instance; its node is `<set>00000<id>`, spelled in upper case by ARM. */
export function instance(
  set: string,
  id: number,
  options: IpOptions & Partial<VirtualMachineScaleSetVM> = {},
): VirtualMachineScaleSetVM & { readonly id: string } {
  const { pools, ipv6, ...more } = options;
  const card = { name: "nic", primary: true, ipConfigurations: ipConfigurations({ pools, ipv6 } as IpOptions) };
  return {
    id: instanceId(set, id),
    instanceId: String(id),
    name: `${set}_${id}`,
    location: "eastus",
    provisioningState: "Succeeded",
    osProfile: { computerName: nodeName(set, id).toUpperCase() },
    instanceView: { statuses: [{ code: "ProvisioningState/succeeded" }, { code: "PowerState/running" }] },
    networkProfileConfiguration: { networkInterfaceConfigurations: [card as never] },
    ...more,
  };
}

export const nodeName = (set: string, id: number): string => `${set}${String(id).padStart(6, "0")}`;

/** A machine of its own with one interface `<name>-nic`. */
export function machine(name: string, more: Partial<VirtualMachine> = {}): VirtualMachine & { readonly id: string } {
  return {
    id: machineIdOf(name),
    name,
    location: "eastus",
    provisioningState: "Succeeded",
    osProfile: { computerName: name },
    networkProfile: { networkInterfaces: [{ id: interfaceId(`${name}-nic`) }] },
    ...more,
  };
}

/** The interface `<name>-nic` of a machine. */
export function nic(
  name: string,
  options: IpOptions & Partial<NetworkInterface> = {},
): NetworkInterface & { readonly id: string } {
  const { pools, ipv6, ...more } = options;
  return {
    id: interfaceId(`${name}-nic`),
    provisioningState: "Succeeded",
    virtualMachine: { id: machineIdOf(name) },
    ipConfigurations: ipConfigurations({ pools, ipv6 } as IpOptions),
    ...more,
  };
}
