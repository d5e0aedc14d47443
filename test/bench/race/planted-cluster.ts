import type { ClusterFacts, SeededNode, SimulatorState } from "../../../src/simulator/index.ts";

type Machine = SimulatorState["resources"][number];

/**
 * The cluster that `azure-ccm simulate` has planted, from a dump of its state.
 *
 * @throws Error when there is none.
 */
export function plantedCluster(state: SimulatorState): ClusterFacts {
  const { resourceGroups, resources, tenantId } = state;
  const first = (type: string): string | undefined => resources.find((resource) => resource.type === type)?.id;
  const network = resources.find(({ type }) => type === "Microsoft.Network/virtualNetworks");
  const [group] = resourceGroups;
  if (network === undefined || group === undefined) {
    throw new Error(
      "--endpoint: the simulator holds no cluster; start it with --cluster FILE, an empty one is three nodes",
    );
  }
  const { subnets = [] } = network.shown["properties"] as unknown as { subnets?: readonly { name: string }[] };
  return {
    subscriptionId: group.subscription,
    tenantId,
    resourceGroup: group.name,
    location: group.location,
    virtualNetwork: lastOf(network.id) ?? "",
    subnet: subnets[0]?.name ?? "",
    securityGroup: lastOf(first("Microsoft.Network/networkSecurityGroups")) ?? "",
    scaleSet: lastOf(first("Microsoft.Compute/virtualMachineScaleSets")),
    nodes: resources.filter(({ type }) => type.endsWith("/virtualMachines")).map((machine) => nodeOf(machine, state)),
  };
}

function nodeOf({ id, shown }: Machine, { privateAddresses }: SimulatorState): SeededNode {
  const { osProfile } = shown["properties"] as unknown as { readonly osProfile: { readonly computerName: string } };
  const internalIP = privateAddresses.find(({ owner }) => isOf(owner, id))?.address ?? "";
  return { name: osProfile.computerName, providerId: `azure://${id}`, internalIP, zone: undefined };
}

/** Interfaces of a scale set's instance lie below it; a standalone machine's are named after it by the seed. */
function isOf(owner: string, machineId: string): boolean {
  const standalone = machineId.replace("/Microsoft.Compute/virtualMachines/", "/Microsoft.Network/networkInterfaces/");
  const key = owner.toLowerCase();
  return [`${machineId}/`, `${standalone}-nic/`].some((start) => key.startsWith(start.toLowerCase()));
}

function lastOf(id: string | undefined): string | undefined {
  return id?.split("/").at(-1);
}
