import { NETWORK_VIEW_VERSIONS } from "../api-versions.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import { etagOf } from "../render.ts";
import type { ResourceView } from "../resource-view.ts";
import type { Store } from "../store.ts";
import { drawAddress } from "./public-ip-addresses.ts";
import { instanceInterfaces } from "./scale-set-network.ts";

const SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets";
const INSTANCES = `${SCALE_SET}/virtualMachines`;

/** The public addresses of all instances of a scale set: they have no resources of their own. */
export const scaleSetAddresses: ResourceView = {
  name: `${SCALE_SET}/publicIPAddresses`,
  apiVersions: NETWORK_VIEW_VERSIONS,
  list: (_, scaleSetKey, world) =>
    world
      .ofType(INSTANCES)
      .filter(({ id }) => id.key.startsWith(`${scaleSetKey}/`))
      .flatMap((instance) => addressesOf(instance, world)),
};

/** The public addresses of one IP configuration of an instance. */
export const instanceAddresses: ResourceView = {
  name: `${INSTANCES}/networkInterfaces/ipConfigurations/publicIPAddresses`,
  apiVersions: NETWORK_VIEW_VERSIONS,
  list: (_, configurationKey, world) => {
    const instance = world.owner(configurationKey);
    if (instance === undefined) return [];
    return addressesOf(instance, world).filter((item) =>
      wordAt(item, "id").toLowerCase().startsWith(`${configurationKey}/`),
    );
  },
};

/** Id of the public address of an IP configuration; `undefined` when it is to have none. */
export function publicAddressId(configurationId: string, properties: JsonObject): string | undefined {
  if (properties["publicIPAddressConfiguration"] === undefined) return undefined;
  const name = wordAt(objectAt(properties, "publicIPAddressConfiguration"), "name");
  return `${configurationId}/publicIPAddresses/${name}`;
}

/** Frees the public addresses of an instance that has gone. */
export function leaveAddresses(instance: ResourceRecord, world: Store): void {
  for (const item of addressesOf(instance, world)) world.releasePublicAddress(wordAt(item, "id").toLowerCase());
}

function addressesOf(instance: ResourceRecord, world: Store): readonly JsonObject[] {
  return instanceInterfaces(instance.effect ?? {}).flatMap((nic) =>
    objectsAt(propertiesOf(nic), "ipConfigurations").flatMap((configuration): readonly JsonObject[] => {
      const nicId = `${instance.id.text}/networkInterfaces/${wordAt(nic, "name")}`;
      const configurationId = `${nicId}/ipConfigurations/${wordAt(configuration, "name")}`;
      const id = publicAddressId(configurationId, propertiesOf(configuration));
      if (id === undefined) return [];
      const asked = propertiesOf(objectAt(propertiesOf(configuration), "publicIPAddressConfiguration"));
      return [addressDocument({ id, configurationId, asked }, instance, world)];
    }),
  );
}

interface InstanceAddress {
  readonly id: string;
  readonly configurationId: string;
  /** `properties` of the configuration in the model. */
  readonly asked: JsonObject;
}

function addressDocument(
  { id, configurationId, asked }: InstanceAddress,
  instance: ResourceRecord,
  world: Store,
): JsonObject {
  const key = id.toLowerCase();
  const version = wordAt(asked, "publicIPAddressVersion") === "IPv6" ? "IPv6" : "IPv4";
  return {
    name: id.slice(id.lastIndexOf("/") + 1),
    id,
    etag: `W/"${world.derive.guid("address", key, etagOf(instance, world))}"`,
    location: instance.location,
    properties: {
      provisioningState: "Succeeded",
      resourceGuid: world.derive.guid("address", key, instance.generation),
      publicIPAddressVersion: version,
      publicIPAllocationMethod: "Dynamic",
      ipAddress: drawAddress(key, instance.generation, version, world),
      idleTimeoutInMinutes: asked["idleTimeoutInMinutes"] ?? 4,
      ipTags: asked["ipTags"] ?? [],
      ipConfiguration: { id: configurationId },
    },
  };
}
