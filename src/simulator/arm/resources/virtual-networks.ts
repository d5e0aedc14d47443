import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectsAt, propertiesOf, referenceAt, textAt, wordAt } from "../json.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import {
  anything,
  children,
  choice,
  flag,
  group,
  list,
  optionalChildren,
  reference,
  steadyList,
  text,
} from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { basicBesideGateway } from "./nat-gateways.ts";
import { NETWORK_HABITS } from "./network-habits.ts";
import { badSubnets } from "./subnets.ts";

/** Who has an address in a subnet; a scale set's model names the subnet without having one. */
const HOLDS_ADDRESS = /\/(frontendIP|ip)Configurations\//;

/** Virtual networks with their subnets; a PUT without `subnets` keeps them, an empty list removes them. */
export const virtualNetworks: ResourceType = {
  name: "Microsoft.Network/virtualNetworks",
  ...NETWORK_HABITS,
  shape: {
    addressSpace: group({ addressPrefixes: steadyList(text()) }),
    dhcpOptions: group({ dnsServers: steadyList(text()) }),
    privateEndpointVNetPolicies: choice(["Disabled", "Basic"], "Disabled"),
    subnets: optionalChildren({
      addressPrefix: text(),
      addressPrefixes: list(text()),
      networkSecurityGroup: reference("Microsoft.Network/networkSecurityGroups"),
      routeTable: reference("Microsoft.Network/routeTables"),
      natGateway: reference("Microsoft.Network/natGateways"),
      serviceEndpoints: list(anything()),
      delegations: steadyList(anything()),
      privateEndpointNetworkPolicies: text("Disabled"),
      privateLinkServiceNetworkPolicies: choice(["Enabled", "Disabled"], "Enabled"),
      defaultOutboundAccess: flag(),
    }),
    virtualNetworkPeerings: children({
      allowVirtualNetworkAccess: flag(),
      allowForwardedTraffic: flag(),
      allowGatewayTransit: flag(),
      useRemoteGateways: flag(),
      remoteVirtualNetwork: anything(),
      peeringState: text(),
    }),
    enableDdosProtection: flag(false),
  },
  computed: ["ipConfigurations", "privateEndpoints", "purpose"],
  writableChildren: ["subnets"],
  backReferences: [
    { child: "subnets", by: "subnet", member: "ipConfigurations", shape: "many", holders: HOLDS_ADDRESS },
  ],
  operationNoun: "VirtualNetwork",
  noop: "created",
  overlap: "refuse",
  timing: {
    put: timing(seconds(0.7, 1), seconds(3, 8), { first: 3, poll: 3 }),
    delete: timing(seconds(0.5, 1), seconds(6, 12), { first: 10, poll: 10 }),
  },
  prepare: keepSubnets,
  validate: (draft, world) => {
    const problem = badSubnets(draft) ?? removedInUse(draft, world) ?? badGateway(draft, world);
    if (problem !== undefined) throw problem;
  },
  blocked: ({ id, shown }, world) => {
    for (const subnet of objectsAt(propertiesOf(shown), "subnets")) {
      const problem = subnetInUse(`${id.text}/subnets/${wordAt(subnet, "name")}`, world);
      if (problem !== undefined) return problem;
    }
    return undefined;
  },
};

/** Newer services keep the subnets of a network whose PUT does not mention them. */
function keepSubnets({ document, previous }: Draft): JsonObject {
  const properties = propertiesOf(document);
  const kept = previous === undefined ? undefined : propertiesOf(previous.shown)["subnets"];
  if (properties["subnets"] !== undefined || kept === undefined) return document;
  return { ...document, properties: { ...properties, subnets: kept } };
}

function badGateway({ id, document }: Draft, world: Store): ArmError | undefined {
  const subnets = objectsAt(propertiesOf(document), "subnets");
  const through = subnets.filter((subnet) => referenceAt(propertiesOf(subnet), "natGateway") !== undefined);
  const problems = through.map((subnet) => basicBesideGateway(`${id.text}/subnets/${wordAt(subnet, "name")}`, world));
  return problems.find((problem) => problem !== undefined);
}

function removedInUse({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  if (previous === undefined) return undefined;
  const left = new Set(
    objectsAt(propertiesOf(document), "subnets").map((subnet) => textAt(subnet, "name")?.toLowerCase()),
  );
  for (const subnet of objectsAt(propertiesOf(previous.shown), "subnets")) {
    const name = wordAt(subnet, "name");
    const problem = left.has(name.toLowerCase()) ? undefined : subnetInUse(`${id.text}/subnets/${name}`, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function subnetInUse(subnetId: string, world: Store): ArmError | undefined {
  const users = world.inboundOrPending(subnetId.toLowerCase());
  const user = users.find(({ from }) => HOLDS_ADDRESS.test(from)) ?? users[0];
  if (user === undefined) return undefined;
  const name = subnetId.slice(subnetId.lastIndexOf("/") + 1);
  const message = `Subnet ${name} is in use by ${printedUser(user.from)} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`;
  return networkError("InUseSubnetCannotBeDeleted", message);
}

/** ARM prints interfaces of scale sets as network interfaces whose name is the rest of the id with pipes for slashes. */
function printedUser(id: string): string {
  const match = /^(.*\/providers)\/Microsoft\.Compute\/(virtualMachineScaleSets\/.*)(\/ipConfigurations\/[^/]+)$/.exec(
    id,
  );
  if (match === null) return id;
  const [, scope = "", rest = "", ipConfiguration = ""] = match;
  const name = `|providers|Microsoft.Compute|${rest.replaceAll("/", "|")}`;
  return `${scope}/Microsoft.Network/networkInterfaces/${name}${ipConfiguration}`;
}
