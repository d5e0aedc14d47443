import { armId, nameOf } from "../arm-id.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, wordAt } from "../json.ts";
import { plant, settle } from "../plant.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { networkInterfaces } from "./network-interfaces.ts";
import { inheritedMembers, interfaceConfigurations, osProfileFor, profileOf } from "./scale-set-model.ts";
import { virtualMachines } from "./virtual-machines.ts";

/** Makes one machine of a flexible scale set, with its interfaces; both go together. It is not in effect yet. */
export function plantMachine(
  scaleSet: ResourceRecord,
  number: number,
  zone: string | undefined,
  world: Store,
): ResourceRecord {
  const suffix = world.derive.hex("flexible", scaleSet.id.key, scaleSet.generation, number).slice(0, 8);
  const profile = profileOf(scaleSet);
  const interfaces = interfaceConfigurations(profile).map((configuration, i) => {
    const primary = propertiesOf(configuration)["primary"] ?? i === 0;
    const id = plantInterface(scaleSet, configuration, suffix, world);
    return { id, properties: { primary, deleteOption: "Delete" } };
  });
  const id = armId({ ...scaleSet.id, types: ["virtualMachines"], names: [`${nameOf(scaleSet.id)}_${suffix}`] });
  const storage = objectAt(profile, "storageProfile");
  const body: JsonObject = {
    ...inheritedMembers(scaleSet, zone),
    properties: {
      hardwareProfile: { vmSize: wordAt(objectAt(scaleSet.shown, "sku"), "name") },
      virtualMachineScaleSet: { id: scaleSet.id.text },
      ...(profile["storageProfile"] !== undefined && {
        storageProfile: { ...storage, osDisk: { ...objectAt(storage, "osDisk"), deleteOption: "Delete" } },
      }),
      osProfile: osProfileFor(scaleSet, suffix.slice(0, 6)),
      networkProfile: { networkInterfaces: interfaces },
    },
  };
  return plant({ id, type: virtualMachines, body }, world);
}

function plantInterface(scaleSet: ResourceRecord, configuration: JsonObject, suffix: string, world: Store): string {
  const { ipConfigurations: _, primary: __, deleteOption: ___, ...rest } = propertiesOf(configuration);
  const id = armId({
    ...scaleSet.id,
    namespace: "Microsoft.Network",
    types: ["networkInterfaces"],
    names: [`${wordAt(configuration, "name")}-${suffix}`],
  });
  const ipConfigurations = objectsAt(propertiesOf(configuration), "ipConfigurations").map((item) => {
    const { publicIPAddressConfiguration: ____, ...properties } = propertiesOf(item);
    return { name: wordAt(item, "name"), properties };
  });
  const body = { ...inheritedMembers(scaleSet, undefined), properties: { ...rest, ipConfigurations } };
  settle(plant({ id, type: networkInterfaces, body }, world), world);
  return id.text;
}
