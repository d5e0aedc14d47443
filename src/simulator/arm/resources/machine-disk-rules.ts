import { ArmError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import {
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  textAt,
  textsAt,
  wordAt,
} from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { DISK_FIELD } from "./disk-use.ts";
import { machineSize } from "./machine-sizes.ts";
import { diskId, diskOf, disksIn } from "./machine-storage.ts";

/** A machine whose disks are to be checked. */
export interface MachineDisks {
  readonly draft: Draft;
  /** Name of its size; its limits are unknown when absent. */
  readonly vmSize: string | undefined;
  /** Name in messages. */
  readonly vmName: string;
}

/** Why ARM refuses the disks of a machine: any bad entry refuses the whole request. */
export function badMachineDisks(machine: MachineDisks, world: Store): ArmError | undefined {
  const { draft } = machine;
  const dataDisks = dataDisksOf(draft.document);
  const problem = badLuns(dataDisks) ?? tooMany(dataDisks, machine.vmSize) ?? takenName(draft, world);
  if (problem !== undefined) return problem;
  for (const disk of disksIn(draft.document)) {
    const refused = badEntry(disk, machine, world);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function dataDisksOf(document: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(propertiesOf(document), "storageProfile"), "dataDisks");
}

function badLuns(disks: readonly JsonObject[]): ArmError | undefined {
  const names = new Map<number, string>();
  const luns = new Map<string, number>();
  for (const disk of disks) {
    const [lun, name] = [numberAt(disk, "lun"), wordAt(disk, "name")];
    if (lun === undefined) return invalid("Required parameter 'dataDisk.lun' is missing (null).", "dataDisk.lun");
    const twin = luns.get(name.toLowerCase());
    if (twin === lun) return invalid(`A disk named '${name}' already uses the same LUN: ${lun}.`, "dataDisk.lun");
    if (twin !== undefined) return invalid(`A disk named '${name}' already exists.`, "dataDisk.name");
    if (names.has(lun)) return invalid(`A disk at LUN ${lun} already exists.`, "dataDisk.lun");
    names.set(lun, name);
    luns.set(name.toLowerCase(), lun);
  }
  return undefined;
}

function tooMany(disks: readonly JsonObject[], vmSize: string | undefined): ArmError | undefined {
  const most = vmSize === undefined ? undefined : machineSize(vmSize)?.maxDataDisks;
  const count = disks.filter((disk) => disk["toBeDetached"] !== true).length;
  if (most === undefined || count <= most) return undefined;
  const message = `The maximum number of data disks allowed to be attached to a VM of this size is ${most}.`;
  return new ArmError(409, "OperationNotAllowed", message, { target: "dataDisks" });
}

/** A disk that a machine is to make cannot have the name of one that is there. */
function takenName({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  const known = new Set(disksIn(previous?.shown ?? {}).map((disk) => wordAt(disk, "name")));
  for (const disk of disksIn(document)) {
    const name = wordAt(disk, "name");
    const isMade = referenceAt(disk, "managedDisk") === undefined && disk["createOption"] !== "Attach";
    if (!isMade || known.has(name)) continue;
    if (world.get(diskId(id, name).key) === undefined) continue;
    const message = `Disk ${name} already exists in resource group ${id.resourceGroup.toUpperCase()}. Only CreateOption.Attach is supported.`;
    return new ArmError(409, "ConflictingUserInput", message, { target: name });
  }
  return undefined;
}

function badEntry(disk: JsonObject, machine: MachineDisks, world: Store): ArmError | undefined {
  const record = diskOf(disk, world);
  if (record === undefined) return withoutDisk(disk);
  const leaving = disk["toBeDetached"] === true;
  if (!leaving && isLeaving(record, machine.draft)) return beingDetached(record, machine.vmName);
  if (leaving || isAttached(record, machine.draft)) return undefined;
  return (
    busy(record) ??
    taken(record, machine, world) ??
    elsewhere(record, machine.draft.document) ??
    unsupported(record, machine.vmSize)
  );
}

function withoutDisk(disk: JsonObject): ArmError | undefined {
  if (disk["createOption"] !== "Attach" || disk["vhd"] !== undefined) return undefined;
  return invalid("Required parameter 'dataDisk.managedDisk.id' is missing (null).", "dataDisk.managedDisk.id");
}

/** Whether the machine was told before to let go of the disk, and has not yet. */
function isLeaving(disk: ResourceRecord, { previous }: Draft): boolean {
  if (previous === undefined) return false;
  return disksIn(previous.shown).some((known) => sameDisk(known, disk) && known["toBeDetached"] === true);
}

function isAttached(disk: ResourceRecord, { previous }: Draft): boolean {
  return disksIn(previous?.effect ?? {}).some((known) => sameDisk(known, disk));
}

function sameDisk(disk: JsonObject, { id }: ResourceRecord): boolean {
  return referenceAt(disk, "managedDisk")?.toLowerCase() === id.key;
}

function beingDetached({ id }: ResourceRecord, vm: string): ArmError {
  const message = `Cannot attach data disk '${nameOf(id)}' to VM '${vm}' because the disk is currently being detached or the last detach operation failed. Please wait until the disk is completely detached and then try again or delete/detach the disk explicitly again.`;
  return new ArmError(409, "AttachDiskWhileBeingDetached", message, { target: "dataDisks" });
}

function busy({ state }: ResourceRecord): ArmError | undefined {
  if (state === "Succeeded") return undefined;
  return new ArmError(409, "Conflict", "The request failed due to conflict with a concurrent request. ");
}

/** Another machine has the disk, or is letting go of it. */
function taken(disk: ResourceRecord, { draft, vmName }: MachineDisks, world: Store): ArmError | undefined {
  const shares = propertiesOf(disk.shown)["maxShares"];
  const others = world
    .inboundOrPending(disk.id.key)
    .filter(({ field, from }) => field === DISK_FIELD && from.toLowerCase() !== draft.id.key);
  const [first] = others;
  if (first === undefined || others.length < (typeof shares === "number" ? shares : 1)) return undefined;
  const holder = world.get(first.from.toLowerCase());
  const entry = holder && disksIn(holder.shown).find((known) => sameDisk(known, disk));
  if (holder !== undefined && (entry === undefined || entry["toBeDetached"] === true))
    return beingDetached(disk, vmName);
  const message = `Cannot attach the disk ${nameOf(disk.id)} to VM ${draft.id.text} because it is already attached to VM ${first.from}. A disk can be attached to only one VM at a time.`;
  return new ArmError(409, "ConflictingUserInput", message, { target: disk.id.text });
}

/** A disk in a zone goes to machines of that zone only, one without a zone to machines without; redundant ones anywhere. */
function elsewhere({ id, shown }: ResourceRecord, machine: JsonObject): ArmError | undefined {
  const [ofDisk, ofMachine] = [textsAt(shown, "zones")[0], textsAt(machine, "zones")[0]];
  if (ofDisk === ofMachine || wordAt(objectAt(shown, "sku"), "name").endsWith("_ZRS")) return undefined;
  const because =
    ofDisk === undefined
      ? `it is not in zone '${ofMachine ?? ""}'.`
      : `it is not in the same zone as the VM. VM zone: '${ofMachine ?? ""}'. Disk zone: '${ofDisk}'.`;
  return new ArmError(400, "BadRequest", `Disk ${id.text} cannot be attached to the VM because ${because}`);
}

function unsupported({ id, shown }: ResourceRecord, vmSize: string | undefined): ArmError | undefined {
  const sku = textAt(objectAt(shown, "sku"), "name") ?? "";
  const size = vmSize === undefined ? undefined : machineSize(vmSize);
  if (!/^(Premium|Ultra)/.test(sku) || size === undefined || size.premiumIO) return undefined;
  const message = `Requested operation cannot be performed because the VM size ${size.name} does not support the storage account type ${sku} of disk '${nameOf(id)}'. Consider updating the VM to a size that supports Premium storage.`;
  return invalid(message, "dataDisk.managedDisk.storageAccountType");
}

function invalid(message: string, target: string): ArmError {
  return new ArmError(400, "InvalidParameter", message, { target });
}
