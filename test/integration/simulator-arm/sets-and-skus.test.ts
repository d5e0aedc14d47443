import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { startWire, type Wire } from "./wire.ts";

let wire: Wire;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  wire = await startWire();
});

describe("availability sets", () => {
  const path = (): string => `${wire.compute}/availabilitySets/a`;
  const put = (more: JsonObject = {}) =>
    wire.put(path(), { location: "westeurope", sku: { name: "aligned" }, properties: more });

  it("ARM 68 are answered with 200 and nothing else", async () => {
    for (const answer of [await put(), await put()]) {
      expect([answer.status, answer.headers.get("azure-asyncoperation"), answer.headers.get("etag")]).toEqual([
        200,
        null,
        null,
      ]);
    }
    expect((await wire.get(path())).body).toEqual({
      name: "a",
      id: path(),
      type: "Microsoft.Compute/availabilitySets",
      location: "westeurope",
      sku: { name: "Aligned" },
      properties: { platformUpdateDomainCount: 5, platformFaultDomainCount: 2, virtualMachines: [] },
    });
    const gone = await wire.delete(path());
    expect([gone.status, gone.headers.get("location"), gone.body]).toEqual([200, null, undefined]);
    expect((await wire.delete(path())).status).toBe(204);
  });

  it("list their machines, place them in domains, and stay while they have one", async () => {
    await put();
    const vms = ["x", "y", "z"].map((name) => `${wire.compute}/virtualMachines/${name}`);
    for (const vm of vms) {
      await wire.put(vm, { location: "westeurope", properties: { availabilitySet: { id: path().toUpperCase() } } });
    }
    expect((await wire.get(path())).body.properties.virtualMachines).toEqual(vms.map((id) => ({ id })));
    const domains = await Promise.all(
      vms.map(async (vm) => (await wire.get(`${vm}/instanceView`)).body.platformFaultDomain),
    );
    expect(domains).toEqual([0, 1, 0]);
    const refusal = await wire.delete(path());
    expect([refusal.status, refusal.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    const changed = await put({ platformFaultDomainCount: 3 });
    expect([changed.status, changed.body.error.target]).toEqual([409, "platformFaultDomainCount"]);
    const left = await wire.put(vms[0] ?? "", { properties: { availabilitySet: { id: `${path()}b` } } });
    expect(left.status).toBe(404);
  });
});

describe("compute SKUs", () => {
  const list = (query = "") => wire.get(`${wire.subscription}/providers/Microsoft.Compute/skus${query}`);

  it("ARM 117 say in texts what a size can do where, on one page", async () => {
    const { body } = await list();
    expect(body).not.toHaveProperty("nextLink");
    const here = body.value.find(
      (item: ReturnType<typeof JSON.parse>) => item.name === "Standard_D2s_v3" && item.locations[0] === "westeurope",
    );
    expect(here).toMatchObject({
      resourceType: "virtualMachines",
      tier: "Standard",
      size: "D2s_v3",
      family: "standardDSv3Family",
      locationInfo: [{ location: "westeurope", zones: ["1", "2", "3"] }],
      restrictions: [],
    });
    const values = here.capabilities.map(({ name, value }: { name: string; value: unknown }) => [name, value]);
    expect(values).toContainEqual(["MaxDataDiskCount", "4"]);
    expect(values).toContainEqual(["PremiumIO", "True"]);
    const every = body.value.flatMap((item: { capabilities: { value: unknown }[] }) => item.capabilities);
    expect(every.every(({ value }: { value: unknown }) => typeof value === "string")).toBe(true);
  });

  it("ARM 117 are filtered by location, and say what is restricted", async () => {
    const { body } = await list(`?$filter=${encodeURIComponent("location eq 'westeurope'")}`);
    expect(new Set(body.value.flatMap((item: { locations: string[] }) => item.locations))).toEqual(
      new Set(["westeurope"]),
    );
    const restricted = body.value.filter((item: { restrictions: unknown[] }) => item.restrictions.length > 0);
    expect(restricted.map((item: JsonObject) => [item["name"], item["restrictions"]])).toEqual([
      [
        "Standard_L8s_v3",
        [
          {
            type: "Zone",
            values: ["westeurope"],
            restrictionInfo: { locations: ["westeurope"], zones: ["3"] },
            reasonCode: "NotAvailableForSubscription",
          },
        ],
      ],
    ]);
    expect(new Set(body.value.map((item: JsonObject) => item["resourceType"]))).toEqual(
      new Set(["virtualMachines", "disks", "snapshots", "availabilitySets"]),
    );
  });
});
