import type { ArmTypeName, ArmTypes } from "../resource-types.ts";
import type { SdkBinding } from "./binding.ts";
import { virtualMachineScaleSets, virtualMachineScaleSetVMs, virtualMachines } from "./compute.ts";
import {
  loadBalancers,
  networkInterfaces,
  networkSecurityGroups,
  publicIPAddresses,
  scaleSetNetworkInterfaces,
  subnets,
} from "./network.ts";

/** What the SDK offers for every type of the engine. */
export const BINDINGS: { readonly [K in ArmTypeName]: SdkBinding<ArmTypes[K]> } = {
  loadBalancers,
  publicIPAddresses,
  networkSecurityGroups,
  networkInterfaces,
  subnets,
  virtualMachines,
  virtualMachineScaleSets,
  virtualMachineScaleSetVMs,
  scaleSetNetworkInterfaces,
};
