import { ArmError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import { zonesChanged } from "../immutable.ts";
import { type JsonObject, numberAt, objectAt, propertiesOf, textAt, textsAt, wordAt } from "../json.ts";
import { LOCATIONS } from "../locations.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { type DiskSku, diskSku } from "./disk-performance.ts";
import { holdersOf, stateOf } from "./disk-use.ts";

type Rule = (draft: Draft, world: Store) => ArmError | undefined;

/** Why ARM refuses a disk: the first rule that it breaks. */
export const badDisk: Rule = (draft, world) => {
  for (const rule of RULES) {
    const problem = rule(draft, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** The resource that a disk is copied from. */
export function sourceOf(document: JsonObject, world: Store): ResourceRecord | undefined {
  return world.get(textAt(creationOf(document), "sourceResourceId")?.toLowerCase() ?? "");
}

const creation: Rule = ({ document }, world) => {
  const data = creationOf(document);
  const option = textAt(data, "createOption");
  if (option === undefined) {
    return invalid("Required parameter 'disk.creationData.createOption' is missing (null).", "disk.creationData");
  }
  const source = textAt(data, "sourceResourceId");
  if (!COPIES.has(option)) return undefined;
  if (source === undefined) {
    const message = `Required parameter 'disk.creationData.sourceResourceId' is missing (null).`;
    return invalid(message, "disk.creationData.sourceResourceId");
  }
  return sourceOf(document, world) === undefined
    ? new ArmError(404, "NotFound", `Resource ${source} is not found.`)
    : undefined;
};

const COPIES: ReadonlySet<string> = new Set(["Copy", "CopyStart", "Restore"]);

const size: Rule = ({ document }, world) => {
  const given = numberAt(propertiesOf(document), "diskSizeGB");
  const option = wordAt(creationOf(document), "createOption");
  const { maxGB } = skuOf(document);
  if (given === undefined) {
    if (option !== "Empty") return undefined;
    return invalid("Required parameter 'disk.diskSizeGB' is missing (null).", "disk.diskSizeGB");
  }
  const source = sourceOf(document, world);
  const least = (source && numberAt(propertiesOf(source.shown), "diskSizeGB")) ?? 1;
  if (given >= least && given <= maxGB) return undefined;
  const message =
    given < least && source !== undefined
      ? `Disk size ${given} GB is smaller than the size ${least} GB of its source.`
      : `Value ${given} specified for disk size is not valid. Disk size must be between 1 and ${maxGB} GiB.`;
  return invalid(message, "disk.diskSizeGB");
};

const resize: Rule = ({ id, document, previous }, world) => {
  if (previous === undefined) return undefined;
  const before = numberAt(propertiesOf(previous.shown), "diskSizeGB") ?? 0;
  const after = numberAt(propertiesOf(document), "diskSizeGB") ?? before;
  if (after < before) {
    const message = `Disk ${nameOf(id)} cannot be shrunk from ${before} GB to ${after} GB. Reducing the size of a disk is not allowed.`;
    return new ArmError(400, "BadRequest", message, { target: "disk.diskSizeGB" });
  }
  if (after === before || world.behaviour.resizeAttachedDisk === "allow") return undefined;
  if (stateOf(previous, world) !== "Attached") return undefined;
  const message = "Disk resizing is allowed only when creating a VM or when the VM is deallocated.";
  return new ArmError(409, "OperationNotAllowed", message, { target: "disk.diskSizeGB" });
};

const tuning: Rule = ({ document }) => {
  const { tunable, name, shareable } = skuOf(document);
  const properties = propertiesOf(document);
  const asked = TUNED.find((member) => properties[member] !== undefined);
  if (asked !== undefined && !tunable) {
    return invalid(
      `Property '${asked}' can be set for UltraSSD and PremiumV2 disks only, not ${name}.`,
      `disk.${asked}`,
    );
  }
  if (shareable || (numberAt(properties, "maxShares") ?? 1) === 1) return undefined;
  return invalid(`Disks of sku ${name} cannot be shared: maxShares must be 1.`, "disk.maxShares");
};

const TUNED = ["diskIOPSReadWrite", "diskMBpsReadWrite"] as const;

const zones: Rule = ({ id, document, previous }) => {
  const asked = textsAt(document, "zones");
  if (previous !== undefined) return zonesChanged(id.text, previous.shown, document);
  const location = LOCATIONS.find(({ name }) => name === document["location"]);
  const unknown = asked.find((zone) => location?.zones.includes(zone) !== true);
  if (unknown !== undefined) {
    const message = `The zone(s) '${unknown}' for resource '${id.text}' is not supported. The supported zones for location '${location?.name ?? ""}' are '${location?.zones.join(",") ?? ""}'.`;
    return new ArmError(400, "AvailabilityZoneNotSupported", message);
  }
  const { zoneRedundant, name } = skuOf(document);
  if (asked.length <= (zoneRedundant ? 0 : 1)) return undefined;
  return invalid(`Disks of sku ${name} can have ${zoneRedundant ? "no zone" : "one zone"}.`, "zones");
};

const sameSource: Rule = ({ document, previous }) => {
  if (previous === undefined) return undefined;
  const differs = CREATION.find((member) => creationOf(previous.shown)[member] !== creationOf(document)[member]);
  if (differs === undefined) return undefined;
  const target = `disk.creationData.${differs}`;
  return new ArmError(409, "PropertyChangeNotAllowed", `Changing property '${target}' is not allowed.`, { target });
};

const CREATION = ["createOption", "sourceResourceId", "sourceUri", "logicalSectorSize"] as const;

/** ARM changes the kind of a disk only while no running machine has it. */
const sku: Rule = ({ id, document, previous }, world) => {
  if (previous === undefined || skuOf(previous.shown).name === skuOf(document).name) return undefined;
  if (stateOf(previous, world) !== "Attached") return undefined;
  const [holder = ""] = holdersOf(id.key, world, "effect");
  const message = `Changing sku of disk ${nameOf(id)} is not allowed while it is attached to running VM ${holder}.`;
  return new ArmError(409, "OperationNotAllowed", message, { target: "disk.sku" });
};

const RULES: readonly Rule[] = [sameSource, creation, size, resize, tuning, zones, sku];

function creationOf(document: JsonObject): JsonObject {
  return objectAt(propertiesOf(document), "creationData");
}

function skuOf(document: JsonObject): DiskSku {
  const name = wordAt(objectAt(document, "sku"), "name");
  const known = diskSku(name) ?? diskSku("Standard_LRS");
  if (known === undefined) throw new Error(`no kind of disk is called ${name}`);
  return known;
}

function invalid(message: string, target: string): ArmError {
  return new ArmError(400, "InvalidParameter", message, { target });
}
