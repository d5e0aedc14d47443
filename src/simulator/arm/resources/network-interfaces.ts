import { privateAddress } from "../addresses/private-address.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, textAt, withProperties, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType, View } from "../resource-type.ts";
import { anything, children, choice, flag, list, reference, steadyGroup, steadyList, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { powerOf } from "./machine-power.ts";
import { NETWORK_HABITS } from "./network-habits.ts";
import { badMembership } from "./pool-membership.ts";

/** Standalone network interfaces. A PUT is synchronous; the scale sets' interfaces are views of their instances. */
export const networkInterfaces: ResourceType = {
  name: "Microsoft.Network/networkInterfaces",
  ...NETWORK_HABITS,
  envelope: { kind: text("Regular"), extendedLocation: anything() },
  shape: {
    ipConfigurations: children({
      privateIPAddress: text(),
      privateIPAllocationMethod: choice(["Dynamic", "Static"], "Dynamic"),
      subnet: reference("Microsoft.Network/virtualNetworks/subnets"),
      primary: flag(),
      privateIPAddressVersion: choice(["IPv4", "IPv6"], "IPv4"),
      publicIPAddress: reference("Microsoft.Network/publicIPAddresses"),
      loadBalancerBackendAddressPools: list(reference("Microsoft.Network/loadBalancers/backendAddressPools")),
      loadBalancerInboundNatRules: list(reference("Microsoft.Network/loadBalancers/inboundNatRules")),
      applicationSecurityGroups: list(reference("Microsoft.Network/applicationSecurityGroups")),
    }),
    dnsSettings: steadyGroup({ dnsServers: steadyList(text()), internalDnsNameLabel: text() }),
    enableAcceleratedNetworking: flag(false),
    enableIPForwarding: flag(false),
    disableTcpStateTracking: flag(false),
    networkSecurityGroup: reference("Microsoft.Network/networkSecurityGroups"),
    nicType: choice(["Standard", "Elastic"], "Standard"),
    auxiliaryMode: text("None"),
    auxiliarySku: text("None"),
  },
  computed: ["macAddress", "primary", "virtualMachine", "hostedWorkloads", "tapConfigurations", "privateEndpoint"],
  backReferences: [{ by: "networkInterfaces", member: "virtualMachine", shape: "one" }],
  operationNoun: "Nic",
  put: "synchronous",
  etagAtCompletion: "same",
  deleteStatus: 200,
  timing: {
    put: timing(seconds(0.7, 1), seconds(5, 30), { first: 10, poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(2, 5), { first: 10, poll: 10 }),
  },
  putNow: (record, _, world) => (isLive(record, world) ? "updating" : "synchronous"),
  prepare: (draft, world) => withProperties(draft.document, { ipConfigurations: configurations(draft, world) }),
  validate: (draft, world) => {
    const problem = badPrimary(draft) ?? takenPublicIp(draft, world) ?? membership(draft, world);
    if (problem !== undefined) throw problem;
  },
  view,
  blocked: ({ id }, world) => {
    const owner = machineOf(id.key, world);
    if (owner === undefined) return undefined;
    const message = `Network Interface ${id.text} is used by existing resource ${owner}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`;
    return networkError("NicInUse", message);
  },
};

/** Addresses given out, the first configuration primary unless another one is. */
function configurations({ id, document, previous }: Draft, world: Store): readonly JsonObject[] {
  const asked = objectsAt(propertiesOf(document), "ipConfigurations");
  const before = previous === undefined ? [] : objectsAt(propertiesOf(previous.shown), "ipConfigurations");
  const hasPrimary = asked.some((configuration) => propertiesOf(configuration)["primary"] === true);
  const taken = new Set<string>();
  return asked.map((configuration, i) => {
    const name = wordAt(configuration, "name");
    const known = before.find((candidate) => textAt(candidate, "name")?.toLowerCase() === name.toLowerCase());
    const properties = propertiesOf(configuration);
    const owner = `${id.text}/ipConfigurations/${name}`;
    const address = privateAddress({ owner, properties, before: known && propertiesOf(known), taken }, world);
    return withProperties(configuration, {
      ...(address !== undefined && { privateIPAddress: address }),
      primary: properties["primary"] ?? (!hasPrimary && i === 0),
    });
  });
}

function badPrimary({ id, document }: Draft): ArmError | undefined {
  const primaries = objectsAt(propertiesOf(document), "ipConfigurations").filter(
    (configuration) => propertiesOf(configuration)["primary"] === true,
  );
  if (primaries.length === 1) return undefined;
  const message = `Network interface ${id.text} must have one primary IP configuration, got ${primaries.length}.`;
  return networkError("NetworkInterfaceMustHaveOnePrimaryIPConfiguration", message);
}

function takenPublicIp({ id, document }: Draft, world: Store): ArmError | undefined {
  for (const link of world.linksIn({ id, type: networkInterfaces }, document)) {
    if (link.field !== "publicIPAddress") continue;
    const other = world.inbound(link.toKey).find(({ from }) => from.toLowerCase() !== link.from.toLowerCase());
    if (other === undefined) continue;
    const message = `Resource ${link.from} is referencing public IP address ${link.to} that is already allocated to resource ${other.from}.`;
    return networkError("PublicIPAddressInUse", message);
  }
  return undefined;
}

function membership({ id, document }: Draft, world: Store): ArmError | undefined {
  return badMembership(id.text, world.linksIn({ id, type: networkInterfaces }, document), world);
}

function view({ id, shown, generation }: ResourceRecord, world: Store): View {
  const machine = machineOf(id.key, world);
  const suffix = world.derive.hex("domain", id.key, generation).slice(0, 26);
  const dnsSettings = objectAt(propertiesOf(shown), "dnsSettings");
  return {
    own: {
      dnsSettings: {
        dnsServers: [],
        ...dnsSettings,
        appliedDnsServers: [],
        internalDomainNameSuffix: `${suffix}.bx.internal.cloudapp.net`,
      },
      vnetEncryptionSupported: false,
      hostedWorkloads: [],
      tapConfigurations: [],
      allowPort25Out: true,
      defaultOutboundConnectivityEnabled: false,
      ...(machine !== undefined && {
        macAddress: macAddress(world.derive.hex("mac", id.key, generation)),
        primary: true,
        virtualMachine: { id: machine },
      }),
    },
  };
}

/** `00-0D-3A-...`: Microsoft's prefix. */
export function macAddress(digits: string): string {
  return ["00", "0D", "3A", digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].join("-").toUpperCase();
}

/** Whether a running machine has the interface: then a PUT is an operation. */
function isLive(record: ResourceRecord | undefined, world: Store): boolean {
  if (record === undefined || world.behaviour.attachedInterfacePut === "synchronous") return false;
  const machine = world.get(machineOf(record.id.key, world)?.toLowerCase() ?? "");
  return machine !== undefined && powerOf(machine) === "running";
}

function machineOf(key: string, world: Store): string | undefined {
  return world.inboundOrPending(key).find(({ field }) => field === "networkInterfaces")?.from;
}
