import { nameOf } from "../arm-id.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, textAt, textsAt, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";

/** The model that a scale set's instances are made from. */
export function profileOf({ shown }: ResourceRecord): JsonObject {
  return objectAt(propertiesOf(shown), "virtualMachineProfile");
}

/** Whether machines of their own make up the scale set, instead of instances. */
export function isFlexible({ shown }: ResourceRecord): boolean {
  return textAt(propertiesOf(shown), "orchestrationMode") === "Flexible";
}

/** The network configurations of a model. */
export function interfaceConfigurations(profile: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(profile, "networkProfile"), "networkInterfaceConfigurations");
}

/** The zone of the next instance: the one with the fewest, the lowest of several. */
export function nextZone(scaleSet: JsonObject, members: readonly JsonObject[]): string | undefined {
  const zones = textsAt(scaleSet, "zones").toSorted();
  const counts = zones.map((zone) => members.filter((member) => textsAt(member, "zones")[0] === zone).length);
  return zones[counts.indexOf(Math.min(...counts))];
}

/** Members that a scale set gives to each of its machines. */
export function inheritedMembers({ shown }: ResourceRecord, zone: string | undefined): JsonObject {
  const { location, tags } = shown;
  return {
    ...(location !== undefined && { location }),
    ...(tags !== undefined && { tags }),
    ...(zone !== undefined && { zones: [zone] }),
  };
}

/** The OS profile of a machine: the model's, with a name in place of the prefix. @param suffix - of the name. */
export function osProfileFor(scaleSet: ResourceRecord, suffix: string): JsonObject {
  const { computerNamePrefix, ...rest } = objectAt(profileOf(scaleSet), "osProfile");
  const prefix = typeof computerNamePrefix === "string" ? computerNamePrefix : nameOf(scaleSet.id).toLowerCase();
  return { computerName: `${prefix}${suffix}`, ...rest };
}

/** The body of instance `number` of a uniform scale set. Its computer name ends in six digits to base 36. */
export function instanceBody(scaleSet: ResourceRecord, number: number, zone: string | undefined): JsonObject {
  const profile = profileOf(scaleSet);
  const { capacity: _, ...sku } = objectAt(scaleSet.shown, "sku");
  return {
    ...inheritedMembers(scaleSet, zone),
    sku,
    properties: {
      hardwareProfile: { vmSize: wordAt(sku, "name") },
      networkProfileConfiguration: { networkInterfaceConfigurations: interfaceConfigurations(profile) },
      ...(profile["storageProfile"] !== undefined && { storageProfile: profile["storageProfile"] }),
      osProfile: osProfileFor(scaleSet, number.toString(36).padStart(6, "0")),
    },
  };
}

/** The document of an instance with the model as it is now; its name, disks and zone stay. */
export function withModel(instance: JsonObject, scaleSet: ResourceRecord): JsonObject {
  const profile = profileOf(scaleSet);
  const { capacity: _, ...sku } = objectAt(scaleSet.shown, "sku");
  const properties = propertiesOf(instance);
  const { computerNamePrefix: __, ...osProfile } = objectAt(profile, "osProfile");
  const storage = objectAt(properties, "storageProfile");
  const image = objectAt(profile, "storageProfile")["imageReference"];
  return {
    ...instance,
    sku,
    properties: {
      ...properties,
      modelDefinitionApplied: "VirtualMachineScaleSet",
      hardwareProfile: { vmSize: wordAt(sku, "name") },
      networkProfileConfiguration: { networkInterfaceConfigurations: interfaceConfigurations(profile) },
      osProfile: { ...objectAt(properties, "osProfile"), ...osProfile },
      ...(properties["storageProfile"] !== undefined && {
        storageProfile: { ...storage, ...(image !== undefined && { imageReference: image }) },
      }),
    },
  };
}
