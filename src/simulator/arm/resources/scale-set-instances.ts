import { nextFree } from "../addresses/private-address.ts";
import { COMPUTE_VERSIONS } from "../api-versions.ts";
import { ArmError } from "../arm-error.ts";
import { type ArmId, ancestor, nameOf } from "../arm-id.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  propertiesOf,
  referenceAt,
  textAt,
  textsAt,
  withProperties,
  wordAt,
} from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import { anything, choice, flag, group, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { computeTime } from "./compute-time.ts";
import { instanceView } from "./instance-view.ts";
import { badMachineDisks } from "./machine-disk-rules.ts";
import { isWindows, osProfileOf } from "./machine-os.ts";
import { MACHINE_ACTIONS } from "./machine-power.ts";
import { badSize, inTheMaking } from "./machine-rules.ts";
import { completedStorage, diskLinks, leaveDisks, preparedStorage, STORAGE_PROFILE } from "./machine-storage.ts";
import { badMembership } from "./pool-membership.ts";
import { leaveAddresses } from "./scale-set-addresses.ts";
import { changeCapacity, modelNumber } from "./scale-set-count.ts";
import {
  INTERFACE_CONFIGURATIONS,
  instanceInterfaces,
  instanceIpConfigurations,
  instanceLinks,
} from "./scale-set-network.ts";

/** Instances of uniform scale sets. What a PUT changes in pool membership counts when its operation ends. */
export const scaleSetInstances: ResourceType = {
  name: "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
  apiVersions: COMPUTE_VERSIONS,
  provider: "compute",
  envelope: { instanceId: text(), sku: anything(), identity: anything() },
  shape: {
    latestModelApplied: flag(true),
    modelDefinitionApplied: choice(["VirtualMachineScaleSet", "VirtualMachine"], "VirtualMachineScaleSet"),
    networkProfileConfiguration: group({ networkInterfaceConfigurations: INTERFACE_CONFIGURATIONS }),
    hardwareProfile: anything(),
    resilientVMDeletionStatus: text("Disabled"),
    storageProfile: STORAGE_PROFILE,
    osProfile: anything(),
    protectionPolicy: anything(),
  },
  computed: ["vmId", "timeCreated", "instanceView", "networkProfile"],
  writableChildren: [],
  computedChildren: [],
  operationNoun: "VirtualMachineScaleSetVM",
  put: "updating",
  etagAtCompletion: "new",
  noop: "ordinary",
  update: "merge",
  overlap: "preempt",
  deleteStatus: 202,
  timing: {
    put: timing(seconds(1.5, 2), seconds(20, 60), { poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(40, 120), { poll: 10 }),
  },
  linksAt: "completion",
  madeByParent: true,
  checkName: (name) => {
    if (/^\d+$/.test(name)) return;
    const message = "Virtual Machine Scale Set VM instanceId must be a number.";
    throw new ArmError(400, "InvalidParameter", message, { target: "instanceId" });
  },
  readActions: { instanceView: (record, world) => instanceView(record, placement(record, world)) },
  actions: MACHINE_ACTIONS,
  prepare,
  validate: (draft, world) => {
    const { id, document, previous, direct } = draft;
    const vmSize = sizeOf(document);
    const problem =
      leavingScaleSet(id, world) ??
      (previous === undefined || direct === true ? undefined : inTheMaking(previous)) ??
      badSize(vmSize) ??
      badMembership(id.text, instanceLinks(id, document), world) ??
      badMachineDisks({ draft, vmSize, vmName: instanceName(id) }, world);
    if (problem !== undefined) throw problem;
  },
  links: (id, document) => [...instanceLinks(id, document), ...diskLinks(id, document)],
  accepted: noteOrigin,
  complete: completedStorage,
  finish: (record, world) => {
    giveAddresses(record, world);
    return {};
  },
  view: (record, world) => {
    const { id, generation, createdMs } = record;
    const nics = instanceInterfaces(record.shown).map((nic) => ({
      id: `${id.text}/networkInterfaces/${wordAt(nic, "name")}`,
    }));
    return {
      envelope: { name: instanceName(id), instanceId: nameOf(id) },
      own: {
        vmId: world.derive.guid("vm", id.key, generation),
        latestModelApplied: hasLatestModel(record, world),
        networkProfile: { networkInterfaces: nics },
        timeCreated: computeTime(createdMs),
      },
    };
  },
  released: (record, world) => {
    const { id, shown, hidden } = record;
    for (const { id: owner } of instanceIpConfigurations(id, shown)) world.addresses.release(owner);
    leaveAddresses(record, world);
    leaveDisks(record, world, true);
    const scaleSet = world.get(ancestor(id, 1).key);
    if (scaleSet !== undefined && hidden["scaledIn"] !== true) changeCapacity(scaleSet, -1);
  },
};

/** An instance that a seed puts there is of the model as it is. */
function noteOrigin(record: ResourceRecord, world: Store): void {
  const scaleSet = world.get(ancestor(record.id, 1).key);
  record.hidden = { model: scaleSet === undefined ? 0 : modelNumber(scaleSet), ...record.hidden };
}

function hasLatestModel({ id, hidden }: ResourceRecord, world: Store): boolean {
  const scaleSet = world.get(ancestor(id, 1).key);
  return scaleSet === undefined || modelNumber(scaleSet) === (hidden["model"] ?? modelNumber(scaleSet));
}

function instanceName(id: ArmId): string {
  return `${id.names[0] ?? ""}_${nameOf(id)}`;
}

function sizeOf(document: JsonObject): string | undefined {
  return (
    textAt(objectAt(propertiesOf(document), "hardwareProfile"), "vmSize") ?? textAt(objectAt(document, "sku"), "name")
  );
}

/** Domains are those of the scale set; an instance in a zone has none. */
function placement({ id, shown }: ResourceRecord, world: Store): JsonObject {
  const scaleSet = world.get(ancestor(id, 1).key);
  const guid = { placementGroupId: world.derive.guid("placement", ancestor(id, 1).key) };
  if (scaleSet === undefined || textsAt(shown, "zones").length > 0) return guid;
  const domains = numberAt(propertiesOf(scaleSet.shown), "platformFaultDomainCount") ?? 5;
  const domain = Number(nameOf(id)) % domains;
  return { ...guid, platformUpdateDomain: domain, platformFaultDomain: domain };
}

function leavingScaleSet(id: ArmId, world: Store): ArmError | undefined {
  if (world.get(ancestor(id, 1).key)?.state !== "Deleting") return undefined;
  const message = `'Put on Virtual Machine Scale Set VM Instance' is not allowed on Virtual Machine Scale Set '${id.names[0] ?? ""}' since it is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`;
  return new ArmError(409, "OperationNotAllowed", message);
}

/** An address that a seed asks for is given at once and not kept in the model, which has no member for it. */
function prepare({ id, document, previous }: Draft, world: Store): JsonObject {
  for (const { id: owner, properties } of instanceIpConfigurations(id, document)) {
    const [address, subnet] = [textAt(properties, "privateIPAddress"), referenceAt(properties, "subnet")];
    if (address !== undefined && subnet !== undefined) world.addresses.lease(subnet.toLowerCase(), address, owner);
  }
  const applied = previous === undefined ? {} : { modelDefinitionApplied: "VirtualMachine" };
  return withProperties(without(document, "privateIPAddress"), { ...applied, ...profiles(id, document, world) });
}

function profiles(id: ArmId, document: JsonObject, world: Store): JsonObject {
  const properties = propertiesOf(document);
  const [storageProfile, osProfile] = [objectAt(properties, "storageProfile"), objectAt(properties, "osProfile")];
  const windows = isWindows(storageProfile, osProfile);
  const osDiskPrefix = `${id.names[0] ?? ""}_${instanceName(id)}_OS__1_`;
  const habits = { id, osDiskPrefix, showsDeleteOption: false, windows, caching: "None" };
  return {
    ...(properties["storageProfile"] !== undefined && { storageProfile: preparedStorage(document, habits, world) }),
    ...(properties["osProfile"] !== undefined && { osProfile: osProfileOf(osProfile, windows, false) }),
  };
}

function giveAddresses({ id, shown }: ResourceRecord, world: Store): void {
  const taken = new Set<string>();
  for (const { id: owner, properties } of instanceIpConfigurations(id, shown)) {
    const subnet = referenceAt(properties, "subnet");
    if (subnet === undefined || world.addresses.addressOf(owner, subnet.toLowerCase()) !== undefined) continue;
    const version = properties["privateIPAddressVersion"] === "IPv6" ? 6 : 4;
    world.addresses.lease(subnet.toLowerCase(), nextFree(subnet, version, world, taken), owner);
  }
}

function without(document: JsonObject, member: string): JsonObject {
  const strip = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(strip);
    if (!isObject(value)) return value;
    const kept = Object.entries(value).filter(([key, item]) => key !== member && item !== undefined);
    return Object.fromEntries(kept.map(([key, item]) => [key, strip(item as Json)]));
  };
  return strip(document) as JsonObject;
}
