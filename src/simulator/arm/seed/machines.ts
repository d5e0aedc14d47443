import { type JsonObject, objectsAt, propertiesOf, textAt } from "../json.ts";
import type { ResourceReader } from "../resource-reader.ts";
import type { ClusterSeed } from "./cluster-seed.ts";
import type { SeededNode } from "./seeded-node.ts";

/** A simulator, as far as planting goes: see `ArmSimulator`. */
export interface Soil {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resources: ResourceReader;
  put(id: string, body: JsonObject): JsonObject;
}

/** Where the machines of a cluster go. */
export interface Site {
  readonly simulator: Soil;
  /** `/subscriptions/S/resourceGroups/RG` */
  readonly groupId: string;
  readonly location: string;
  readonly subnetId: string;
}

const PROFILES: JsonObject = {
  storageProfile: { osDisk: { osType: "Linux", createOption: "FromImage" }, dataDisks: [] },
};

/** A uniform scale set and its instances. */
export function plantScaleSet(site: Site, vmss: ClusterSeed["vmss"]): readonly SeededNode[] {
  if (vmss === undefined) return [];
  const { simulator, groupId, location } = site;
  const id = `${groupId}/providers/Microsoft.Compute/virtualMachineScaleSets/${vmss.name}`;
  const zones = [...new Set(vmss.nodes.flatMap((node) => node.zone ?? []))].toSorted();
  const prefix = vmss.name.toLowerCase();
  const sku = { name: vmss.vmSize, tier: "Standard" };
  simulator.put(id, {
    location,
    zones,
    sku: { ...sku, capacity: 0 },
    properties: {
      overprovision: false,
      virtualMachineProfile: {
        ...PROFILES,
        osProfile: { computerNamePrefix: prefix, adminUsername: "azureuser" },
        networkProfile: { networkInterfaceConfigurations: interfaces(vmss.name, site.subnetId, undefined) },
      },
    },
  });
  const planted = fixedAddressesFirst(vmss.nodes, ({ name, zone, address }, number) => {
    const instanceId = `${id}/virtualMachines/${number}`;
    const computerName = name ?? `${prefix}${number.toString(36).padStart(6, "0")}`;
    simulator.put(instanceId, {
      location,
      sku,
      ...(zone !== undefined && { zones: [zone] }),
      properties: {
        ...PROFILES,
        hardwareProfile: { vmSize: vmss.vmSize },
        osProfile: { computerName, adminUsername: "azureuser" },
        networkProfileConfiguration: {
          networkInterfaceConfigurations: interfaces(vmss.name, site.subnetId, address),
        },
      },
    });
    const given = simulator.resources.addressOf(
      `${instanceId}/networkInterfaces/${vmss.name}/ipConfigurations/ipconfig1`,
    );
    return { name: computerName, providerId: providerId(instanceId), internalIP: given ?? "", zone };
  });
  simulator.put(id, { location, sku: { capacity: vmss.nodes.length } });
  return planted;
}

/** Standalone machines, each with a network interface. */
export function plantMachines(site: Site, vms: ClusterSeed["vms"]): readonly SeededNode[] {
  const { simulator, groupId, location, subnetId } = site;
  return fixedAddressesFirst(vms, ({ name, zone, address }) => {
    const nicId = `${groupId}/providers/Microsoft.Network/networkInterfaces/${name}-nic`;
    const fixed = address === undefined ? {} : { privateIPAllocationMethod: "Static", privateIPAddress: address };
    const nic = simulator.put(nicId, {
      location,
      properties: { ipConfigurations: [{ name: "ipconfig1", properties: { subnet: { id: subnetId }, ...fixed } }] },
    });
    const machineId = `${groupId}/providers/Microsoft.Compute/virtualMachines/${name}`;
    simulator.put(machineId, {
      location,
      ...(zone !== undefined && { zones: [zone] }),
      properties: {
        ...PROFILES,
        hardwareProfile: { vmSize: "Standard_D2s_v3" },
        osProfile: { computerName: name, adminUsername: "azureuser" },
        networkProfile: { networkInterfaces: [{ id: nicId, properties: { primary: true } }] },
      },
    });
    const [configuration] = objectsAt(propertiesOf(nic), "ipConfigurations");
    const given = configuration && textAt(propertiesOf(configuration), "privateIPAddress");
    return { name, providerId: providerId(machineId), internalIP: given ?? "", zone };
  });
}

/** Plants nodes that ask for an address before those that take the lowest free one; results in the order of `nodes`. */
function fixedAddressesFirst<T extends { readonly address?: string | undefined }>(
  nodes: readonly T[],
  plant: (node: T, number: number) => SeededNode,
): readonly SeededNode[] {
  const numbered = nodes.map((node, number) => ({ node, number }));
  const ordered = numbered.toSorted(
    (a, b) => Number(a.node.address === undefined) - Number(b.node.address === undefined),
  );
  const planted = new Map(ordered.map(({ node, number }) => [number, plant(node, number)]));
  return numbered.flatMap(({ number }) => planted.get(number) ?? []);
}

function interfaces(name: string, subnetId: string, address: string | undefined): readonly JsonObject[] {
  const ipConfiguration = {
    name: "ipconfig1",
    properties: {
      primary: true,
      subnet: { id: subnetId },
      ...(address !== undefined && { privateIPAddress: address }),
    },
  };
  return [{ name, properties: { primary: true, enableIPForwarding: true, ipConfigurations: [ipConfiguration] } }];
}

/** The id that a node carries in Kubernetes: the resource group in lower case, the rest as ARM spells it. */
function providerId(id: string): string {
  return `azure://${id.replace(/\/resourceGroups\/[^/]+/, (group) => `/resourceGroups/${group.slice(16).toLowerCase()}`)}`;
}
