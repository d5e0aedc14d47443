import { afterEach, describe, expect, it } from "vitest";
import { DryArm } from "../../../src/azure/arm/dry-arm.ts";
import { forever, startWorld, type World } from "./fixture.ts";

const opened: World[] = [];

async function world(): Promise<World> {
  const started = await startWorld();
  opened.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

describe("a dry engine", () => {
  it("tells what would be written, and writes nothing", async () => {
    const w = await world();
    const properties = { publicIPAllocationMethod: "Static" };
    for (const name of ["kept", "old", "same"]) {
      w.simulator.put(w.id("publicIPAddresses", name), {
        location: "westeurope",
        sku: { name: "Standard" },
        properties,
      });
    }
    const dry = new DryArm(w.arm);
    dry.govern("publicIPAddresses", { settle: ({ tags }) => (tags?.["gone"] ? "remove" : "keep") });
    const tag = (name: string, key: string, value?: string) =>
      dry.resource("publicIPAddresses", w.id("publicIPAddresses", name)).submit(
        {
          owner: key,
          order: key,
          apply: (current) =>
            value === undefined ? current : { location: "westeurope", ...current, tags: { [key]: value } },
        },
        forever(),
      );
    expect(await tag("new", "a", "1")).toMatchObject({ tags: { a: "1" } });
    await tag("kept", "a", "1");
    await tag("old", "gone", "1");
    await tag("same", "a");
    const changes = await dry.changes(forever());
    expect(changes.map(({ id, verb }) => [id.split("/").at(-1), verb])).toEqual([
      ["kept", "update"],
      ["new", "create"],
      ["old", "remove"],
    ]);
    await dry.close();
    expect(w.simulator.journal.writes()).toEqual([]);
  });

  it("reads as the real one does", async () => {
    const w = await world();
    const dry = new DryArm(w.arm);
    const id = w.id("publicIPAddresses", "a");
    expect(await dry.resource("publicIPAddresses", id).read(forever())).toBeUndefined();
    const scope = `/subscriptions/${w.group.subscriptionId}/resourceGroups/rg`;
    expect(await dry.list("publicIPAddresses", scope, forever())).toEqual([]);
    expect(await dry.refresh("publicIPAddresses", scope, forever())).toEqual([]);
    expect(await dry.zones({ subscriptionId: w.group.subscriptionId, location: "westeurope" }, forever())).toEqual(
      await w.arm.zones({ subscriptionId: w.group.subscriptionId, location: "westeurope" }, forever()),
    );
  });
});
