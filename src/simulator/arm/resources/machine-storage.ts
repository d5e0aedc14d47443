import { type ArmId, armId, nameOf, parseArmId } from "../arm-id.ts";
import {
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  textAt,
  withProperties,
  wordAt,
} from "../json.ts";
import { type Link, link } from "../links.ts";
import { plant, settle } from "../plant.ts";
import type { ResourceRecord } from "../record.ts";
import { anything, choice, flag, group, integer, steadyList, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { DISK_FIELD } from "./disk-use.ts";
import { disks } from "./disks.ts";
import { imageOf } from "./machine-os.ts";

const CACHING = choice(["None", "ReadOnly", "ReadWrite"]);
const DELETE_OPTION = choice(["Delete", "Detach"]);
const MANAGED_DISK = group({
  storageAccountType: text(),
  id: text(),
  diskEncryptionSet: anything(),
  securityProfile: anything(),
});

/** `storageProfile` of machines and of instances of scale sets. */
export const STORAGE_PROFILE = group({
  imageReference: anything(),
  osDisk: group({
    osType: choice(["Linux", "Windows"]),
    name: text(),
    createOption: choice(["FromImage", "Attach", "Empty", "Copy", "Restore"]),
    caching: CACHING,
    writeAcceleratorEnabled: flag(),
    diffDiskSettings: anything(),
    encryptionSettings: anything(),
    image: anything(),
    vhd: anything(),
    managedDisk: MANAGED_DISK,
    deleteOption: DELETE_OPTION,
    diskSizeGB: integer(1, 65_536),
  }),
  dataDisks: steadyList(
    group({
      lun: integer(0, 63),
      name: text(),
      createOption: choice(["Attach", "Empty", "FromImage", "Copy", "Restore"]),
      caching: CACHING,
      writeAcceleratorEnabled: flag(),
      image: anything(),
      vhd: anything(),
      sourceResource: anything(),
      managedDisk: MANAGED_DISK,
      deleteOption: DELETE_OPTION,
      diskSizeGB: integer(1, 65_536),
      toBeDetached: flag(),
      detachOption: choice(["ForceDetach"]),
    }),
  ),
  diskControllerType: text(),
  alignRegionalDisksToVMZone: flag(),
});

/** How the disks of one kind of machine are named and kept. */
export interface StorageHabits {
  readonly id: ArmId;
  /** Beginning of the names of disks that are made: `vm1_OsDisk_1_`. */
  readonly osDiskPrefix: string;
  /** Whether the document shows `deleteOption`. */
  readonly showsDeleteOption: boolean;
  readonly windows: boolean;
  readonly caching: string;
}

/** The storage profile of a document with everything that ARM fills in when it accepts it. */
export function preparedStorage(document: JsonObject, habits: StorageHabits, world: Store): JsonObject {
  const profile = objectAt(propertiesOf(document), "storageProfile");
  const image = objectAt(profile, "imageReference");
  const osDisk = objectAt(profile, "osDisk");
  return {
    ...profile,
    ...(profile["imageReference"] !== undefined && { imageReference: imageOf(image) }),
    ...(profile["osDisk"] !== undefined && { osDisk: preparedOsDisk(osDisk, habits, world) }),
    dataDisks: objectsAt(profile, "dataDisks").map((disk) => preparedDataDisk(disk, habits, world)),
  };
}

function preparedOsDisk(disk: JsonObject, habits: StorageHabits, world: Store): JsonObject {
  const { osDiskPrefix, showsDeleteOption, windows, caching } = habits;
  const known = diskOf(disk, world);
  return {
    osType: windows ? "Windows" : "Linux",
    createOption: "FromImage",
    caching,
    diskSizeGB: windows ? 127 : 30,
    ...(showsDeleteOption && { deleteOption: "Detach" }),
    ...disk,
    ...factsOf(disk, known),
    name: textAt(disk, "name") ?? diskName(known, osDiskPrefix, habits.id, world),
  };
}

function preparedDataDisk(disk: JsonObject, habits: StorageHabits, world: Store): JsonObject {
  const known = diskOf(disk, world);
  const prefix = `${habits.osDiskPrefix.replace(/_O[sS](Disk)?_+1_$/, "")}_disk${(numberAt(disk, "lun") ?? 0) + 2}_`;
  return {
    createOption: "Attach",
    caching: "None",
    writeAcceleratorEnabled: false,
    deleteOption: "Detach",
    toBeDetached: false,
    ...disk,
    ...factsOf(disk, known),
    name: textAt(disk, "name") ?? diskName(known, prefix, habits.id, world),
  };
}

function diskName(known: ResourceRecord | undefined, prefix: string, machine: ArmId, world: Store): string {
  return known === undefined ? freeName(prefix, machine, world) : nameOf(known.id);
}

/** What the disk resource itself says of an entry. */
function factsOf(disk: JsonObject, known: ResourceRecord | undefined): JsonObject {
  const size = sizeOf(known);
  return {
    ...(disk["vhd"] === undefined && { managedDisk: managedDisk(disk, known) }),
    ...(size !== undefined && { diskSizeGB: size }),
  };
}

function managedDisk(disk: JsonObject, known: ResourceRecord | undefined): JsonObject {
  const given = objectAt(disk, "managedDisk");
  const sku = known === undefined ? undefined : textAt(objectAt(known.shown, "sku"), "name");
  const id = parseArmId(wordAt(given, "id"))?.text;
  return {
    ...given,
    storageAccountType: sku ?? given["storageAccountType"] ?? "Standard_LRS",
    ...(id !== undefined && { id }),
  };
}

function sizeOf(disk: ResourceRecord | undefined): number | undefined {
  return disk && numberAt(propertiesOf(disk.shown), "diskSizeGB");
}

/** The disk resource behind an entry of a storage profile. */
export function diskOf(disk: JsonObject, world: Store): ResourceRecord | undefined {
  return world.get(referenceAt(disk, "managedDisk")?.toLowerCase() ?? "");
}

/** A name that no disk of the group has: an earlier machine of the same name may have left its own behind. */
function freeName(prefix: string, machine: ArmId, world: Store): string {
  for (let draw = 0; ; draw++) {
    const name = `${prefix}${world.derive.hex("disk-name", machine.key, prefix, draw).slice(0, 32)}`;
    if (world.get(diskId(machine, name).key) === undefined) return name;
  }
}

/** The disk called `name` beside a machine. */
export function diskId(machine: ArmId, name: string): ArmId {
  return armId({ ...machine, namespace: "Microsoft.Compute", types: ["disks"], names: [name] });
}

/** The entries of a storage profile, OS disk first. */
export function disksIn(document: JsonObject): readonly JsonObject[] {
  const profile = objectAt(propertiesOf(document), "storageProfile");
  const osDisk = profile["osDisk"] === undefined ? [] : [objectAt(profile, "osDisk")];
  return [...osDisk, ...objectsAt(profile, "dataDisks")];
}

/** References of a machine to its disks. */
export function diskLinks(id: ArmId, document: JsonObject): readonly Link[] {
  const ids = disksIn(document).flatMap((disk) => referenceAt(disk, "managedDisk") ?? []);
  return ids.map((disk) => link(id.text, DISK_FIELD, disk));
}

/**
 * The document of a machine when an operation has succeeded: disks that it was to make are there, and those that were
 * to be detached are gone.
 */
export function completedStorage(record: ResourceRecord, world: Store): JsonObject {
  const { shown } = record;
  if (propertiesOf(shown)["storageProfile"] === undefined) return shown;
  const profile = objectAt(propertiesOf(shown), "storageProfile");
  const osDisk = objectAt(profile, "osDisk");
  const kept = objectsAt(profile, "dataDisks").filter((disk) => disk["toBeDetached"] !== true);
  const document = withProperties(shown, {
    storageProfile: {
      ...profile,
      ...(profile["osDisk"] !== undefined && { osDisk: madeDisk(osDisk, true, record, world) }),
      dataDisks: kept.map((disk) => madeDisk(disk, false, record, world)),
    },
  });
  noteOwners(record.effect ?? {}, document, world);
  return document;
}

function madeDisk(disk: JsonObject, isOs: boolean, machine: ResourceRecord, world: Store): JsonObject {
  const managed = objectAt(disk, "managedDisk");
  if (managed["id"] !== undefined || disk["vhd"] !== undefined) return disk;
  const id = diskId(machine.id, wordAt(disk, "name"));
  const body = diskBody(disk, isOs, machine);
  if (world.get(id.key) === undefined) settle(plant({ id, type: disks, body }, world), world);
  return { ...disk, managedDisk: { ...managed, id: id.text } };
}

function diskBody(disk: JsonObject, isOs: boolean, { shown }: ResourceRecord): JsonObject {
  const { storageAccountType: name = "Standard_LRS" } = objectAt(disk, "managedDisk");
  const zones = wordAt({ name }, "name").endsWith("_ZRS") ? [] : listAt(shown, "zones");
  return {
    location: shown["location"] ?? "",
    zones: zones.slice(0, 1),
    sku: { name },
    properties: {
      creationData: { createOption: isOs ? "FromImage" : "Empty" },
      diskSizeGB: disk["diskSizeGB"] ?? 30,
      ...(isOs && { osType: disk["osType"] ?? "Linux", hyperVGeneration: "V2" }),
    },
  };
}

function diskKeys(document: JsonObject): Set<string> {
  return new Set(disksIn(document).flatMap((disk) => referenceAt(disk, "managedDisk")?.toLowerCase() ?? []));
}

/** Notes when a disk was last attached or detached. */
function noteOwners(before: JsonObject, after: JsonObject, world: Store): void {
  const [was, is] = [diskKeys(before), diskKeys(after)];
  for (const key of was.symmetricDifference(is)) {
    const disk = world.get(key);
    if (disk === undefined) continue;
    disk.hidden = { ...disk.hidden, ownedMs: world.clock.now() };
    disk.touch();
  }
}

/** Lets go of the disks of a machine that has gone: those that were to go with it do. */
export function leaveDisks({ shown }: ResourceRecord, world: Store, osDiskGoes: boolean): void {
  noteOwners(shown, {}, world);
  for (const disk of disksIn(shown)) {
    const record = diskOf(disk, world);
    const isOs = disk["lun"] === undefined;
    if (record !== undefined && (disk["deleteOption"] === "Delete" || (osDiskGoes && isOs))) world.remove(record);
  }
}
