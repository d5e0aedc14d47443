import { COMPUTE_VERSIONS } from "../api-versions.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, withProperties } from "../json.ts";
import { linksOf } from "../links.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import { anything, choice, flag, group, integer, reference, type Shape, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { computeTime } from "./compute-time.ts";
import { identityOf } from "./machine-identity.ts";
import { isWindows, osProfileOf } from "./machine-os.ts";
import { LISTED_SIZES } from "./machine-sizes.ts";
import { badMembership } from "./pool-membership.ts";
import { SCALE_SET_ACTIONS } from "./scale-set-actions.ts";
import { membersOf, noteModel, scale, settleMembers } from "./scale-set-members.ts";
import { INTERFACE_CONFIGURATIONS } from "./scale-set-network.ts";
import { badScaleSet } from "./scale-set-rules.ts";

const SHAPE: Shape = {
  singlePlacementGroup: flag(),
  orchestrationMode: choice(["Uniform", "Flexible"], "Uniform"),
  upgradePolicy: group({
    mode: choice(["Manual", "Automatic", "Rolling"], "Manual"),
    automaticOSUpgradePolicy: group({
      enableAutomaticOSUpgrade: flag(false),
      useRollingUpgradePolicy: flag(false),
      disableAutomaticRollback: flag(false),
    }),
    rollingUpgradePolicy: anything(),
  }),
  virtualMachineProfile: group({
    osProfile: anything(),
    storageProfile: anything(),
    networkProfile: group({
      healthProbe: reference("Microsoft.Network/loadBalancers/probes"),
      networkInterfaceConfigurations: INTERFACE_CONFIGURATIONS,
      networkApiVersion: text(),
    }),
    extensionProfile: anything(),
    securityProfile: anything(),
    diagnosticsProfile: anything(),
    licenseType: text(),
    evictionPolicy: text(),
    billingProfile: anything(),
    scheduledEventsProfile: anything(),
    userData: text(),
    priority: text(),
  }),
  overprovision: flag(),
  doNotRunExtensionsOnOverprovisionedVMs: flag(false),
  platformFaultDomainCount: integer(1, 5),
  zoneBalance: flag(),
  proximityPlacementGroup: anything(),
  additionalCapabilities: anything(),
  scaleInPolicy: anything(),
  automaticRepairsPolicy: anything(),
  spotRestorePolicy: anything(),
};

/** Scale sets: the model, and the capacity that instances or, in a flexible one, machines of their own are made for. */
export const scaleSets: ResourceType = {
  name: "Microsoft.Compute/virtualMachineScaleSets",
  apiVersions: COMPUTE_VERSIONS,
  provider: "compute",
  envelope: { sku: anything(), identity: anything(), plan: anything() },
  shape: SHAPE,
  computed: ["uniqueId", "timeCreated"],
  writableChildren: [],
  computedChildren: [],
  operationNoun: "VirtualMachineScaleSet",
  put: "updating",
  etagAtCompletion: "same",
  noop: "ordinary",
  update: "merge",
  overlap: "preempt",
  deleteStatus: 202,
  timing: {
    put: timing(seconds(1.5, 2), seconds(15, 60), { poll: 10 }),
    delete: timing(seconds(1, 1.5), seconds(100, 180), { poll: 10 }),
  },
  linksAt: "accept",
  readActions: { instanceView, skus: () => ({ value: LISTED_SIZES.map(skuItem) }) },
  actions: SCALE_SET_ACTIONS,
  prepare,
  validate: (draft, world) => {
    const { id, document } = draft;
    const links = linksOf(SHAPE, propertiesOf(document), id.text);
    const problem = badScaleSet(draft, world) ?? badMembership(id.text, links, world);
    if (problem !== undefined) throw problem;
  },
  accepted: scale,
  complete: (record, world) => {
    noteModel(record, world);
    return record.shown;
  },
  ended: settleMembers,
  view: ({ id, generation, createdMs, shown }, world) => {
    const timeCreated = computeTime(createdMs);
    const profile = propertiesOf(shown)["virtualMachineProfile"];
    return {
      own: {
        ...(profile !== undefined && {
          virtualMachineProfile: { ...objectAt(propertiesOf(shown), "virtualMachineProfile"), timeCreated },
        }),
        uniqueId: world.derive.guid("scaleset", id.key, generation),
        timeCreated,
      },
    };
  },
  released: (record, world) => {
    for (const member of membersOf(record, world)) world.remove(member);
  },
};

/** Defaults that differ between the two kinds of scale set, and the profiles as ARM prints them. */
function prepare({ id, document, previous }: Draft, world: Store): JsonObject {
  const { identity, ...rest } = document;
  const properties = propertiesOf(document);
  const flexible = properties["orchestrationMode"] === "Flexible";
  const manual = { mode: "Manual", automaticOSUpgradePolicy: MANUAL };
  const policy = objectAt(properties, "upgradePolicy");
  const shown = identityOf(objectAt({ identity }, "identity"), id, previous, world);
  return withProperties(
    { ...rest, ...(shown !== undefined && { identity: shown }) },
    {
      singlePlacementGroup: properties["singlePlacementGroup"] ?? !flexible,
      platformFaultDomainCount: properties["platformFaultDomainCount"] ?? (flexible ? 1 : 5),
      ...(!flexible && { upgradePolicy: { ...manual, ...policy } }),
      ...(!flexible && { overprovision: properties["overprovision"] ?? true }),
      ...(properties["virtualMachineProfile"] !== undefined && {
        virtualMachineProfile: preparedProfile(objectAt(properties, "virtualMachineProfile")),
      }),
    },
  );
}

const MANUAL: JsonObject = {
  enableAutomaticOSUpgrade: false,
  useRollingUpgradePolicy: false,
  disableAutomaticRollback: false,
};

function preparedProfile(profile: JsonObject): JsonObject {
  const [storage, os] = [objectAt(profile, "storageProfile"), objectAt(profile, "osProfile")];
  const windows = isWindows(storage, os);
  const osDisk = objectAt(storage, "osDisk");
  return {
    ...profile,
    ...(profile["osProfile"] !== undefined && { osProfile: osProfileOf(os, windows, false) }),
    ...(profile["storageProfile"] !== undefined && {
      storageProfile: {
        ...storage,
        osDisk: {
          osType: windows ? "Windows" : "Linux",
          createOption: "FromImage",
          caching: "None",
          managedDisk: { storageAccountType: "Premium_LRS" },
          diskSizeGB: windows ? 127 : 30,
          ...osDisk,
        },
      },
    }),
  };
}

function instanceView(record: ResourceRecord, world: Store): JsonObject {
  const time = computeTime(record.createdMs);
  const counts = new Map<string, number>();
  for (const { state } of membersOf(record, world)) counts.set(state, (counts.get(state) ?? 0) + 1);
  const summary = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    virtualMachine: {
      statusesSummary: summary.map(([state, count]) => ({ code: `ProvisioningState/${state.toLowerCase()}`, count })),
    },
    extensions: objectsAt(objectAt(propertiesOf(record.shown), "extensionProfile"), "extensions"),
    statuses: [{ code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded", time }],
    orchestrationServices: [],
  };
}

function skuItem(name: string): JsonObject {
  return {
    resourceType: "Microsoft.Compute/virtualMachineScaleSets",
    sku: { name, tier: "Standard" },
    capacity: { minimum: 0, maximum: 1000, defaultCapacity: 1, scaleType: "Automatic" },
  };
}
