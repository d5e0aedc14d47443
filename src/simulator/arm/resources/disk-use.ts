import { objectAt, propertiesOf, textAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";

/** The member by which a machine refers to a disk. */
export const DISK_FIELD = "managedDisk";

/**
 * Machines that have the disk attached, in the form of `managedBy`: an instance of a scale set with its name for its
 * number.
 *
 * @param when - only what is in effect, or also what running operations will attach.
 */
export function holdersOf(diskKey: string, world: Store, when: "effect" | "pending"): readonly string[] {
  const links = when === "effect" ? world.inbound(diskKey) : world.inboundOrPending(diskKey);
  return links.filter(({ field }) => field === DISK_FIELD).map(({ from }) => managerName(from));
}

/** `.../virtualMachineScaleSets/s/virtualMachines/3` becomes `.../virtualMachines/s_3`. */
export function managerName(machineId: string): string {
  return machineId.replace(
    /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/(\d+)$/i,
    (_, scaleSet: string, number: string) =>
      `/virtualMachineScaleSets/${scaleSet}/virtualMachines/${scaleSet}_${number}`,
  );
}

/** `properties.diskState` as machines leave it: a deallocated machine keeps its disks reserved. */
export function stateOf({ id, shown }: ResourceRecord, world: Store): string {
  const machines = world
    .inbound(id.key)
    .flatMap(({ field, from }) => (field === DISK_FIELD ? (world.get(from.toLowerCase()) ?? []) : []));
  if (machines.some(({ hidden }) => hidden["power"] !== "deallocated")) return "Attached";
  if (machines.length > 0) return "Reserved";
  const option = textAt(objectAt(propertiesOf(shown), "creationData"), "createOption");
  return option === "Upload" ? "ReadyToUpload" : "Unattached";
}
