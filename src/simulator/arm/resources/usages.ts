import { COMPUTE_VERSIONS, NETWORK_VERSIONS } from "../api-versions.ts";
import { type JsonObject, objectAt, propertiesOf, wordAt } from "../json.ts";
import type { Quotas } from "../limits/documented-quotas.ts";
import { coresOf } from "../limits/quota-counts.ts";
import type { ResourceRecord } from "../record.ts";
import type { ResourceView } from "../resource-view.ts";
import type { Store } from "../store.ts";

/** One line of a list of usages. */
interface Usage {
  readonly name: string;
  /** As people read it. */
  readonly text: string;
  /** Types whose resources in the location count. */
  readonly types: readonly string[];
  /** What one of them counts; 1 when absent. */
  readonly weight?: (record: ResourceRecord) => number;
  /** The quota that it is held against, or the documented number where no write is held against one. */
  readonly limit: keyof Quotas | number;
}

const NETWORK: readonly Usage[] = [
  usage("VirtualNetworks", "Virtual Networks", "virtualNetworks", "virtualNetworksPerRegion"),
  {
    ...usage(
      "StaticPublicIPAddresses",
      "Static Public IP Addresses",
      "publicIPAddresses",
      "publicIPAddressesPerRegion",
    ),
    weight: ({ shown }) => Number(wordAt(propertiesOf(shown), "publicIPAllocationMethod") === "Static"),
  },
  usage("NetworkSecurityGroups", "Network Security Groups", "networkSecurityGroups", "securityGroupsPerRegion"),
  usage("PublicIPAddresses", "Public IP Addresses", "publicIPAddresses", "publicIPAddressesPerRegion"),
  usage("NetworkInterfaces", "Network Interfaces", "networkInterfaces", "networkInterfacesPerRegion"),
  usage("LoadBalancers", "Load Balancers", "loadBalancers", "loadBalancersPerRegion"),
  usage("ApplicationSecurityGroups", "Application Security Groups", "applicationSecurityGroups", 3000),
  usage("RouteTables", "Route Tables", "routeTables", "routeTablesPerRegion"),
];

function usage(name: string, text: string, type: string, limit: keyof Quotas | number): Usage {
  return { name, text, types: [`Microsoft.Network/${type}`], limit };
}

const MACHINES = "Microsoft.Compute/virtualMachines";
const SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets";
const DISKS = ["Microsoft.Compute/disks"];

const COMPUTE: readonly Usage[] = [
  { name: "availabilitySets", text: "Availability Sets", types: ["Microsoft.Compute/availabilitySets"], limit: 2500 },
  {
    name: "cores",
    text: "Total Regional vCPUs",
    types: [MACHINES, SCALE_SETS],
    weight: ({ shown }) => coresOf(shown),
    limit: "coresPerRegion",
  },
  {
    name: "virtualMachines",
    text: "Virtual Machines",
    types: [MACHINES, `${SCALE_SETS}/virtualMachines`],
    limit: 25_000,
  },
  { name: "virtualMachineScaleSets", text: "Virtual Machine Scale Sets", types: [SCALE_SETS], limit: 2500 },
  {
    name: "PremiumDiskCount",
    text: "Premium Storage Managed Disks",
    types: DISKS,
    weight: isDisk("Premium"),
    limit: "disksPerRegion",
  },
  {
    name: "StandardDiskCount",
    text: "Standard Storage Managed Disks",
    types: DISKS,
    weight: isDisk("Standard"),
    limit: "disksPerRegion",
  },
];

function isDisk(tier: string): (record: ResourceRecord) => number {
  return ({ shown }) => Number(wordAt(objectAt(shown, "sku"), "name").startsWith(`${tier}_`));
}

/** `GET .../Microsoft.Network/locations/{location}/usages`. */
export const networkUsages: ResourceView = {
  name: "Microsoft.Network/locations/usages",
  apiVersions: NETWORK_VERSIONS,
  scope: "location",
  list: ([location = ""], parentKey, world) =>
    NETWORK.map((line) => ({
      id: `${parentKey}/usages/${line.name}`,
      ...printed(line, { location, parentKey }, world),
    })),
};

/** `GET .../Microsoft.Compute/locations/{location}/usages`. */
export const computeUsages: ResourceView = {
  name: "Microsoft.Compute/locations/usages",
  apiVersions: COMPUTE_VERSIONS,
  scope: "location",
  list: ([location = ""], parentKey, world) => COMPUTE.map((line) => printed(line, { location, parentKey }, world)),
};

/** Stands for "no end of them", as in Azure's own lists. */
const NO_LIMIT = 2_147_483_647;

interface Place {
  readonly location: string;
  /** `/subscriptions/{subscription}/...` */
  readonly parentKey: string;
}

function printed({ name, text, types, weight = () => 1, limit }: Usage, place: Place, world: Store): JsonObject {
  const [, , subscription = ""] = place.parentKey.split("/");
  const there = types
    .flatMap((type) => world.ofType(type))
    .filter(({ id, location }) => id.subscription === subscription && location === place.location);
  const currentValue = there.reduce((sum, record) => sum + weight(record), 0);
  const most = typeof limit === "number" ? limit : (world.quotas()?.[limit] ?? NO_LIMIT);
  return { unit: "Count", currentValue, limit: most, name: { value: name, localizedValue: text } };
}
