import type { LoadBalancer, NetworkInterface, NetworkSecurityGroup, PublicIPAddress, Subnet } from "@azure/arm-network";
import type { ArmClients } from "../clients.ts";
import { type Names, nameAt, type SdkBinding } from "./binding.ts";

function client(clients: ArmClients, { subscriptionId }: Names) {
  return clients.network(subscriptionId);
}

/** Load balancers over the SDK. */
export const loadBalancers: SdkBinding<LoadBalancer> = {
  get: (clients, at) => client(clients, at).loadBalancers.get(at.resourceGroup, nameAt(at, 0)),
  list: (clients, at) => client(clients, at).loadBalancers.list(at.resourceGroup),
  put: (clients, at, value, options) =>
    client(clients, at).loadBalancers.createOrUpdate(at.resourceGroup, nameAt(at, 0), value, options),
  remove: (clients, at, options) => client(clients, at).loadBalancers.delete(at.resourceGroup, nameAt(at, 0), options),
};

/** Public IPs over the SDK. */
export const publicIPAddresses: SdkBinding<PublicIPAddress> = {
  get: (clients, at) => client(clients, at).publicIPAddresses.get(at.resourceGroup, nameAt(at, 0)),
  list: (clients, at) => client(clients, at).publicIPAddresses.list(at.resourceGroup),
  put: (clients, at, value, options) =>
    client(clients, at).publicIPAddresses.createOrUpdate(at.resourceGroup, nameAt(at, 0), value, options),
  remove: (clients, at, options) =>
    client(clients, at).publicIPAddresses.delete(at.resourceGroup, nameAt(at, 0), options),
};

/** Security groups over the SDK. */
export const networkSecurityGroups: SdkBinding<NetworkSecurityGroup> = {
  get: (clients, at) => client(clients, at).networkSecurityGroups.get(at.resourceGroup, nameAt(at, 0)),
  list: (clients, at) => client(clients, at).networkSecurityGroups.list(at.resourceGroup),
  put: (clients, at, value, options) =>
    client(clients, at).networkSecurityGroups.createOrUpdate(at.resourceGroup, nameAt(at, 0), value, options),
  remove: (clients, at, options) =>
    client(clients, at).networkSecurityGroups.delete(at.resourceGroup, nameAt(at, 0), options),
};

/** Network interfaces over the SDK. */
export const networkInterfaces: SdkBinding<NetworkInterface> = {
  get: (clients, at) => client(clients, at).networkInterfaces.get(at.resourceGroup, nameAt(at, 0)),
  list: (clients, at) => client(clients, at).networkInterfaces.list(at.resourceGroup),
  put: (clients, at, value, options) =>
    client(clients, at).networkInterfaces.createOrUpdate(at.resourceGroup, nameAt(at, 0), value, options),
  remove: (clients, at, options) =>
    client(clients, at).networkInterfaces.delete(at.resourceGroup, nameAt(at, 0), options),
};

/** Read only: a subnet shares the etag of its network, so that a write of it belongs to the network's queue. */
export const subnets: SdkBinding<Subnet> = {
  get: (clients, at) => client(clients, at).subnets.get(at.resourceGroup, nameAt(at, 0), nameAt(at, 1)),
  list: (clients, at) => client(clients, at).subnets.list(at.resourceGroup, nameAt(at, 0)),
};

/** Read only: the interfaces of a scale set's instances are written through the instances. */
export const scaleSetNetworkInterfaces: SdkBinding<NetworkInterface> = {
  get: (clients, at) =>
    client(clients, at).networkInterfaces.getVirtualMachineScaleSetNetworkInterface(
      at.resourceGroup,
      nameAt(at, 0),
      nameAt(at, 1),
      nameAt(at, 2),
    ),
  list: (clients, at) =>
    client(clients, at).networkInterfaces.listVirtualMachineScaleSetNetworkInterfaces(at.resourceGroup, nameAt(at, 0)),
};
