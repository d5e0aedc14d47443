import type { ArmId } from "../arm-id.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, referenceAt, referencesAt, wordAt } from "../json.ts";
import { type Link, link } from "../links.ts";
import { anything, choice, flag, group, list, reference, type Shape, steadyGroup, steadyList, text } from "../shape.ts";
import { POOLS } from "./pool-membership.ts";

/** Network configuration in a scale set's model and in its instances. */
export const INTERFACE_CONFIGURATIONS = list(
  group({
    name: text(),
    properties: group({
      primary: flag(),
      enableAcceleratedNetworking: flag(false),
      disableTcpStateTracking: flag(false),
      networkSecurityGroup: reference("Microsoft.Network/networkSecurityGroups"),
      dnsSettings: steadyGroup({ dnsServers: steadyList(text()) }),
      enableIPForwarding: flag(false),
      ipConfigurations: list(group({ name: text(), properties: group(ipConfiguration()) })),
      deleteOption: text(),
    }),
  }),
);

function ipConfiguration(): Shape {
  return {
    subnet: reference("Microsoft.Network/virtualNetworks/subnets"),
    primary: flag(),
    privateIPAddressVersion: choice(["IPv4", "IPv6"], "IPv4"),
    publicIPAddressConfiguration: anything(),
    loadBalancerBackendAddressPools: list(reference("Microsoft.Network/loadBalancers/backendAddressPools")),
    loadBalancerInboundNatPools: list(anything()),
    applicationSecurityGroups: list(reference("Microsoft.Network/applicationSecurityGroups")),
    privateIPAddress: text(),
  };
}

/** One IP configuration of an instance. */
export interface InstanceIpConfiguration {
  /** Id in the form of the view: `.../virtualMachines/0/networkInterfaces/nic/ipConfigurations/ipconfig`. */
  readonly id: string;
  readonly nicId: string;
  readonly name: string;
  readonly properties: JsonObject;
}

/** All IP configurations of an instance, from its document. */
export function instanceIpConfigurations(id: ArmId, document: JsonObject): readonly InstanceIpConfiguration[] {
  return instanceInterfaces(document).flatMap((nic) => {
    const nicId = `${id.text}/networkInterfaces/${wordAt(nic, "name")}`;
    return objectsAt(propertiesOf(nic), "ipConfigurations").map((configuration) => {
      const name = wordAt(configuration, "name");
      return { id: `${nicId}/ipConfigurations/${name}`, nicId, name, properties: propertiesOf(configuration) };
    });
  });
}

/** The interface configurations of an instance. */
export function instanceInterfaces(document: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(propertiesOf(document), "networkProfileConfiguration"), "networkInterfaceConfigurations");
}

/** References of an instance, held by its interfaces and IP configurations in the form of the view. */
export function instanceLinks(id: ArmId, document: JsonObject): readonly Link[] {
  const groups = instanceInterfaces(document).flatMap((nic) => {
    const group = referenceAt(propertiesOf(nic), "networkSecurityGroup");
    const nicId = `${id.text}/networkInterfaces/${wordAt(nic, "name")}`;
    return group === undefined ? [] : [link(nicId, "networkSecurityGroup", group)];
  });
  const configurations = instanceIpConfigurations(id, document).flatMap(({ id: from, properties }) => {
    const subnet = referenceAt(properties, "subnet");
    const pools = referencesAt(properties, POOLS).map((pool) => link(from, POOLS, pool));
    return subnet === undefined ? pools : [link(from, "subnet", subnet), ...pools];
  });
  return [...groups, ...configurations];
}
