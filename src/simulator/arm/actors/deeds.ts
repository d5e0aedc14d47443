import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  objectsAt,
  propertiesOf,
  textAt,
  withProperties,
  wordAt,
} from "../json.ts";
import type { ActorsHands, Deed } from "./deed.ts";

/** Where the frontend of {@link deeds.addFrontend} gets its address: a public address, or a subnet. */
export type FrontendTarget = { readonly publicIpId: string } | { readonly subnetId: string };

/** What people and other controllers do to a cluster's resources. Nothing happens where the resource is not there. */
export const deeds = {
  /** Adds a security rule to a security group. @param rule - members of its `properties` that shall differ. */
  addSecurityRule(securityGroupId: string, name: string, rule: JsonObject = {}): Deed {
    const properties: JsonObject = {
      priority: 4000,
      direction: "Inbound",
      access: "Allow",
      protocol: "Tcp",
      sourceAddressPrefix: "203.0.113.0/24",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "22",
      ...rule,
    };
    return edit(securityGroupId, (group) => withChild(group, "securityRules", { name, properties }));
  },

  /** Adds a frontend to a load balancer. */
  addFrontend(balancerId: string, name: string, target: FrontendTarget): Deed {
    const properties: JsonObject =
      "publicIpId" in target
        ? { publicIPAddress: { id: target.publicIpId } }
        : { subnet: { id: target.subnetId }, privateIPAllocationMethod: "Dynamic" };
    return edit(balancerId, (balancer) => withChild(balancer, "frontendIPConfigurations", { name, properties }));
  },

  /** Sets tags of any resource, a public address for one; other tags stay. */
  tag(resourceId: string, tags: Readonly<Record<string, string>>): Deed {
    return edit(resourceId, (document) => ({ ...document, tags: { ...objectAt(document, "tags"), ...tags } }));
  },

  /** Deletes any resource, a public address for one. ARM refuses while it is in use. */
  remove(resourceId: string): Deed {
    return (arm) => void arm.remove(resourceId);
  },

  /** Takes a network interface out of every backend pool. */
  leavePools(interfaceId: string): Deed {
    return edit(interfaceId, (nic) =>
      withProperties(nic, {
        ipConfigurations: objectsAt(propertiesOf(nic), "ipConfigurations").map((configuration) => {
          const { loadBalancerBackendAddressPools: _, ...properties } = propertiesOf(configuration);
          return { ...configuration, properties };
        }),
      }),
    );
  },

  /** Takes a network interface off its machine. */
  detachInterface(interfaceId: string): Deed {
    return (arm) => {
      for (const machine of arm.resources.list("Microsoft.Compute/virtualMachines")) detach(arm, machine, interfaceId);
    };
  },
} as const;

function detach(arm: ActorsHands, machine: JsonObject, interfaceId: string): void {
  const profile = objectAt(propertiesOf(machine), "networkProfile");
  const attached = listAt(profile, "networkInterfaces").filter(isObject);
  const rest = attached.filter((nic) => wordAt(nic, "id").toLowerCase() !== interfaceId.toLowerCase());
  if (rest.length === attached.length) return;
  arm.put(wordAt(machine, "id"), withProperties(machine, { networkProfile: { ...profile, networkInterfaces: rest } }));
}

function edit(id: string, change: (document: JsonObject) => JsonObject): Deed {
  return (arm) => {
    const document = arm.resources.get(id);
    if (document !== undefined) arm.put(id, change(document));
  };
}

/** The document with a child added, or put in the place of the one that has its name. */
function withChild(document: JsonObject, list: string, child: JsonObject): JsonObject {
  const name = wordAt(child, "name").toLowerCase();
  const others = objectsAt(propertiesOf(document), list).filter((one) => textAt(one, "name")?.toLowerCase() !== name);
  return withProperties(document, { [list]: [...others, child] });
}
