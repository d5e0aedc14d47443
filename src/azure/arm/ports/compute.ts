import type { VirtualMachine, VirtualMachineScaleSet, VirtualMachineScaleSetVM } from "@azure/arm-compute";
import type { ArmClients } from "../clients.ts";
import { type Names, nameAt, type SdkBinding } from "./binding.ts";

function client(clients: ArmClients, { subscriptionId }: Names) {
  return clients.compute(subscriptionId);
}

/** Machines of their own over the SDK. */
export const virtualMachines: SdkBinding<VirtualMachine> = {
  get: (clients, at) => client(clients, at).virtualMachines.get(at.resourceGroup, nameAt(at, 0)),
  list: (clients, at) => client(clients, at).virtualMachines.list(at.resourceGroup),
  put: (clients, at, value, options) =>
    client(clients, at).virtualMachines.createOrUpdate(at.resourceGroup, nameAt(at, 0), value, options),
};

/** Scale-set models over the SDK. */
export const virtualMachineScaleSets: SdkBinding<VirtualMachineScaleSet> = {
  get: (clients, at) => client(clients, at).virtualMachineScaleSets.get(at.resourceGroup, nameAt(at, 0)),
  list: (clients, at) => client(clients, at).virtualMachineScaleSets.list(at.resourceGroup),
  put: (clients, at, value, options) =>
    client(clients, at).virtualMachineScaleSets.createOrUpdate(
      at.resourceGroup,
      nameAt(at, 0),
      scaleSetBody(value),
      options,
    ),
};

// ARM merges these PUTs: what the body does not mention stays. A whole model would lack what ARM never shows, such as
// passwords and the protected settings of extensions, and would echo what other writers (disks, capacity) change.
function scaleSetBody({ location, virtualMachineProfile }: VirtualMachineScaleSet): VirtualMachineScaleSet {
  const { networkInterfaceConfigurations, networkApiVersion } = virtualMachineProfile?.networkProfile ?? {};
  const networkProfile = {
    ...(networkInterfaceConfigurations && { networkInterfaceConfigurations }),
    ...(networkApiVersion && { networkApiVersion }),
  };
  return { location, virtualMachineProfile: { networkProfile } };
}

function instanceBody(instance: VirtualMachineScaleSetVM): VirtualMachineScaleSetVM {
  const { location, hardwareProfile, networkProfileConfiguration } = instance;
  return {
    location,
    ...(hardwareProfile && { hardwareProfile }),
    ...(networkProfileConfiguration && { networkProfileConfiguration }),
  };
}

/** Instances of a uniform scale set. The list brings their instance views along, which saves a read each. */
export const virtualMachineScaleSetVMs: SdkBinding<VirtualMachineScaleSetVM> = {
  get: (clients, at) =>
    client(clients, at).virtualMachineScaleSetVMs.get(at.resourceGroup, nameAt(at, 0), nameAt(at, 1), {
      expand: "instanceView",
    }),
  list: (clients, at) =>
    client(clients, at).virtualMachineScaleSetVMs.list(at.resourceGroup, nameAt(at, 0), { expand: "instanceView" }),
  put: (clients, at, value, options) =>
    client(clients, at).virtualMachineScaleSetVMs.update(
      at.resourceGroup,
      nameAt(at, 0),
      nameAt(at, 1),
      instanceBody(value),
      options,
    ),
};
