import type { VirtualMachine, VirtualMachineScaleSet, VirtualMachineScaleSetVM } from "@azure/arm-compute";

/** An instance of a uniform scale set. */
export interface InstanceMachine {
  readonly kind: "instance";
  /** ARM id, as ARM spelled it. */
  readonly id: string;
  readonly scaleSetId: string;
  readonly model: VirtualMachineScaleSetVM;
}

/** A machine of its own: standalone, in an availability set, or in a flexible scale set. */
export interface SingleMachine {
  readonly kind: "single";
  /** ARM id, as ARM spelled it. */
  readonly id: string;
  /** The primary interface, or the only one. */
  readonly interfaceId: string | undefined;
  readonly model: VirtualMachine;
}

/** What a node runs on. */
export type Machine = InstanceMachine | SingleMachine;

const INSTANCE_TAIL = /\/virtualMachines\/[^/]+$/i;

/** A listed instance; undefined when ARM left out its id. */
export function instanceMachine(model: VirtualMachineScaleSetVM): InstanceMachine | undefined {
  const { id } = model;
  return id === undefined ? undefined : { kind: "instance", id, scaleSetId: id.replace(INSTANCE_TAIL, ""), model };
}

/** A listed machine of its own; undefined when ARM left out its id. */
export function singleMachine(model: VirtualMachine): SingleMachine | undefined {
  const { id } = model;
  if (id === undefined) return undefined;
  const interfaces = model.networkProfile?.networkInterfaces ?? [];
  const primary = interfaces.length === 1 ? interfaces[0] : interfaces.find((each) => each.primary === true);
  return { kind: "single", id, interfaceId: primary?.id, model };
}

/**
 * The name of the node that runs on a machine, in lower case: the host name inside a scale set, the machine's name
 * otherwise. Undefined while the machine has none yet.
 */
export function nodeNameOf(machine: Machine): string | undefined {
  const host = machine.model.osProfile?.computerName?.toLowerCase();
  if (machine.kind === "instance") return host;
  return machine.model.virtualMachineScaleSet === undefined ? machine.model.name?.toLowerCase() : host;
}

/** Whether the scale set's instances are resources below it. A set without a mode is older than modes, and uniform. */
export function isUniform({ orchestrationMode }: VirtualMachineScaleSet): boolean {
  return orchestrationMode !== "Flexible";
}

/**
 * Whether a node of this name can be an instance of the uniform `scaleSet`: Azure names them with the set's prefix and
 * six characters in base 36.
 */
export function couldHold(scaleSet: VirtualMachineScaleSet, nodeName: string): boolean {
  const prefix = scaleSet.virtualMachineProfile?.osProfile?.computerNamePrefix ?? scaleSet.name;
  const suffix = nodeName.slice(-6);
  return /^[0-9a-z]{6}$/i.test(suffix) && nodeName.slice(0, -6).toLowerCase() === prefix?.toLowerCase();
}
