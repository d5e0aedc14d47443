import { afterEach, describe, expect, it } from "vitest";
import { rateCapsOf } from "../../../src/azure/arm/throttle/caps.ts";
import type { GateEvent } from "../../../src/azure/arm/throttle/gate.ts";
import { gateMetrics } from "../../../src/azure/arm/throttle/gate-metrics.ts";
import { prometheusMetrics } from "../../../src/base/prometheus.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { profile } from "../../../src/simulator/index.ts";
import { forever, startWorld, type World, type WorldOptions } from "./fixture.ts";

const worlds: World[] = [];

async function world(options: WorldOptions = {}): Promise<World> {
  const made = await startWorld(options);
  worlds.push(made);
  return made;
}

afterEach(async () => {
  for (const each of worlds.splice(0)) await each.close();
});

/** Creates an address; resolves with the milliseconds that took. */
async function create(w: World, name: string): Promise<number> {
  const started = w.clock.now();
  const edit = {
    owner: "test",
    order: "",
    apply: (current?: object) =>
      current ?? { location: "westeurope", sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
  };
  await w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", name)).submit(edit, forever());
  return w.clock.now() - started;
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `ip-${index}`);
}

function refusals(w: World): number {
  return w.requests.filter(({ status }) => status === 429).length;
}

const TOO_MANY = {
  error: {
    code: "RetryableError",
    message: "A retryable error occurred.",
    details: [{ code: "RetryableErrorDueToTooManyCalls", message: "too many calls within last 5 minutes" }],
  },
};

describe("with the documented limits (profile P4)", () => {
  it("250 addresses at once, polls included, have at most 1 % of their requests refused", async () => {
    let waited = 0;
    const onThrottle = (event: GateEvent): void => {
      if (event.kind === "entered" && event.waitedMs > 0) waited++;
    };
    const w = await world({ simulator: profile("P4"), arm: { onThrottle } });
    await Promise.all(names(250).map((name) => create(w, name)));
    expect(w.simulator.resources.list("Microsoft.Network/publicIPAddresses")).toHaveLength(250);
    expect(waited).toBeGreaterThan(0); // there are 200 tokens for 250 writes
    expect(refusals(w)).toBeLessThanOrEqual(w.requests.length / 100);
    const byBuckets = [...w.simulator.limits.refused().values()].reduce((sum, each) => sum + each, 0);
    expect(byBuckets).toBe(refusals(w));
  });
});

describe("a 429 with Retry-After: 60 on one public IP", () => {
  it("leaves all others at their usual time, and it is sent again after exactly that", async () => {
    const usual = await world({ simulator: { latency: profile("P1").latency } });
    const usualMs = Math.max(...(await Promise.all(names(20).map((name) => create(usual, name)))));
    const w = await world({ simulator: { latency: profile("P1").latency } });
    w.simulator.faults.script({
      method: "PUT",
      path: /\/ip-7$/,
      at: "received",
      with: { status: 429, headers: { "retry-after": "60" }, body: TOO_MANY },
    });
    const took = await Promise.all(names(20).map((name) => create(w, name)));
    const others = took.filter((_, index) => index !== 7);
    expect(Math.max(...others)).toBeLessThanOrEqual(usualMs);
    expect(took[7]).toBeGreaterThanOrEqual(60_000);
    expect(took[7]).toBeLessThanOrEqual(60_000 + 2 * usualMs);
    expect(refusals(w)).toBe(1);
  });

  it("and on another one holds back the writes of all, and no reads", async () => {
    const w = await world({ simulator: { latency: profile("P1").latency } });
    for (const name of ["ip-0", "ip-1"]) {
      w.simulator.faults.script({
        method: "PUT",
        path: new RegExp(`/${name}$`),
        at: "received",
        with: { status: 429, headers: { "retry-after": "60" }, body: TOO_MANY },
      });
    }
    const both = Promise.all(names(2).map((name) => create(w, name)));
    await w.clock.sleep(5_000);
    const third = create(w, "ip-2");
    const started = w.clock.now();
    await w.arm.refresh("publicIPAddresses", `/subscriptions/${w.group.subscriptionId}/resourceGroups/rg`, forever());
    expect(w.clock.now() - started).toBeLessThan(1000);
    expect(await third).toBeGreaterThanOrEqual(55_000);
    await both;
    expect(refusals(w)).toBe(2);
  });
});

describe("limits that a person has set", () => {
  it("are kept besides Azure's own", async () => {
    const caps = rateCapsOf({
      cloudProviderRateLimit: true,
      cloudProviderRateLimitQPSWrite: 0.1,
      cloudProviderRateLimitBucketWrite: 2,
    });
    const w = await world({ arm: { limits: { caps } } });
    const took = await Promise.all(names(4).map((name) => create(w, name)));
    expect(took.filter((ms) => ms < 10_000)).toHaveLength(2);
    expect(Math.max(...took)).toBeGreaterThanOrEqual(20_000);
  });
});

it("a write takes one token, also when its path is spelled otherwise on the wire", async () => {
  const entered: string[] = [];
  const onThrottle = (event: GateEvent): void => {
    if (event.kind === "entered" && event.group === "network.write") entered.push(event.lane);
  };
  const w = await world({ arm: { onThrottle } });
  const group = `/subscriptions/${w.group.subscriptionId}/resourceGroups/größe`;
  w.simulator.put(group, { location: "westeurope" });
  const apply = (): object => ({
    location: "westeurope",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  });
  const address = w.arm.resource("publicIPAddresses", `${group}/providers/Microsoft.Network/publicIPAddresses/ip`);
  await address.submit({ owner: "a", order: "a", apply }, forever());
  expect(entered).toEqual(["create"]);
});

it("a poll whose path cannot be decoded is sent all the same", async () => {
  const w = await world({ simulator: { latency: profile("P1").latency } });
  w.simulator.intercept(({ stage, request, answer }) => {
    if (stage !== "received" || !request.url.pathname.endsWith("/odd%zz")) return undefined;
    return { answer: { status: 200, headers: {}, body: JSON.stringify({ status: "Succeeded" }), ...answer } };
  });
  w.simulator.intercept(({ stage, request, answer }) => {
    if (stage !== "committed" || request.method !== "PUT" || answer === undefined) return undefined;
    const odd = `${w.simulator.endpoint}/subscriptions/s/providers/Microsoft.Network/locations/here/operations/odd%zz`;
    return { answer: { ...answer, headers: { ...answer.headers, "azure-asyncoperation": odd } } };
  });
  const apply = (): object => ({ location: "westeurope", sku: { name: "Standard" } });
  const balancer = w.arm.resource("loadBalancers", w.id("loadBalancers", "lb"));
  expect(await balancer.submit({ owner: "a", order: "a", apply }, forever())).toMatchObject({ name: "lb" });
});

it("a clock that is set back stops nobody", async () => {
  let backMs = 0;
  const clock = new VirtualClock("auto");
  const now = clock.now.bind(clock);
  const w = await world({ clock, simulator: { latency: profile("P1").latency } });
  clock.now = () => now() - backMs;
  await Promise.all(names(10).map((name) => create(w, name)));
  backMs = 3_600_000;
  const began = now();
  await Promise.all(names(20).map((name) => create(w, `later-${name}`)));
  expect(now() - began).toBeLessThan(60_000);
});

it("what happens at the gate is told, and can be read as metrics", async () => {
  const metrics = prometheusMetrics();
  const count = gateMetrics(metrics);
  const events: GateEvent[] = [];
  const w = await world({
    arm: {
      onThrottle: (event) => {
        events.push(event);
        count(event);
      },
    },
  });
  w.simulator.faults.script({
    method: "PUT",
    path: "publicIPAddresses/ip-0",
    at: "received",
    with: { status: 429, headers: { "retry-after": "7", "x-ms-failure-cause": "gateway" }, body: TOO_MANY },
  });
  await create(w, "ip-0");
  const text = await metrics.expose();
  expect(text).toContain('azure_ccm_throttled_answers_total{group="network.write",about="buckets"} 1');
  expect(text).toContain('azure_ccm_throttle_closed_seconds_total{bucket="arm.write"} 7');
  expect(text).toContain('azure_ccm_throttle_wait_seconds_count{group="network.write",lane="create"} 2');
  expect(events.some(({ kind }) => kind === "entered")).toBe(true);
});
