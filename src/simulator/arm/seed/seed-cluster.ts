import { describeProblem } from "../../../base/checked.ts";
import type { JsonObject } from "../json.ts";
import { type ClusterSeed, type ClusterSeedInput, checkClusterSeed, DEFAULT_CLUSTER_SEED } from "./cluster-seed.ts";
import { plantMachines, plantScaleSet, type Site, type Soil } from "./machines.ts";
import type { SeededNode } from "./seeded-node.ts";

/** What a controller has to be told about a seeded cluster. */
export interface ClusterFacts {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly virtualNetwork: string;
  readonly subnet: string;
  readonly securityGroup: string;
  /** The scale set of the nodes; undefined when they are standalone machines. */
  readonly scaleSet: string | undefined;
  readonly nodes: readonly SeededNode[];
}

/**
 * Writes a cluster into a simulator: resource group, network, security group, machines.
 *
 * @throws Error that names every field in which `seed` is wrong.
 */
export function seedCluster(
  simulator: Soil,
  input: ClusterSeedInput | ClusterSeed = DEFAULT_CLUSTER_SEED,
): ClusterFacts {
  const seed = checkClusterSeed(input);
  if (!seed.ok) throw new Error(seed.problems.map(describeProblem).join("; "));
  const { resourceGroup, location, network, securityGroup, vmss } = seed.value;
  const subscriptionId = seed.value.subscriptionId ?? simulator.subscriptionId;
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const networkProvider = `${groupId}/providers/Microsoft.Network`;
  const subnet = network.subnets[0]?.name ?? "";
  simulator.put(`/subscriptions/${subscriptionId}`, {});
  simulator.put(groupId, { location });
  const groupOfSecurity = `${networkProvider}/networkSecurityGroups/${securityGroup.name}`;
  simulator.put(groupOfSecurity, { location, properties: { securityRules: securityGroup.rules.map(ruleBody) } });
  const networkId = `${networkProvider}/virtualNetworks/${network.name}`;
  simulator.put(networkId, networkBody(seed.value, groupOfSecurity));
  const site: Site = { simulator, groupId, location, subnetId: `${networkId}/subnets/${subnet}` };
  return {
    subscriptionId,
    tenantId: simulator.tenantId,
    resourceGroup,
    location,
    virtualNetwork: network.name,
    subnet,
    securityGroup: securityGroup.name,
    scaleSet: vmss?.name,
    nodes: [...plantScaleSet(site, vmss), ...plantMachines(site, seed.value.vms)],
  };
}

function networkBody({ location, network }: ClusterSeed, securityGroupId: string): JsonObject {
  return {
    location,
    properties: {
      addressSpace: { addressPrefixes: network.addressPrefixes },
      subnets: network.subnets.map(({ name, addressPrefix }) => ({
        name,
        properties: { addressPrefix, networkSecurityGroup: { id: securityGroupId } },
      })),
    },
  };
}

function ruleBody(rule: ClusterSeed["securityGroup"]["rules"][number]): JsonObject {
  const { name, source, destination, ports, ...rest } = rule;
  return {
    name,
    properties: {
      ...rest,
      sourcePortRange: "*",
      destinationPortRange: ports,
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
    },
  };
}
