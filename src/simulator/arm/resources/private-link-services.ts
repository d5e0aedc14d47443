import { nextFree } from "../addresses/private-address.ts";
import { NETWORK_VERSIONS } from "../api-versions.ts";
import { ArmError, networkError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import { type JsonObject, objectsAt, propertiesOf, referenceAt, textAt, withProperties, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType, View } from "../resource-type.ts";
import { anything, children, choice, flag, group, list, reference, steadyList, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";

const CONNECTIONS = "privateEndpointConnections";

/** Private link services with the connections of private endpoints, which only endpoints make. */
export const privateLinkServices: ResourceType = {
  name: "Microsoft.Network/privateLinkServices",
  ...NETWORK_HABITS,
  apiVersions: ["2019-03-01", ...NETWORK_VERSIONS],
  envelope: { extendedLocation: anything() },
  shape: {
    fqdns: steadyList(text()),
    enableProxyProtocol: flag(false),
    destinationIPAddress: text(),
    accessMode: text(),
    visibility: group({ subscriptions: list(text()) }),
    autoApproval: group({ subscriptions: list(text()) }),
    loadBalancerFrontendIpConfigurations: steadyList(
      reference("Microsoft.Network/loadBalancers/frontendIPConfigurations"),
    ),
    ipConfigurations: children({
      privateIPAddress: text(),
      privateIPAllocationMethod: choice(["Dynamic", "Static"], "Dynamic"),
      subnet: reference("Microsoft.Network/virtualNetworks/subnets"),
      primary: flag(),
      privateIPAddressVersion: choice(["IPv4", "IPv6"], "IPv4"),
    }),
    [CONNECTIONS]: children({
      privateEndpoint: anything(),
      privateLinkServiceConnectionState: group({
        status: choice(["Approved", "Pending", "Rejected", "Disconnected"]),
        description: text(""),
        actionsRequired: text("None"),
      }),
      linkIdentifier: text(),
      privateEndpointLocation: text(),
    }),
  },
  computed: ["alias", "networkInterfaces"],
  writableChildren: [CONNECTIONS],
  operationNoun: "PrivateLinkService",
  timing: {
    put: timing(seconds(1, 1.5), seconds(10, 60), { first: 10, poll: 10 }),
    delete: timing(seconds(1, 1.5), seconds(10, 60), { first: 10, poll: 10 }),
  },
  putNow: (_, child) => (child === CONNECTIONS ? "synchronous" : "updating"),
  prepare,
  validate: (draft, world) => {
    const problem = badConnection(draft) ?? badConfigurations(draft) ?? badSubnet(draft, world);
    if (problem !== undefined) throw problem;
  },
  accepted: leaseAddresses,
  view,
  blocked: ({ id, shown }) => {
    const [connection] = objectsAt(propertiesOf(shown), CONNECTIONS);
    if (connection === undefined) return undefined;
    const message = `Private link service ${id.text} cannot be deleted since it has private endpoint connections: ${wordAt(connection, "name")}.`;
    return networkError("PrivateLinkServiceCannotBeDeletedSinceItHasPrivateEndpointConnections", message);
  },
  released: ({ id, shown }, world) => {
    for (const { owner } of natConfigurations(id.text, shown)) world.addresses.release(owner);
  },
};

interface NatConfiguration {
  readonly owner: string;
  readonly properties: JsonObject;
}

function natConfigurations(id: string, document: JsonObject): readonly NatConfiguration[] {
  return objectsAt(propertiesOf(document), "ipConfigurations").map((configuration) => ({
    owner: `${id}/ipConfigurations/${wordAt(configuration, "name")}`,
    properties: propertiesOf(configuration),
  }));
}

/** Endpoints own the connections: a PUT of the service keeps them. */
function prepare({ id, document, previous, child }: Draft, world: Store): JsonObject {
  const before = previous === undefined ? {} : propertiesOf(previous.shown);
  const configurations = objectsAt(propertiesOf(document), "ipConfigurations");
  const hasPrimary = configurations.some((configuration) => propertiesOf(configuration)["primary"] === true);
  addressesFor(id.text, document, world);
  return withProperties(document, {
    ipConfigurations: configurations.map((configuration, i) =>
      withProperties(configuration, { primary: propertiesOf(configuration)["primary"] ?? (!hasPrimary && i === 0) }),
    ),
    ...(child !== CONNECTIONS && { [CONNECTIONS]: objectsAt(before, CONNECTIONS) }),
  });
}

interface NatAddress {
  readonly owner: string;
  readonly subnetKey: string;
  readonly address: string;
}

/** Addresses for the configurations that have none; dynamic ones are taken and not shown. @throws ArmError SubnetIsFull */
function addressesFor(id: string, document: JsonObject, world: Store): readonly NatAddress[] {
  const taken = new Set<string>();
  return natConfigurations(id, document).flatMap(({ owner, properties }) => {
    const subnet = referenceAt(properties, "subnet");
    if (subnet === undefined) return [];
    const subnetKey = subnet.toLowerCase();
    const version = properties["privateIPAddressVersion"] === "IPv6" ? 6 : 4;
    const known = textAt(properties, "privateIPAddress") ?? world.addresses.addressOf(owner, subnetKey);
    return { owner, subnetKey, address: known ?? nextFree(subnet, version, world, taken) };
  });
}

function leaseAddresses({ id, shown, effect = {} }: ResourceRecord, world: Store): void {
  for (const { owner } of natConfigurations(id.text, effect)) {
    if (!natConfigurations(id.text, shown).some((other) => other.owner === owner)) world.addresses.release(owner);
  }
  for (const { owner, subnetKey, address } of addressesFor(id.text, shown, world)) {
    world.addresses.lease(subnetKey, address, owner);
  }
}

/** A connection's PUT approves or rejects what an endpoint has asked for. */
function badConnection({ id, document, previous, child, direct }: Draft): ArmError | undefined {
  if (child !== CONNECTIONS || direct === true) return undefined;
  const known = new Set(previous === undefined ? [] : connectionNames(previous.shown));
  const added = connectionNames(document).find((name) => !known.has(name));
  if (added === undefined) return undefined;
  return new ArmError(404, "NotFound", `Resource ${id.text}/${CONNECTIONS}/${added} not found.`, { details: [] });
}

function connectionNames(document: JsonObject): readonly string[] {
  return objectsAt(propertiesOf(document), CONNECTIONS).map((connection) => wordAt(connection, "name"));
}

function badConfigurations({ id, document }: Draft): ArmError | undefined {
  const count = objectsAt(propertiesOf(document), "ipConfigurations").length;
  const frontends = objectsAt(propertiesOf(document), "loadBalancerFrontendIpConfigurations").length;
  if (count < 1 || count > 8) {
    const message = `Private link service ${id.text} must have 1 to 8 IP configurations, got ${count}.`;
    return networkError("PrivateLinkServiceInvalidIpConfigurationCount", message);
  }
  if (frontends > 0 || textAt(propertiesOf(document), "destinationIPAddress") !== undefined) return undefined;
  const message = `Private link service ${id.text} must reference a load balancer frontend IP configuration.`;
  return networkError("PrivateLinkServiceMissingLoadBalancerFrontendIPConfiguration", message);
}

function badSubnet({ id, document }: Draft, world: Store): ArmError | undefined {
  for (const { properties } of natConfigurations(id.text, document)) {
    const subnetId = referenceAt(properties, "subnet") ?? "";
    const network = world.owner(subnetId.toLowerCase());
    const subnets = network === undefined ? [] : objectsAt(propertiesOf(network.shown), "subnets");
    const subnet = subnets.find((item) => subnetId.toLowerCase().endsWith(`/${wordAt(item, "name").toLowerCase()}`));
    if (subnet === undefined || propertiesOf(subnet)["privateLinkServiceNetworkPolicies"] === "Disabled") continue;
    const message = `Private link service ${id.text} cannot be created in a subnet ${subnetId} since it has private link service network policies enabled.`;
    return networkError("PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled", message);
  }
  return undefined;
}

function view({ id, generation, location }: ResourceRecord, world: Store): View {
  const guid = world.derive.guid("alias", id.key, generation);
  const scope = id.text.slice(0, id.text.lastIndexOf("/privateLinkServices/"));
  const hidden = `${nameOf(id)}.nic.${world.derive.guid("hidden-nic", id.key, generation)}`;
  return {
    own: {
      alias: `${nameOf(id).toLowerCase()}.${guid}.${location}.azure.privatelinkservice`,
      networkInterfaces: [{ id: `${scope}/networkInterfaces/${hidden}` }],
    },
  };
}
