import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type JsonObject, seedCluster } from "../../../src/simulator/index.ts";
import { startSlowWire, type Wire, type WireAnswer } from "./wire.ts";

let wire: Wire;
let clock: VirtualClock;
let vm: string;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  const started = await startSlowWire();
  wire = started;
  clock = started.clock;
  seedCluster(wire.arm, {
    resourceGroup: "rg",
    vms: [{ name: "vm" }, { name: "other" }, { name: "zonal", zone: "2" }],
    vmss: { name: "s", nodes: [{}] },
  });
  vm = machine("vm");
  for (const name of ["a", "b", "c", "d", "e"]) putDisk(name);
});

const machine = (name: string): string => `${wire.compute}/virtualMachines/${name}`;
const diskId = (name: string): string => `${wire.compute}/disks/${name}`;

function putDisk(name: string, more: JsonObject = {}, properties: JsonObject = {}): void {
  wire.arm.put(diskId(name), {
    location: "westeurope",
    ...more,
    properties: { creationData: { createOption: "Empty" }, diskSizeGB: 10, ...properties },
  });
}

const entry = (name: string, lun: number, more: JsonObject = {}): JsonObject => ({
  lun,
  name,
  caching: "None",
  createOption: "Attach",
  managedDisk: { id: diskId(name) },
  ...more,
});

function write(id: string, ...dataDisks: readonly JsonObject[]): Promise<WireAnswer> {
  return wire.put(id, { location: "westeurope", properties: { storageProfile: { dataDisks } } });
}

async function attach(id: string, ...dataDisks: readonly JsonObject[]): Promise<void> {
  expect((await write(id, ...dataDisks)).status).toBe(200);
  await clock.advance(10_000);
}

async function shownDisks(id: string): Promise<readonly JsonObject[]> {
  return (await wire.get(id)).body.properties.storageProfile.dataDisks;
}

async function diskShown(name: string): Promise<ReturnType<typeof JSON.parse>> {
  return (await wire.get(diskId(name))).body;
}

describe("attach and detach", () => {
  it("ARM 104 a PUT of location and data disks keeps everything else, tags too", async () => {
    wire.arm.put(vm, { tags: { keep: "me" } });
    const before = (await wire.get(vm)).body;
    await attach(vm, entry("a", 0));
    const after = (await wire.get(vm)).body;
    expect(after.tags).toEqual({ keep: "me" });
    const { storageProfile: was, ...rest } = before.properties;
    const { storageProfile: is, ...kept } = after.properties;
    expect(kept).toEqual(rest);
    expect(is.osDisk).toEqual(was.osDisk);
    expect(is.dataDisks).toEqual([
      {
        lun: 0,
        name: "a",
        caching: "None",
        createOption: "Attach",
        writeAcceleratorEnabled: false,
        managedDisk: { id: diskId("a"), storageAccountType: "Standard_LRS" },
        deleteOption: "Detach",
        diskSizeGB: 10,
        toBeDetached: false,
      },
    ]);
  });

  it("ARM 106 attach and detach show in managedBy and diskState when the operation has ended", async () => {
    await write(vm, entry("a", 0));
    expect(await diskShown("a")).not.toHaveProperty("managedBy");
    await clock.advance(10_000);
    expect(await diskShown("a")).toMatchObject({
      managedBy: vm,
      managedByExtended: [],
      properties: { diskState: "Attached", LastOwnershipUpdateTime: expect.any(String) },
    });
    await attach(vm);
    const free = await diskShown("a");
    expect(free).not.toHaveProperty("managedBy");
    expect(free.properties.diskState).toBe("Unattached");
  });

  it("ARM 106 an instance of a scale set is called {scale set}_{number} in managedBy", async () => {
    const instance = `${wire.compute}/virtualMachineScaleSets/s/virtualMachines/0`;
    await attach(instance, entry("a", 0));
    expect((await diskShown("a")).managedBy).toBe(`${wire.compute}/virtualMachineScaleSets/s/virtualMachines/s_0`);
  });

  it("ARM 105 toBeDetached stays visible while it runs, and detaches", async () => {
    await attach(vm, entry("a", 0), entry("b", 1));
    await write(vm, entry("a", 0, { toBeDetached: true }), entry("b", 1));
    expect(await shownDisks(vm)).toMatchObject([{ name: "a", toBeDetached: true }, { name: "b" }]);
    expect((await diskShown("a")).managedBy).toBe(vm);
    await clock.advance(10_000);
    expect(await shownDisks(vm)).toMatchObject([{ name: "b" }]);
    expect(await diskShown("a")).not.toHaveProperty("managedBy");
  });

  it("ARM 105 an entry that is left out detaches", async () => {
    await attach(vm, entry("a", 0), entry("b", 1));
    await attach(vm, entry("b", 1));
    expect((await diskShown("a")).properties.diskState).toBe("Unattached");
    expect((await diskShown("b")).properties.diskState).toBe("Attached");
  });

  it("ARM 105 a detach that failed is stuck until it is forced", async () => {
    await attach(vm, entry("a", 0));
    wire.arm.faults.failOperation({ method: "PUT", path: vm, status: "Failed", code: "InternalOperationError" });
    await attach(vm, entry("a", 0, { toBeDetached: true }));
    expect((await wire.get(vm)).body.properties.provisioningState).toBe("Failed");
    expect(await shownDisks(vm)).toMatchObject([{ name: "a", toBeDetached: true }]);
    expect((await diskShown("a")).managedBy).toBe(vm);
    for (const id of [vm, machine("other")]) {
      const again = await write(id, entry("a", 0));
      expect([again.status, again.body.error.code]).toEqual([409, "AttachDiskWhileBeingDetached"]);
    }
    await attach(vm, entry("a", 0, { toBeDetached: true, detachOption: "ForceDetach" }));
    expect((await wire.get(vm)).body.properties).toMatchObject({
      provisioningState: "Succeeded",
      storageProfile: { dataDisks: [] },
    });
    expect(await diskShown("a")).not.toHaveProperty("managedBy");
  });

  it("a PUT of nothing but the location applies the model again and heals", async () => {
    wire.arm.faults.failOperation({ method: "PUT", path: vm, status: "Canceled", code: "OperationPreempted" });
    await attach(vm, entry("a", 0));
    expect(await diskShown("a")).not.toHaveProperty("managedBy");
    await wire.put(vm, { location: "westeurope" });
    await clock.advance(10_000);
    expect((await wire.get(vm)).body.properties.provisioningState).toBe("Succeeded");
    expect((await diskShown("a")).managedBy).toBe(vm);
  });

  it("ARM 113 a disk that is attached is neither deleted nor grown", async () => {
    await write(vm, entry("a", 0));
    expect((await wire.delete(diskId("a"))).status).toBe(409);
    await clock.advance(10_000);
    const deleted = await wire.delete(diskId("a"));
    expect(deleted.body.error).toMatchObject({
      code: "OperationNotAllowed",
      message: `Disk a is attached to VM ${vm}.`,
    });
    const grown = await wire.send("PATCH", diskId("a"), { body: { properties: { diskSizeGB: 20 } } });
    expect([grown.status, grown.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    await wire.send("POST", `${vm}/deallocate`);
    await clock.advance(10_000);
    expect((await diskShown("a")).properties.diskState).toBe("Reserved");
    expect((await wire.send("PATCH", diskId("a"), { body: { properties: { diskSizeGB: 20 } } })).status).toBe(202);
  });

  it("attachDetachDataDisks does both, and answers with the storage profile", async () => {
    await attach(vm, entry("a", 0));
    const body = {
      dataDisksToAttach: [{ diskId: diskId("b"), caching: "ReadOnly" }],
      dataDisksToDetach: [{ diskId: diskId("a") }],
    };
    const answer = await wire.send("POST", `${vm}/attachDetachDataDisks`, { body });
    expect(answer.status).toBe(202);
    await clock.advance(10_000);
    expect(await shownDisks(vm)).toMatchObject([{ name: "b", lun: 1, caching: "ReadOnly" }]);
    const result = await wire.get(answer.headers.get("location") ?? "");
    expect(result.body.dataDisks).toMatchObject([{ name: "b" }]);
  });

  it("a shared disk has as many machines as it was made for", async () => {
    putDisk("shared", { sku: { name: "Premium_LRS" } }, { maxShares: 2, diskSizeGB: 256 });
    await attach(vm, entry("shared", 0));
    await attach(machine("other"), entry("shared", 0));
    const both = [machine("other"), vm];
    expect(await diskShown("shared")).toMatchObject({
      managedByExtended: both,
      properties: { shareInfo: both.map((vmUri) => ({ vmUri })) },
    });
    const third = await write(`${wire.compute}/virtualMachineScaleSets/s/virtualMachines/0`, entry("shared", 0));
    expect(third.body.error.code).toBe("ConflictingUserInput");
  });
});

describe("ARM 107 attach refuses", () => {
  const refusals: readonly (readonly [
    what: string,
    disks: () => readonly JsonObject[],
    status: number,
    code: string,
    message: RegExp,
    prepare?: () => Promise<void> | void,
    target?: string,
  ])[] = [
    [
      "two disks at one LUN",
      () => [entry("a", 1), entry("b", 1)],
      400,
      "InvalidParameter",
      /^A disk at LUN 1 already exists\.$/,
    ],
    [
      "one name at two LUNs",
      () => [entry("a", 0), entry("a", 1)],
      400,
      "InvalidParameter",
      /^A disk named 'a' already exists\.$/,
    ],
    [
      "one name at one LUN twice",
      () => [entry("a", 0), entry("a", 0)],
      400,
      "InvalidParameter",
      /^A disk named 'a' already uses the same LUN: 0\.$/,
    ],
    [
      "more disks than the size takes",
      () => ["a", "b", "c", "d", "e"].map((name, lun) => entry(name, lun)),
      409,
      "OperationNotAllowed",
      /^The maximum number of data disks allowed to be attached to a VM of this size is 4\.$/,
    ],
    [
      "a disk that another machine has",
      () => [entry("a", 0)],
      409,
      "ConflictingUserInput",
      /^Cannot attach the disk a to VM .*\/virtualMachines\/vm because it is already attached to VM .*\/virtualMachines\/other\. A disk can be attached to only one VM at a time\.$/,
      () => attach(machine("other"), entry("a", 3)),
    ],
    [
      "a disk that another machine is about to have",
      () => [entry("a", 0)],
      409,
      "ConflictingUserInput",
      /already attached to VM .*\/virtualMachines\/other/,
      async () => void (await write(machine("other"), entry("a", 3))),
    ],
    [
      "a disk that another machine lets go of",
      () => [entry("a", 0)],
      409,
      "AttachDiskWhileBeingDetached",
      /^Cannot attach data disk 'a' to VM 'vm' because the disk is currently being detached/,
      async () => {
        await attach(machine("other"), entry("a", 3));
        await write(machine("other"));
      },
    ],
    ["a disk that is not there", () => [entry("none", 0)], 404, "NotFound", /^Disk .*\/disks\/none is not found\.$/],
    [
      "a disk of a zone to a machine without",
      () => [entry("z", 0)],
      400,
      "BadRequest",
      /because it is not in the same zone as the VM\. VM zone: ''\. Disk zone: '3'\.$/,
      () => putDisk("z", { zones: ["3"] }),
    ],
    [
      "no LUN",
      () => [{ name: "a", createOption: "Attach", managedDisk: { id: diskId("a") } }],
      400,
      "InvalidParameter",
      /'dataDisk\.lun' is missing/,
    ],
  ];
  for (const [what, disks, status, code, message, prepare] of refusals) {
    it(what, async () => {
      await prepare?.();
      const before = await shownDisks(vm);
      const answer = await write(vm, ...disks());
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      expect(answer.body.error.message).toMatch(message);
      expect(await shownDisks(vm)).toEqual(before);
    });
  }

  it("a disk of another zone, and one without zone to a machine in one", async () => {
    putDisk("z", { zones: ["3"] });
    const other = await write(machine("zonal"), entry("z", 0));
    expect(other.body.error.message).toContain("VM zone: '2'. Disk zone: '3'.");
    const none = await write(machine("zonal"), entry("a", 0));
    expect([none.status, none.body.error.message]).toEqual([400, expect.stringContaining("it is not in zone '2'.")]);
    putDisk("redundant", { sku: { name: "StandardSSD_ZRS" } });
    await attach(machine("zonal"), entry("redundant", 0));
  });

  it("a premium disk to a size without premium storage", async () => {
    putDisk("p", { sku: { name: "Premium_LRS" } });
    wire.arm.put(vm, { properties: { hardwareProfile: { vmSize: "Standard_D2_v3" } } });
    const answer = await write(vm, entry("p", 0));
    expect([answer.status, answer.body.error.code]).toEqual([400, "InvalidParameter"]);
    expect(answer.body.error.message).toContain("does not support the storage account type Premium_LRS of disk 'p'");
  });

  it("ARM 107 names what is wrong as target", async () => {
    expect((await write(vm, entry("a", 1), entry("b", 1))).body.error.target).toBe("dataDisk.lun");
    await attach(machine("other"), entry("a", 3));
    expect((await write(vm, entry("a", 0))).body.error.target).toBe(diskId("a"));
  });
});
