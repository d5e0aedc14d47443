import type { PublicIPAddress } from "@azure/arm-network";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_FOLLOW } from "../../../src/azure/arm/policies/follow-operations.ts";
import { requestMetrics } from "../../../src/azure/arm/request-metrics.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { prometheusMetrics } from "../../../src/base/prometheus.ts";
import { forever, startWorld, type World, type WorldOptions } from "./fixture.ts";

const opened: World[] = [];

async function world(options: WorldOptions = {}): Promise<World> {
  const started = await startWorld(options);
  opened.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

const FRESH: PublicIPAddress = {
  location: "westeurope",
  sku: { name: "Standard" },
  publicIPAllocationMethod: "Static",
};

function tag(w: World, id: string, name: string) {
  return w.arm.resource("publicIPAddresses", id).submit(
    {
      owner: name,
      order: name,
      apply: (current = FRESH) => ({ ...current, tags: { ...current.tags, [name]: "1" } }),
    },
    forever(),
  );
}

const atOnce = { ...DEFAULT_FOLLOW, pace: { ...DEFAULT_FOLLOW.pace, unknown: [1], known: [1], shortestStepMs: 1 } };

describe("the engine", () => {
  it("has one queue per resource, however its id is spelled", async () => {
    const w = await world();
    const id = w.id("publicIPAddresses", "pip");
    const owners = ["a", "b", "c", "d", "e", "f"];
    await Promise.all(owners.map((name, index) => tag(w, index % 2 === 0 ? id : id.toUpperCase(), name)));
    expect(Object.keys(w.simulator.resources.get(id)?.["tags"] ?? {}).toSorted()).toEqual(owners);
    expect(w.simulator.journal.writes(/publicIPAddresses/i)).toHaveLength(1);
  });

  it("drops idle queues, and loses no edit by it", async () => {
    const w = await world();
    const ids = Array.from({ length: 70 }, (_, index) => w.id("publicIPAddresses", `p${index}`));
    for (const id of ids) await tag(w, id, "a");
    for (const id of ids.slice(0, 3)) await tag(w, id, "b");
    expect(w.simulator.resources.get(ids[0]!)?.["tags"]).toEqual({ a: "1", b: "1" });
  });

  it("never drops a queue that is at work: one write in flight per resource", async () => {
    // Real time: a virtual clock stands still while a request is on the wire.
    const w = await world({ arm: { clock: systemClock, patience: { follow: atOnce } } });
    const busy = w.id("publicIPAddresses", "busy");
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    let writes = 0;
    w.simulator.intercept(async ({ stage, request }) => {
      if (stage !== "received" || request.method !== "PUT" || !request.url.pathname.endsWith("/busy")) return undefined;
      writes++;
      arrived.resolve();
      await released.promise;
      return undefined;
    });
    const first = tag(w, busy, "a");
    await arrived.promise;
    await Promise.all(Array.from({ length: 70 }, (_, index) => tag(w, w.id("publicIPAddresses", `p${index}`), "a")));
    const second = tag(w, busy, "b");
    await tag(w, w.id("publicIPAddresses", "last"), "a");
    expect(writes).toBe(1);
    released.resolve();
    await Promise.all([first, second]);
    expect(w.simulator.resources.get(busy)?.["tags"]).toEqual({ a: "1", b: "1" });
  });

  it("sends nothing when the fence is down", async () => {
    const w = await world({ arm: { mayWrite: () => false } });
    await expect(tag(w, w.id("publicIPAddresses", "pip"), "a")).rejects.toMatchObject({ code: "Aborted" });
    expect(w.simulator.journal.writes()).toEqual([]);
  });

  it("refuses an id of another type, and a scope that is none", async () => {
    const w = await world();
    const id = w.id("loadBalancers", "lb");
    expect(() => w.arm.resource("publicIPAddresses", id)).toThrow(/not the id of a resource of type/);
    expect(() => w.arm.list("publicIPAddresses", "/nowhere", forever())).toThrow(/not in a resource group/);
  });

  it("refuses to write what it only reads", async () => {
    const w = await world();
    const group = `/subscriptions/${w.group.subscriptionId}/resourceGroups/rg`;
    const id = `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;
    const edit = { owner: "a", order: "a", apply: () => ({ name: "s" }) };
    await expect(w.arm.resource("subnets", id).submit(edit, forever())).rejects.toMatchObject({
      code: "NotImplemented",
    });
  });

  it("waits for what was sent when it is closed, and drops what was not", async () => {
    const w = await world();
    const id = w.id("publicIPAddresses", "pip");
    let closing: Promise<void> | undefined;
    w.simulator.intercept(({ stage, request }) => {
      if (stage === "received" && request.method === "PUT") closing ??= w.arm.close();
      return undefined;
    });
    const sent = tag(w, id, "a");
    await expect(sent).resolves.toMatchObject({ tags: { a: "1" } });
    await closing;
    await expect(tag(w, id, "b")).rejects.toMatchObject({ code: "Aborted" });
  });

  it("takes no edit once it is closed", async () => {
    const w = await world();
    await w.arm.close();
    await expect(tag(w, w.id("publicIPAddresses", "late"), "a")).rejects.toMatchObject({ code: "Aborted" });
    expect(w.simulator.journal.writes(/late/)).toEqual([]);
  });

  it("gives up on what was sent when closing takes too long", async () => {
    const w = await world();
    const patience = new AbortController();
    let closing: Promise<void> | undefined;
    w.simulator.intercept(({ stage, request }) => {
      if (stage !== "received" || request.method !== "PUT") return undefined;
      closing = w.arm.close(patience.signal);
      setImmediate(() => patience.abort(new Error("too long")));
      return "hang";
    });
    await expect(tag(w, w.id("publicIPAddresses", "pip"), "a")).rejects.toMatchObject({ code: "Aborted" });
    await closing;
  });

  it("knows the zones of a region", async () => {
    const w = await world();
    const { subscriptionId } = w.group;
    expect(await w.arm.zones({ subscriptionId, location: "westeurope" }, forever())).toEqual(["1", "2", "3"]);
    await expect(w.arm.zones({ subscriptionId, location: "atlantis" }, forever())).rejects.toMatchObject({
      code: "InvalidArgument",
    });
  });

  it("counts and times its requests without naming resources", async () => {
    const metrics = prometheusMetrics();
    const w = await world({ arm: { onRequest: requestMetrics(metrics) } });
    await tag(w, w.id("publicIPAddresses", "pip"), "a");
    await w.arm.list("publicIPAddresses", `/subscriptions/${w.group.subscriptionId}/resourceGroups/RG`, forever());
    const text = await metrics.expose();
    for (const [resource, method, count] of [
      ["publicipaddresses", "create_or_update", 1],
      ["publicipaddresses", "list", 1],
      ["publicipaddresses", "get", 2],
    ]) {
      expect(text).toMatch(new RegExp(`_count\\{[^}]*resource="${resource}",method="${method}"\\} ${count}`));
    }
    expect(text).toMatch(/arm_request_errors_counter_total\{[^}]*status_code="404"\} 1/);
    expect(text).not.toContain('pip"');
  });
});
