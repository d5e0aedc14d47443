import { DISK_VERSIONS } from "../api-versions.ts";
import { ArmError } from "../arm-error.ts";
import { type JsonObject, numberAt, objectAt, propertiesOf, textAt, withProperties, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft, ResourceType, View } from "../resource-type.ts";
import { anything, choice, flag, group, integer, steadyGroup, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { computeTime } from "./compute-time.ts";
import { DISK_SKUS, diskSku, performanceOf } from "./disk-performance.ts";
import { badDisk, sourceOf } from "./disk-rules.ts";
import { holdersOf, stateOf } from "./disk-use.ts";

/** Managed disks. Who has one attached is what machines say in effect; a disk has no etag. */
export const disks: ResourceType = {
  name: "Microsoft.Compute/disks",
  apiVersions: DISK_VERSIONS,
  provider: "compute",
  envelope: {
    sku: steadyGroup({
      name: choice(
        DISK_SKUS.map(({ name }) => name),
        "Standard_LRS",
      ),
    }),
    extendedLocation: anything(),
  },
  shape: {
    creationData: group({
      createOption: choice(["Empty", "Copy", "FromImage", "Import", "Restore", "Upload", "CopyStart"]),
      sourceResourceId: text(),
      sourceUniqueId: text(),
      sourceUri: text(),
      storageAccountId: text(),
      imageReference: anything(),
      galleryImageReference: anything(),
      logicalSectorSize: integer(512, 4096),
      performancePlus: flag(),
    }),
    diskSizeGB: integer(-2_147_483_648, 2_147_483_647),
    diskIOPSReadWrite: integer(1, 400_000),
    diskMBpsReadWrite: integer(1, 10_000),
    tier: text(),
    burstingEnabled: flag(),
    optimizedForFrequentAttach: flag(),
    maxShares: integer(1, 15),
    encryption: steadyGroup({ type: text("EncryptionAtRestWithPlatformKey"), diskEncryptionSetId: text() }),
    networkAccessPolicy: choice(["AllowAll", "AllowPrivate", "DenyAll"], "AllowAll"),
    publicNetworkAccess: choice(["Enabled", "Disabled"], "Enabled"),
    diskAccessId: text(),
    dataAccessAuthMode: text(),
    osType: choice(["Linux", "Windows"]),
    hyperVGeneration: choice(["V1", "V2"]),
    purchasePlan: anything(),
    supportedCapabilities: anything(),
    securityProfile: anything(),
    supportsHibernation: flag(),
  },
  computed: [
    "diskSizeBytes",
    "diskState",
    "LastOwnershipUpdateTime",
    "shareInfo",
    "timeCreated",
    "uniqueId",
    "completionPercent",
  ],
  writableChildren: [],
  computedChildren: [],
  operationNoun: "Disk",
  put: "accepted",
  etagAtCompletion: "same",
  noop: "ordinary",
  update: "merge",
  overlap: "preempt",
  deleteStatus: 202,
  withoutEtag: true,
  operationList: "DiskOperations",
  operationOutput: true,
  timing: {
    put: timing(seconds(0.3, 0.5), seconds(2, 5), { first: 2, poll: 2 }),
    delete: timing(seconds(0.3, 0.5), seconds(2, 3), { first: 2, poll: 2 }),
  },
  linksAt: "accept",
  prepare,
  validate: (draft, world) => {
    const problem = badDisk(draft, world);
    if (problem !== undefined) throw problem;
  },
  view,
  blocked: (record, world) => {
    const [holder] = holdersOf(record.id.key, world, "pending");
    if (holder === undefined) return undefined;
    return new ArmError(409, "OperationNotAllowed", `Disk ${record.id.names[0] ?? ""} is attached to VM ${holder}.`);
  },
};

/** A copy takes its size from its source and notes which incarnation of it was copied. */
function prepare({ document, previous }: Draft, world: Store): JsonObject {
  const properties = propertiesOf(document);
  const source = previous === undefined ? sourceOf(document, world) : undefined;
  if (source === undefined) return document;
  const diskSizeGB = properties["diskSizeGB"] ?? numberAt(propertiesOf(source.shown), "diskSizeGB") ?? 0;
  const creationData = { ...objectAt(properties, "creationData"), sourceUniqueId: uniqueId(source, world) };
  return withProperties(document, { diskSizeGB, creationData });
}

function uniqueId({ id, generation }: ResourceRecord, world: Store): string {
  return world.derive.guid("disk", id.key, generation);
}

function view(record: ResourceRecord, world: Store): View {
  const { id, shown, createdMs, hidden } = record;
  const properties = propertiesOf(shown);
  const sku = wordAt(objectAt(shown, "sku"), "name");
  const size = numberAt(properties, "diskSizeGB") ?? 0;
  const owned = numberAt(hidden, "ownedMs");
  const users = usersOf(holdersOf(id.key, world, "effect"), (numberAt(properties, "maxShares") ?? 1) > 1);
  return {
    envelope: { ...users.envelope, sku: { name: sku, tier: diskSku(sku)?.tier ?? "Standard" } },
    own: {
      ...speedOf(sku, size, properties),
      timeCreated: computeTime(createdMs),
      ...(owned !== undefined && { LastOwnershipUpdateTime: computeTime(owned) }),
      diskState: stateOf(record, world),
      diskSizeBytes: size * 1024 ** 3,
      uniqueId: uniqueId(record, world),
      ...users.own,
    },
  };
}

/** The members that name the machines of a disk; more than one can only have a shared one. */
function usersOf(holders: readonly string[], shared: boolean): { envelope: JsonObject; own: JsonObject } {
  const [managedBy] = holders;
  const managedByExtended = shared ? holders : [];
  return {
    envelope: managedBy === undefined ? {} : { managedBy, managedByExtended },
    own: shared ? { shareInfo: holders.map((vmUri) => ({ vmUri })) } : {},
  };
}

function speedOf(sku: string, size: number, properties: JsonObject): JsonObject {
  const { iops, megabytes, tier } = performanceOf(sku, size);
  return {
    diskIOPSReadWrite: properties["diskIOPSReadWrite"] ?? iops,
    diskMBpsReadWrite: properties["diskMBpsReadWrite"] ?? megabytes,
    ...(tier !== undefined && { tier: textAt(properties, "tier") ?? tier }),
  };
}
