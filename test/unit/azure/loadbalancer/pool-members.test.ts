import assert from "node:assert/strict";
import type { LoadBalancer } from "@azure/arm-network";
import { describe, it } from "vitest";
import { emptyPool, type PoolMachines, PoolMembers } from "../../../../src/azure/loadbalancer/pool-members.ts";
import type { PoolReport } from "../../../../src/azure/machines/report.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import type { Node } from "../../../../src/cloudprovider/index.ts";
import { config } from "../../../fixtures/azure-network.ts";
import { node } from "../../../fixtures/node.ts";

const POOL =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers/kubernetes/backendAddressPools/kubernetes";
const balancer: LoadBalancer = { name: "kubernetes", backendAddressPools: [{ id: POOL, name: "kubernetes" }] };
const forever = new AbortController().signal;
const [a, b, c] = [node("a"), node("b"), node("c")];

function report(done: readonly string[], ...failed: readonly string[]): PoolReport {
  const error = new CloudError("Locked", "a lock forbids changes here");
  return { done, skipped: [], failed: failed.map((name) => ({ node: name, resourceId: `/${name}`, error })) };
}

/** Machines that are told in what order they end, and what becomes of each. */
class Bench {
  readonly clock = new VirtualClock();
  readonly life = new AbortController();
  readonly joins: string[] = [];
  readonly events: string[] = [];
  nodes: readonly Node[] = [a, b];
  bad: ReadonlySet<string> = new Set();
  /** Nodes of the cluster that may not be members, and are locked in the pool. */
  stuck: readonly Node[] = [];
  takesMs = 1_000;
  balancers: readonly LoadBalancer[] = [balancer];
  underWay = 0;
  readonly members: PoolMembers;

  constructor(more: Partial<ReturnType<typeof config>> = {}) {
    const machines: PoolMachines = {
      joinPool: async ({ nodes }, signal) => {
        const names = nodes.map(({ metadata }) => metadata.name);
        this.joins.push(names.join());
        assert.equal(++this.underWay, 1, "two runs on one pool would undo each other");
        await this.clock.sleep(this.takesMs, signal).finally(() => this.underWay--);
        const good = names.filter((name) => !this.bad.has(name));
        return report(good, ...names.filter((name) => this.bad.has(name)));
      },
      leavePool: () => Promise.resolve(report([], ...this.stuck.map(({ metadata }) => metadata.name))),
    };
    const { clock } = this;
    this.members = new PoolMembers(
      {
        config: { ...config(), poolType: "nodeIPConfiguration", ...more },
        machines,
        clock,
        nodes: () => this.nodes,
        cluster: () => [...this.nodes, ...this.stuck],
        pools: () => Promise.resolve(this.balancers),
        events: { record: ({ metadata }, _type, reason) => this.events.push(`${metadata.name} ${reason}`) },
      },
      this.life.signal,
    );
  }

  sync(signal = forever): Promise<void> {
    return this.members.sync(balancer, false, signal);
  }
}

describe("members of a pool of interfaces", () => {
  it("that cannot be taken out are told of it, although they may be members no more", async () => {
    const bench = new Bench();
    bench.stuck = [c];
    const sync = bench.sync();
    await bench.clock.advance(1_000);
    await sync;
    assert.deepEqual(bench.events, ["c CreateOrUpdateInterface"]);
  });

  it("are brought in once for all who wait for the same nodes", async () => {
    const bench = new Bench();
    const all = Promise.all([bench.sync(), bench.sync(), bench.sync()]);
    await bench.clock.advance(1_000);
    await all;
    assert.deepEqual(bench.joins, ["a,b"]);
  });

  it("are brought up to the newest nodes by everybody who waited for a former run, one run at a time", async () => {
    const bench = new Bench();
    const first = bench.sync();
    bench.nodes = [b];
    const second = bench.sync();
    bench.nodes = [b, c];
    const third = bench.sync();
    await bench.clock.advance(5_000);
    await Promise.all([first, second, third]);
    assert.deepEqual(bench.joins, ["a,b", "b,c"]);
  });

  it("stay when no node may be one", async () => {
    const bench = new Bench();
    bench.nodes = [node("out", { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" } })];
    await bench.sync();
    assert.deepEqual(bench.joins, []);
  });

  for (const [name, more] of [
    ["hold addresses", { poolType: "nodeIP" }],
    ["are filled by a provisioning tool", { preconfiguredPools: "external" }],
  ] as const) {
    it(`of pools that ${name} are not touched`, async () => {
      const bench = new Bench(more);
      await bench.sync();
      assert.deepEqual(bench.joins, []);
    });
  }

  it("that fail do not keep the others out; their nodes are told, and they are tried again, later each time", async () => {
    const bench = new Bench();
    bench.bad = new Set(["b"]);
    bench.takesMs = 0;
    const done = bench.sync();
    await bench.clock.advance(0);
    await done;
    assert.deepEqual(bench.events, ["b CreateOrUpdateInterface"]);
    await bench.clock.advance(29_000);
    assert.equal(bench.joins.length, 1);
    await bench.clock.advance(1_000);
    assert.equal(bench.joins.length, 2);
    await bench.clock.advance(59_000);
    assert.equal(bench.joins.length, 2);
    bench.bad = new Set();
    await bench.clock.advance(600_000);
    assert.equal(bench.joins.length, 3);
    assert.equal(bench.clock.pending, 0);
  });

  it("that fail are left alone once their pool is gone", async () => {
    const bench = new Bench();
    bench.bad = new Set(["b"]);
    bench.takesMs = 0;
    const done = bench.sync();
    await bench.clock.advance(0);
    await done;
    bench.balancers = [];
    await bench.clock.advance(3_600_000);
    assert.equal(bench.joins.length, 1);
    assert.equal(bench.clock.pending, 0);
  });

  it("none of which works are an error that says why", async () => {
    const bench = new Bench();
    bench.bad = new Set(["a", "b"]);
    const work = assert.rejects(bench.sync(), (error: CloudError) => {
      assert.equal(error.code, "Locked");
      assert.match(error.message, /no node could join the pool .*: a lock forbids changes here/);
      return true;
    });
    await bench.clock.advance(1_000);
    await work;
  });

  it("are not waited for by a caller who gives up; the others still are", async () => {
    const bench = new Bench();
    const caller = new AbortController();
    const given = assert.rejects(bench.sync(caller.signal), /never mind/);
    const patient = bench.sync();
    caller.abort(new Error("never mind"));
    await given;
    await bench.clock.advance(1_000);
    await patient;
    assert.deepEqual(bench.joins, ["a,b"]);
  });

  it("are given up at the end of the process, and so is what was to be tried again", async () => {
    const bench = new Bench();
    bench.bad = new Set(["b"]);
    const done = bench.sync();
    await bench.clock.advance(1_000);
    await done;
    const again = assert.rejects(bench.sync(), /over/);
    bench.life.abort(new Error("over"));
    await again;
    assert.equal(bench.clock.pending, 0);
  });
});

describe("emptying a pool", () => {
  it("takes out everybody of the pool's family and throws the first failure", async () => {
    const asked: unknown[] = [];
    const machines: PoolMachines = {
      joinPool: () => Promise.reject(new Error("not asked for")),
      leavePool: (request) => {
        asked.push(request);
        return Promise.resolve(report([], "a", "b"));
      },
    };
    await assert.rejects(emptyPool(machines, `${POOL}-IPv6`, forever), { code: "Locked" });
    assert.deepEqual(asked, [{ pool: { id: `${POOL}-IPv6`, family: "IPv6" }, keep: "nobody" }]);
  });
});
