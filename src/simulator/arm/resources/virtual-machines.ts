import { COMPUTE_VERSIONS } from "../api-versions.ts";
import type { ArmError } from "../arm-error.ts";
import type { ArmId } from "../arm-id.ts";
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
  withProperties,
} from "../json.ts";
import { type Link, link } from "../links.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import { anything, group, list, reference, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { computeTime } from "./compute-time.ts";
import { instanceView } from "./instance-view.ts";
import { badMachineDisks } from "./machine-disk-rules.ts";
import { GENERALIZE } from "./machine-generalize.ts";
import { identityOf } from "./machine-identity.ts";
import { isWindows, osProfileOf } from "./machine-os.ts";
import { MACHINE_ACTIONS } from "./machine-power.ts";
import { badSize, frozenMachine, inTheMaking, takenInterfaces } from "./machine-rules.ts";
import { completedStorage, diskLinks, leaveDisks, preparedStorage, STORAGE_PROFILE } from "./machine-storage.ts";
import { changeCapacity } from "./scale-set-count.ts";

/** Virtual machines. What they refer to counts when the operation has ended: disks are attached then, not before. */
export const virtualMachines: ResourceType = {
  name: "Microsoft.Compute/virtualMachines",
  apiVersions: COMPUTE_VERSIONS,
  provider: "compute",
  envelope: { identity: anything(), plan: anything() },
  shape: {
    hardwareProfile: group({ vmSize: text(), vmSizeProperties: anything() }),
    availabilitySet: reference("Microsoft.Compute/availabilitySets"),
    virtualMachineScaleSet: reference("Microsoft.Compute/virtualMachineScaleSets"),
    proximityPlacementGroup: anything(),
    storageProfile: STORAGE_PROFILE,
    osProfile: anything(),
    networkProfile: anything(),
    diagnosticsProfile: anything(),
    securityProfile: anything(),
    additionalCapabilities: anything(),
    scheduledEventsProfile: anything(),
    priority: text(),
    evictionPolicy: text(),
    licenseType: text(),
    extensionsTimeBudget: text(),
    applicationProfile: list(anything()),
  },
  computed: ["vmId", "timeCreated", "instanceView"],
  writableChildren: [],
  computedChildren: [],
  operationNoun: "VirtualMachine",
  put: "updating",
  etagAtCompletion: "new",
  noop: "silent",
  update: "merge",
  overlap: "preempt",
  deleteStatus: 202,
  timing: {
    put: timing(seconds(1.5, 2), seconds(20, 60), { poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(40, 120), { poll: 10 }),
  },
  linksAt: "completion",
  readActions: { instanceView: (record, world) => instanceView(record, placement(record, world)) },
  actions: { ...MACHINE_ACTIONS, generalize: GENERALIZE },
  prepare,
  validate: (draft, world) => {
    const problem = badMachine(draft, world);
    if (problem !== undefined) throw problem;
  },
  links: machineLinks,
  accepted: joinScaleSet,
  complete: (record, world) => {
    record.hidden = { place: freePlace(record, world), ...record.hidden };
    return completedStorage(record, world);
  },
  view: ({ id, generation, createdMs }, world) => ({
    own: { vmId: world.derive.guid("vm", id.key, generation), timeCreated: computeTime(createdMs) },
  }),
  released,
};

function prepare({ id, document, previous }: Draft, world: Store): JsonObject {
  const { identity, ...rest } = document;
  const properties = propertiesOf(document);
  const [storageProfile, osProfile] = [objectAt(properties, "storageProfile"), objectAt(properties, "osProfile")];
  const windows = isWindows(storageProfile, osProfile);
  const habits = {
    id,
    osDiskPrefix: `${nameOf(id)}_OsDisk_1_`,
    showsDeleteOption: true,
    windows,
    caching: "ReadWrite",
  };
  const shown = identityOf(objectAt({ identity }, "identity"), id, previous, world);
  return withProperties(
    { ...rest, ...(shown !== undefined && { identity: shown }) },
    {
      ...(properties["storageProfile"] !== undefined && { storageProfile: preparedStorage(document, habits, world) }),
      ...(properties["osProfile"] !== undefined && { osProfile: osProfileOf(osProfile, windows, true) }),
    },
  );
}

function badMachine(draft: Draft, world: Store): ArmError | undefined {
  const { id, document } = draft;
  const vmSize = textAt(objectAt(propertiesOf(document), "hardwareProfile"), "vmSize");
  return (
    coming(draft) ??
    frozenMachine(draft) ??
    badSize(vmSize) ??
    takenInterfaces(id.text, interfacesOf(document), world) ??
    badMachineDisks({ draft, vmSize, vmName: nameOf(id) }, world)
  );
}

function coming({ previous, direct }: Draft): ArmError | undefined {
  return previous === undefined || direct === true ? undefined : inTheMaking(previous);
}

function interfacesOf(document: JsonObject): readonly string[] {
  const profile = objectAt(propertiesOf(document), "networkProfile");
  return objectsAt(profile, "networkInterfaces").flatMap((nic) => textAt(nic, "id") ?? []);
}

const GROUPINGS = ["availabilitySet", "virtualMachineScaleSet"] as const;

function machineLinks(id: ArmId, document: JsonObject): readonly Link[] {
  const groupings = GROUPINGS.flatMap((member) => {
    const target = referenceAt(propertiesOf(document), member);
    return target === undefined ? [] : [link(id.text, member, target)];
  });
  const interfaces = interfacesOf(document).map((nic) => link(id.text, "networkInterfaces", nic));
  return [...groupings, ...interfaces, ...diskLinks(id, document)];
}

/** The availability set or flexible scale set of a machine. */
function groupingOf({ shown }: ResourceRecord, world: Store): ResourceRecord | undefined {
  const ids = GROUPINGS.flatMap((member) => referenceAt(propertiesOf(shown), member) ?? []);
  return world.get(ids[0]?.toLowerCase() ?? "");
}

/** The lowest number that no other machine of the group has: its domains follow from it. */
function freePlace(record: ResourceRecord, world: Store): number {
  const grouping = groupingOf(record, world);
  if (grouping === undefined) return 0;
  const members = world.inboundOrPending(grouping.id.key).filter(({ from }) => from !== record.id.text);
  const taken = new Set(members.map(({ from }) => world.get(from.toLowerCase())?.hidden["place"]));
  for (let place = 0; ; place++) if (!taken.has(place)) return place;
}

/** Fault and update domain: only machines in a group with domains, and in no zone, have them. */
function placement(record: ResourceRecord, world: Store): JsonObject {
  const grouping = groupingOf(record, world);
  const { place } = record.hidden;
  if (grouping === undefined || typeof place !== "number" || textsAt(record.shown, "zones").length > 0) return {};
  const properties = propertiesOf(grouping.shown);
  const faultDomains = numberAt(properties, "platformFaultDomainCount") ?? 1;
  const updateDomains = numberAt(properties, "platformUpdateDomainCount") ?? faultDomains;
  return { platformFaultDomain: place % faultDomains, platformUpdateDomain: place % updateDomains };
}

/** Disks and interfaces stay unless they were to go with the machine. */
function released(record: ResourceRecord, world: Store): void {
  leaveDisks(record, world, false);
  const profile = objectAt(propertiesOf(record.shown), "networkProfile");
  for (const nic of objectsAt(profile, "networkInterfaces")) {
    const goes = textAt(propertiesOf(nic), "deleteOption") === "Delete";
    const found = goes ? world.get(textAt(nic, "id")?.toLowerCase() ?? "") : undefined;
    if (found !== undefined) world.remove(found);
  }
  const scaleSet = scaleSetOf(record, world);
  if (scaleSet !== undefined && record.hidden["scaledIn"] !== true) changeCapacity(scaleSet, -1);
}

function scaleSetOf({ shown }: ResourceRecord, world: Store): ResourceRecord | undefined {
  return world.get(referenceAt(propertiesOf(shown), "virtualMachineScaleSet")?.toLowerCase() ?? "");
}

/** A machine that somebody puts into a flexible scale set counts as one of its capacity. */
function joinScaleSet(record: ResourceRecord, world: Store): void {
  const scaleSet = scaleSetOf(record, world);
  if (scaleSet === undefined || record.effect !== undefined || record.hidden["counted"] === true) return;
  record.hidden = { ...record.hidden, counted: true };
  changeCapacity(scaleSet, 1);
}
