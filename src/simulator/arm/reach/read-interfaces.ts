import type { Effective, StateInEffect } from "../effect/state-in-effect.ts";
import {
  type JsonObject,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  referencesAt,
  textAt,
  wordAt,
} from "../json.ts";
import { powerOf } from "../resources/machine-power.ts";
import { instanceInterfaces } from "../resources/scale-set-network.ts";
import type { Interface, IpConfiguration, Machine } from "./topology.ts";

/** The private address of an IP configuration, where it is not in the body. */
export type AddressOf = (ipConfigurationId: string) => string | undefined;

/** Every interface in effect, those of scale sets' instances included, sorted by id. */
export function readInterfaces(state: StateInEffect, addressOf: AddressOf): readonly Interface[] {
  const machines = machinesByInterface(state);
  const standalone = state
    .ofType("Microsoft.Network/networkInterfaces")
    .map(({ record: { id }, document }) =>
      readInterface({ id: id.text, machine: machines.get(id.key), body: document }, addressOf),
    );
  const ofInstances = state
    .ofType("Microsoft.Compute/virtualMachineScaleSets/virtualMachines")
    .flatMap((instance) => interfacesOfInstance(instance, addressOf));
  return [...standalone, ...ofInstances];
}

function machinesByInterface(state: StateInEffect): ReadonlyMap<string, Machine> {
  const machines = state.ofType("Microsoft.Compute/virtualMachines").flatMap((effective) => {
    const profile = objectAt(propertiesOf(effective.document), "networkProfile");
    const machine = machineOf(effective);
    return objectsAt(profile, "networkInterfaces").map((nic) => [wordAt(nic, "id").toLowerCase(), machine] as const);
  });
  return new Map(machines);
}

function interfacesOfInstance(instance: Effective, addressOf: AddressOf): readonly Interface[] {
  const machine = machineOf(instance);
  return instanceInterfaces(instance.document).map((body) =>
    readInterface({ id: `${machine.id}/networkInterfaces/${wordAt(body, "name")}`, machine, body }, addressOf),
  );
}

function machineOf({ record, document }: Effective): Machine {
  const name = textAt(objectAt(propertiesOf(document), "osProfile"), "computerName");
  return { id: record.id.text, name: name ?? record.id.names.join("_"), running: powerOf(record) === "running" };
}

interface Body {
  readonly id: string;
  readonly machine: Machine | undefined;
  readonly body: JsonObject;
}

function readInterface({ id, machine, body }: Body, addressOf: AddressOf): Interface {
  const properties = propertiesOf(body);
  return {
    id,
    machine,
    securityGroup: referenceAt(properties, "networkSecurityGroup")?.toLowerCase(),
    configurations: objectsAt(properties, "ipConfigurations").flatMap((item): readonly IpConfiguration[] => {
      const configurationId = `${id}/ipConfigurations/${wordAt(item, "name")}`;
      const address = textAt(propertiesOf(item), "privateIPAddress") ?? addressOf(configurationId);
      return address === undefined ? [] : [readConfiguration(configurationId, address, propertiesOf(item))];
    }),
  };
}

function readConfiguration(id: string, address: string, properties: JsonObject): IpConfiguration {
  const keys = (member: string): readonly string[] =>
    referencesAt(properties, member).map((text) => text.toLowerCase());
  return {
    id,
    address,
    subnet: referenceAt(properties, "subnet")?.toLowerCase() ?? "",
    publicAddress: referenceAt(properties, "publicIPAddress")?.toLowerCase(),
    pools: keys("loadBalancerBackendAddressPools"),
    natRules: keys("loadBalancerInboundNatRules"),
    applicationGroups: keys("applicationSecurityGroups"),
  };
}
