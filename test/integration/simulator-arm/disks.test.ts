import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { startSlowWire, startWire, type Wire } from "./wire.ts";

let wire: Wire;
afterEach(() => wire.arm.close());

const disk = (properties: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  location: "westeurope",
  ...more,
  properties: { creationData: { createOption: "Empty" }, diskSizeGB: 10, ...properties },
});

const diskPath = (name: string): string => `${wire.compute}/disks/${name}`;

describe("disks", () => {
  let clock: VirtualClock;
  beforeEach(async () => {
    const started = await startSlowWire();
    wire = started;
    clock = started.clock;
  });

  it("ARM 63 PUT, PATCH and DELETE are 202 with both headers under DiskOperations", async () => {
    const told = async (answer: { status: number; headers: Headers }): Promise<void> => {
      expect(answer.status).toBe(202);
      expect(answer.headers.get("azure-asyncoperation")).toMatch(
        /\/locations\/westeurope\/DiskOperations\/[0-9a-f-]{36}\?/,
      );
      expect(answer.headers.get("location")).toMatch(/\/DiskOperations\/[0-9a-f-]{36}\?monitor=true&/);
      expect(answer.headers.get("retry-after")).toBe("2");
      await clock.advance(10_000);
    };
    const made = await wire.put(diskPath("d"), disk());
    expect(made.body.properties).toEqual({
      creationData: { createOption: "Empty" },
      diskSizeGB: 10,
      provisioningState: "Updating",
    });
    expect((await wire.get(diskPath("d"))).body.properties.provisioningState).toBe("Updating");
    await told(made);
    expect((await wire.get(diskPath("d"))).body.properties.provisioningState).toBe("Succeeded");
    await told(await wire.send("PATCH", diskPath("d"), { body: { properties: { diskSizeGB: 20 } } }));
    expect((await wire.get(diskPath("d"))).body.properties.diskSizeGB).toBe(20);
    await told(await wire.delete(diskPath("d")));
    expect((await wire.get(diskPath("d"))).status).toBe(404);
    expect((await wire.send("PATCH", diskPath("d"), { body: {} })).body.error.code).toBe("ResourceNotFound");
  });

  it("ARM 64 the operation's document repeats the disk, and Location answers with it", async () => {
    const { headers } = await wire.put(diskPath("d"), disk());
    const status = headers.get("azure-asyncoperation") ?? "";
    const running = await wire.get(status);
    expect(Object.keys(running.body).toSorted()).toEqual(["name", "startTime", "status"]);
    expect((await wire.get(headers.get("location") ?? "")).status).toBe(202);
    await clock.advance(10_000);
    const { body } = await wire.get(status);
    const shown = (await wire.get(diskPath("d"))).body;
    expect(body).toMatchObject({ status: "Succeeded", properties: { output: shown } });
    const located = await wire.get(headers.get("location") ?? "");
    expect([located.status, located.body]).toEqual([200, shown]);
  });

  it("ARM 48 have no etag anywhere and ignore conditions", async () => {
    const made = await wire.put(diskPath("d"), disk(), { "if-match": '"7"' });
    expect(made.status).toBe(202);
    await clock.advance(10_000);
    const shown = await wire.get(diskPath("d"));
    expect([made.headers.get("etag"), shown.headers.get("etag"), shown.body.etag]).toEqual([null, null, undefined]);
  });

  it("ARM 77 a create that failed leaves a disk that can be read, written again and deleted", async () => {
    wire.arm.faults.failOperation({
      method: "PUT",
      path: diskPath("d"),
      status: "Failed",
      code: "InternalOperationError",
    });
    const { headers } = await wire.put(diskPath("d"), disk());
    await clock.advance(10_000);
    const status = await wire.get(headers.get("azure-asyncoperation") ?? "");
    expect([status.status, status.body.status, status.body.properties]).toEqual([200, "Failed", undefined]);
    expect((await wire.get(diskPath("d"))).body.properties.provisioningState).toBe("Failed");
    await wire.put(diskPath("d"), disk());
    await clock.advance(10_000);
    expect((await wire.get(diskPath("d"))).body.properties.provisioningState).toBe("Succeeded");
    expect((await wire.delete(diskPath("d"))).status).toBe(202);
  });
});

describe("a disk's document", () => {
  beforeEach(async () => {
    wire = await startWire();
  });

  it("ARM 112 has defaults, and what size and SKU amount to", async () => {
    await wire.put(diskPath("d"), disk({ diskSizeGB: 200 }));
    const { body } = await wire.get(diskPath("d"));
    expect(body).toMatchObject({
      sku: { name: "Standard_LRS", tier: "Standard" },
      properties: {
        diskIOPSReadWrite: 500,
        diskMBpsReadWrite: 60,
        encryption: { type: "EncryptionAtRestWithPlatformKey" },
        networkAccessPolicy: "AllowAll",
        publicNetworkAccess: "Enabled",
        diskState: "Unattached",
        diskSizeBytes: 214_748_364_800,
        uniqueId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        timeCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/),
      },
    });
    expect(body).not.toHaveProperty("managedBy");
  });

  const baselines: readonly (readonly [sku: string, size: number, iops: number, megabytes: number, tier?: string])[] = [
    ["Premium_LRS", 10, 120, 25, "P3"],
    ["Premium_LRS", 128, 500, 100, "P10"],
    ["Premium_LRS", 129, 1100, 125, "P15"],
    ["Premium_ZRS", 32_767, 20_000, 900, "P80"],
    ["StandardSSD_LRS", 1024, 500, 60],
    ["PremiumV2_LRS", 10, 3000, 125],
  ];
  for (const [sku, diskSizeGB, iops, megabytes, tier] of baselines) {
    it(`ARM 112 ${sku} of ${diskSizeGB} GB makes ${iops} IOPS and ${megabytes} MB/s`, async () => {
      await wire.put(diskPath("d"), disk({ diskSizeGB }, { sku: { name: sku.toLowerCase() } }));
      const { body } = await wire.get(diskPath("d"));
      expect(body.sku.name).toBe(sku);
      const { diskIOPSReadWrite, diskMBpsReadWrite, tier: shown } = body.properties;
      expect([diskIOPSReadWrite, diskMBpsReadWrite, shown]).toEqual([iops, megabytes, tier]);
    });
  }

  const refused: readonly (readonly [what: string, body: JsonObject, status: number, code: string])[] = [
    ["no size", disk({ diskSizeGB: null }), 400, "InvalidParameter"],
    ["size 0", disk({ diskSizeGB: 0 }), 400, "InvalidParameter"],
    ["more than a kind can have", disk({ diskSizeGB: 40_000 }), 400, "InvalidParameter"],
    ["no creation data", disk({ creationData: null }), 400, "InvalidParameter"],
    [
      "a source that is not there",
      disk({ creationData: { createOption: "Copy", sourceResourceId: "/subscriptions/x/y" } }),
      404,
      "NotFound",
    ],
    ["two zones", disk({}, { zones: ["1", "2"] }), 400, "InvalidParameter"],
    ["a zone that is none", disk({}, { zones: ["9"] }), 400, "AvailabilityZoneNotSupported"],
    ["a zone with zone redundancy", disk({}, { zones: ["1"], sku: { name: "Premium_ZRS" } }), 400, "InvalidParameter"],
    ["an unknown kind", disk({}, { sku: { name: "Golden_LRS" } }), 400, "InvalidRequestFormat"],
    ["shares of a kind that has none", disk({ maxShares: 2 }), 400, "InvalidParameter"],
    ["IOPS of a kind that has its own", disk({ diskIOPSReadWrite: 5000 }), 400, "InvalidParameter"],
  ];
  for (const [what, body, status, code] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await wire.put(diskPath("d"), body);
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      expect((await wire.get(diskPath("d"))).status).toBe(404);
    });
  }

  it("ARM 113 grows, never shrinks, and keeps its source and zone", async () => {
    await wire.put(diskPath("d"), disk({}, { zones: ["1"] }));
    const shrunk = await wire.send("PATCH", diskPath("d"), { body: { properties: { diskSizeGB: 5 } } });
    expect([shrunk.status, shrunk.body.error.code]).toEqual([400, "BadRequest"]);
    const moved = await wire.put(diskPath("d"), disk({}, { zones: ["2"] }));
    expect(moved.body.error.code).toBe("ResourceAvailabilityZonesCannotBeModified");
    const copied = await wire.put(diskPath("d"), disk({ creationData: { createOption: "Import" } }));
    expect([copied.status, copied.body.error.code]).toEqual([409, "PropertyChangeNotAllowed"]);
  });

  it("ARM 114 a copy has its source's size and carries its unique id", async () => {
    await wire.put(diskPath("d"), disk({ diskSizeGB: 64 }));
    const source = (await wire.get(diskPath("d"))).body;
    const creationData = { createOption: "Copy", sourceResourceId: source.id };
    await wire.put(diskPath("copy"), { location: "westeurope", properties: { creationData } });
    expect((await wire.get(diskPath("copy"))).body.properties).toMatchObject({
      diskSizeGB: 64,
      creationData: { sourceUniqueId: source.properties.uniqueId },
    });
    const small = await wire.put(diskPath("small"), disk({ diskSizeGB: 10, creationData }));
    expect([small.status, small.body.error.code]).toEqual([400, "InvalidParameter"]);
  });
});
