import { NETWORK_VIEW_VERSIONS } from "../api-versions.ts";
import { ArmError } from "../arm-error.ts";
import { type JsonObject, objectsAt, propertiesOf, referenceAt, referencesAt, textAt, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import { etagOf } from "../render.ts";
import type { ResourceView } from "../resource-view.ts";
import type { Store } from "../store.ts";
import { macAddress } from "./network-interfaces.ts";
import { POOLS } from "./pool-membership.ts";
import { publicAddressId } from "./scale-set-addresses.ts";
import { instanceInterfaces } from "./scale-set-network.ts";

const SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets";
const INSTANCES = `${SCALE_SET}/virtualMachines`;

/** The network provider's view of all interfaces of a scale set. */
export const scaleSetInterfaces: ResourceView = {
  name: `${SCALE_SET}/networkInterfaces`,
  apiVersions: NETWORK_VIEW_VERSIONS,
  list: (_, scaleSetKey, world) =>
    world
      .ofType(INSTANCES)
      .filter(({ id }) => id.key.startsWith(`${scaleSetKey}/`))
      .flatMap((instance) => interfacesOf(instance, world)),
};

/** The network provider's view of the interfaces of one instance. */
export const instanceInterfacesView: ResourceView = {
  name: `${INSTANCES}/networkInterfaces`,
  apiVersions: NETWORK_VIEW_VERSIONS,
  list: ([, instanceId = ""], instanceKey, world) => {
    const instance = world.get(instanceKey);
    if (instance === undefined) throw inactiveInstance(instanceId);
    return interfacesOf(instance, world);
  },
};

/** The network provider's view of the IP configurations of one interface of an instance. */
export const instanceIpConfigurationsView: ResourceView = {
  name: `${INSTANCES}/networkInterfaces/ipConfigurations`,
  apiVersions: NETWORK_VIEW_VERSIONS,
  list: ([, instanceId = "", nic = ""], nicKey, world) => {
    const instance = world.get(nicKey.replace(/\/networkinterfaces\/[^/]+$/, ""));
    if (instance === undefined) throw inactiveInstance(instanceId);
    const found = interfacesOf(instance, world).find(
      (item) => textAt(item, "name")?.toLowerCase() === nic.toLowerCase(),
    );
    return found === undefined ? [] : objectsAt(propertiesOf(found), "ipConfigurations");
  },
};

/** The cloud provider of Kubernetes recognises a vanished instance by this text. */
function inactiveInstance(instanceId: string): ArmError {
  const message = `The provided instanceId ${instanceId} is not an active Virtual Machine Scale Set VM instanceId.`;
  return new ArmError(400, "InvalidParameter", message, { target: "instanceIds" });
}

/** Only what is in effect: an instance whose update still runs shows its old interfaces. */
function interfacesOf(instance: ResourceRecord, world: Store): readonly JsonObject[] {
  const document = instance.effect;
  if (document === undefined) return [];
  return instanceInterfaces(document).map((nic) => interfaceDocument(nic, instance, world));
}

function interfaceDocument(nic: JsonObject, instance: ResourceRecord, world: Store): JsonObject {
  const {
    id: { text, key },
    generation,
  } = instance;
  const name = wordAt(nic, "name");
  const nicId = `${text}/networkInterfaces/${name}`;
  const properties = propertiesOf(nic);
  const etag = `W/"${world.derive.guid("nic", nicId.toLowerCase(), etagOf(instance, world))}"`;
  const group = referenceAt(properties, "networkSecurityGroup");
  return {
    name,
    id: nicId,
    etag,
    properties: {
      provisioningState: "Succeeded",
      resourceGuid: world.derive.guid("nic", nicId.toLowerCase(), generation),
      ipConfigurations: objectsAt(properties, "ipConfigurations").map((configuration, i) =>
        ipConfigurationDocument(configuration, { nicId, etag, first: i === 0 }, world),
      ),
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      macAddress: macAddress(world.derive.hex("mac", nicId.toLowerCase(), generation)),
      enableAcceleratedNetworking: properties["enableAcceleratedNetworking"] === true,
      enableIPForwarding: properties["enableIPForwarding"] === true,
      ...(group !== undefined && { networkSecurityGroup: { id: group } }),
      primary: properties["primary"] !== false,
      virtualMachine: { id: world.get(key)?.id.text ?? text },
    },
  };
}

interface Holder {
  readonly nicId: string;
  readonly etag: string;
  readonly first: boolean;
}

function ipConfigurationDocument(configuration: JsonObject, { nicId, etag, first }: Holder, world: Store): JsonObject {
  const name = wordAt(configuration, "name");
  const id = `${nicId}/ipConfigurations/${name}`;
  const properties = propertiesOf(configuration);
  const subnet = referenceAt(properties, "subnet");
  const address = world.addresses.addressOf(id);
  const pools = referencesAt(properties, POOLS);
  const publicAddress = publicAddressId(id, properties);
  return {
    name,
    id,
    etag,
    properties: {
      provisioningState: "Succeeded",
      ...(address !== undefined && { privateIPAddress: address }),
      privateIPAllocationMethod: "Dynamic",
      ...(subnet !== undefined && { subnet: { id: subnet } }),
      primary: properties["primary"] ?? first,
      privateIPAddressVersion: properties["privateIPAddressVersion"] ?? "IPv4",
      ...(publicAddress !== undefined && { publicIPAddress: { id: publicAddress } }),
      ...(pools.length > 0 && { [POOLS]: pools.map((pool) => ({ id: pool })) }),
    },
  };
}
