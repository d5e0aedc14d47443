import assert from "node:assert/strict";
import { afterEach, describe, it } from "vitest";
import { type ClusterNode, Machines, type Pool } from "../../../src/azure/machines/index.ts";
import {
  type ClusterFacts,
  type ClusterSeedInput,
  type Json,
  type JsonObject,
  type Latency,
  seedCluster,
} from "../../../src/simulator/index.ts";
import { forever, startWorld, type World } from "../arm/fixture.ts";

interface Cluster {
  readonly world: World;
  readonly facts: ClusterFacts;
  readonly machines: Machines;
  readonly nodes: readonly ClusterNode[];
  readonly pool: Pool;
  readonly balancerId: string;
}

let running: World | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A cluster in a simulator, with a balancer `kubernetes` whose pool is empty. */
async function cluster(seed: ClusterSeedInput, latency: Latency = "zero"): Promise<Cluster> {
  const world = await startWorld({ simulator: { latency } });
  running = world;
  const facts = seedCluster(world.simulator, seed);
  const { subscriptionId, resourceGroup, location } = facts;
  const provider = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network`;
  const balancerId = `${provider}/loadBalancers/kubernetes`;
  world.simulator.put(balancerId, balancer(provider, location, world));
  const place = { subscriptionId, resourceGroup, uniform: true, single: true };
  return {
    world,
    facts,
    machines: new Machines({ arm: world.arm, clock: world.clock, ...place }),
    nodes: facts.nodes.map(({ name, providerId }) => ({ metadata: { name }, spec: { providerID: providerId } })),
    pool: { id: `${balancerId}/backendAddressPools/kubernetes`, family: "IPv4" },
    balancerId,
  };
}

function balancer(provider: string, location: string, { simulator }: World): JsonObject {
  const address = `${provider}/publicIPAddresses/ip`;
  const sku = { name: "Standard" };
  simulator.put(address, { location, sku, properties: { publicIPAllocationMethod: "Static" } });
  const frontend = { name: "f", properties: { publicIPAddress: { id: address } } };
  return {
    location,
    sku,
    properties: { frontendIPConfigurations: [frontend], backendAddressPools: [{ name: "kubernetes" }] },
  };
}

/** Ids of the IP configurations in the pool, as the balancer shows them. */
function members({ world, balancerId }: Cluster): readonly string[] {
  type Shown = {
    properties: { backendAddressPools: { properties: { backendIPConfigurations?: { id: string }[] } }[] };
  };
  const shown = world.simulator.resources.get(balancerId) as unknown as Shown;
  const [pool] = shown.properties.backendAddressPools;
  return (pool?.properties.backendIPConfigurations ?? []).map(({ id }) => id);
}

const names = (nodes: readonly ClusterNode[]): readonly string[] =>
  nodes.map(({ metadata }) => metadata.name).toSorted();
const three: ClusterSeedInput = { vmss: { name: "nodes", nodes: [{}, {}, {}] } };
/** Operations take half a minute and ask to be polled as Azure does; answers come at once. */
const slow: Latency = { answerMs: () => 0, operationMs: () => 30_000, retryAfterSeconds: (seconds) => seconds };
const single: ClusterSeedInput = { vms: [{ name: "vm-a" }, { name: "vm-b" }] };

describe("pools of a uniform scale set", () => {
  it("join: every instance and the model are members when it resolves", async () => {
    const here = await cluster(three);
    const report = await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    assert.deepEqual(report, { done: names(here.nodes), skipped: [], failed: [] });
    const found = await here.machines.nodeNamesOf(members(here), forever());
    assert.deepEqual([...found.values()].toSorted(), names(here.nodes));
    const model = here.world.simulator.resources.list("Microsoft.Compute/virtualMachineScaleSets");
    assert.ok(JSON.stringify(model).includes(here.pool.id));
  });

  it("join: one write per instance and one of the model; two lists and no read of a single machine", async () => {
    const here = await cluster(three);
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    const { journal } = here.world.simulator;
    assert.equal(journal.writes(/virtualMachineScaleSets/).length, 4);
    const reads = journal.entries().filter(({ method, path }) => method === "GET" && !/operations?/i.test(path));
    const before = reads.filter(({ number }) => number < (journal.writes()[0]?.number ?? 0));
    assert.deepEqual(
      before.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)).toSorted((a, b) => (a < b ? -1 : 1)),
      ["virtualMachineScaleSets", "virtualMachines"],
    );
  });

  it("join: a write says only what changes, and everything else survives", async () => {
    const here = await cluster(three);
    const { simulator } = here.world;
    const [first] = simulator.resources.list("Microsoft.Compute/virtualMachineScaleSets/virtualMachines");
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    for (const { path, body = "{}" } of simulator.journal.writes(/virtualMachines\/\d+$/)) {
      const { properties, ...envelope } = JSON.parse(body) as { properties: object };
      assert.deepEqual(Object.keys(properties).toSorted(), ["hardwareProfile", "networkProfileConfiguration"], path);
      assert.deepEqual(Object.keys(envelope), ["location"]);
    }
    const after = simulator.resources.get(textOf(first?.["id"])) as { properties: JsonObject };
    const before = first as unknown as { properties: JsonObject };
    assert.deepEqual(after.properties["osProfile"], before.properties["osProfile"]);
    assert.deepEqual(after.properties["storageProfile"], before.properties["storageProfile"]);
  });

  it("join: resolves only when the operations have ended and the members are in", async () => {
    const here = await cluster(three, slow);
    const began = here.world.clock.now();
    const report = await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    assert.deepEqual(report, { done: names(here.nodes), skipped: [], failed: [] });
    assert.equal(members(here).length, 3);
    const tookMs = here.world.clock.now() - began;
    assert.ok(tookMs >= 60_000 && tookMs < 90_000, `the model, then all instances side by side: ${tookMs} ms`);
  });

  it("join again writes nothing, and neither does a leave that keeps everybody", async () => {
    const here = await cluster(three);
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    const { length } = here.world.simulator.journal.writes();
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    await here.machines.leavePool({ pool: here.pool, keep: here.nodes, members: members(here) }, forever());
    assert.equal(here.world.simulator.journal.writes().length, length);
  });

  it("join: an operation that fails for good is reported, and the others are members", async () => {
    const here = await cluster(three);
    const failed = { status: "Failed", code: "NetworkingInternalOperationError", nth: "every" } as const;
    here.world.simulator.faults.failOperation({ method: "PUT", path: /virtualMachines\/1$/, ...failed });
    const report = await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    const [one] = report.failed;
    assert.equal(report.failed.length, 1);
    assert.equal(one?.node, here.nodes[1]?.metadata.name);
    assert.match(String(one?.error), /NetworkingInternalOperationError|operation/i);
    assert.equal(report.done.length, 2);
  });

  it("join: an instance that somebody wrote meanwhile is read again and joins", async () => {
    const here = await cluster(three);
    const { simulator } = here.world;
    const path = here.nodes[0]?.spec.providerID?.slice("azure://".length) ?? "";
    await here.machines.locate(here.nodes, forever());
    simulator.put(path, { tags: { changed: "by somebody else" } });
    const report = await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    assert.deepEqual(report.done, names(here.nodes));
    assert.deepEqual((simulator.resources.get(path) as { tags?: Json }).tags, { changed: "by somebody else" });
  });

  it("a machine that is gone is found out with one fresh list", async () => {
    const here = await cluster(three);
    const lost: ClusterNode = {
      metadata: { name: "lost" },
      spec: { providerID: `${here.nodes[0]?.spec.providerID}9` },
    };
    const report = await here.machines.joinPool({ pool: here.pool, nodes: [...here.nodes, lost] }, forever());
    assert.deepEqual(report.skipped, [{ node: "lost", resourceId: "", reason: "machine not found" }]);
    assert.equal(report.done.length, 3);
  });

  it("LB 80 a node that is left out leaves the pool, and comes back", async () => {
    const here = await cluster(three);
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    const keep = here.nodes.slice(1);
    await here.machines.leavePool({ pool: here.pool, keep, members: members(here) }, forever());
    assert.equal(members(here).length, 2);
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    assert.equal(members(here).length, 3);
  });

  it("nobody stays: the balancer can be deleted, and the model makes no new member", async () => {
    const here = await cluster(three);
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    const report = await here.machines.leavePool({ pool: here.pool, keep: "nobody" }, forever());
    assert.deepEqual(report, { done: names(here.nodes), skipped: [], failed: [] });
    assert.deepEqual(members(here), []);
    const left = [
      ...here.world.simulator.resources.list("Microsoft.Compute/virtualMachineScaleSets"),
      ...here.world.simulator.resources.list("Microsoft.Compute/virtualMachineScaleSets/virtualMachines"),
    ];
    assert.ok(!JSON.stringify(left).includes(here.pool.id));
    assert.equal(here.world.simulator.remove(here.balancerId), true);
  });
});

describe("pools of machines of their own", () => {
  it("join and leave go through their interfaces, and nothing else of those changes", async () => {
    const here = await cluster(single);
    const { simulator } = here.world;
    const shown = (): readonly unknown[] =>
      simulator.resources
        .list("Microsoft.Network/networkInterfaces")
        .map((nic) => JSON.parse(JSON.stringify(nic, lasting)));
    const before = shown();
    const report = await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    assert.deepEqual(report, { done: ["vm-a", "vm-b"], skipped: [], failed: [] });
    const found = await here.machines.nodeNamesOf(members(here), forever());
    assert.deepEqual([...found.values()].toSorted(), ["vm-a", "vm-b"]);
    await here.machines.leavePool({ pool: here.pool, keep: "nobody" }, forever());
    assert.deepEqual(members(here), []);
    assert.deepEqual(shown(), before);
  });

  it("nodes without a provider id are found by name", async () => {
    const here = await cluster(single);
    const nodes = here.nodes.map(({ metadata }) => ({ metadata, spec: {} }));
    const report = await here.machines.joinPool({ pool: here.pool, nodes }, forever());
    assert.deepEqual(report.done, ["vm-a", "vm-b"]);
  });

  it("LB 81 an interface whose machine was deleted leaves, the others stay although nobody is listed", async () => {
    const here = await cluster(single);
    await here.machines.joinPool({ pool: here.pool, nodes: here.nodes }, forever());
    here.world.simulator.remove(here.nodes[0]?.spec.providerID?.slice("azure://".length) ?? "");
    await here.world.clock.advance(600_000);
    await here.machines.leavePool({ pool: here.pool, keep: [], members: members(here) }, forever());
    const found = await here.machines.nodeNamesOf(members(here), forever());
    assert.deepEqual([...found.values()], ["vm-b"]);
  });
});

/** Leaves out what every write changes, and the empty list that stands for none. */
function lasting(key: string, value: unknown): unknown {
  return key === "etag" || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
