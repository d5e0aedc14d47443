import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { CloudError, type Node } from "../../../../src/cloudprovider/index.ts";
import { F, loadBalancer, node, ServiceControllerBench } from "../../../fixtures/service-controller-bench.ts";

const [n1, n2, n3] = [node("n1"), node("n2"), node("n3")];
const boom = (): never => {
  throw new CloudError("Internal", "boom");
};

describe("members of balancers", () => {
  let bench: ServiceControllerBench;
  beforeEach(() => {
    bench = new ServiceControllerBench();
  });
  afterEach(() => bench.stop());

  const updates = (): readonly string[] =>
    bench.balancer.of("update").map(({ service, nodes }) => `${service} [${nodes.join(" ")}]`);

  /** A node sync whatever has changed: the news is a node that no balancer ever gets. */
  async function nodeSync(): Promise<void> {
    bench.nodes.put(node("noise", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }));
    await bench.settle();
    bench.nodes.remove("noise");
    await bench.settle();
  }

  for (const workers of [1, 2, 256]) {
    it(`CTL S21 follow the nodes, for LoadBalancer Services only, with ${workers} workers`, async () => {
      await bench.stop();
      bench = new ServiceControllerBench({ workers });
      const plain = loadBalancer("s0", { spec: { type: "NodePort" } });
      const inside = loadBalancer("s4", { spec: { type: "ClusterIP" } });
      await bench.start([plain, loadBalancer("s1"), loadBalancer("s3"), inside], [n1, n2]);
      bench.clear();
      bench.nodes.put(n3);
      await bench.settle();
      assert.deepEqual([...updates()].toSorted(), ["s1 [n1 n2 n3]", "s3 [n1 n2 n3]"]);
      assert.equal(bench.counters.get("service_controller_loadbalancer_sync_total"), 2);
    });
  }

  it("CTL S22 are left to full passes when the nodes cannot be listed", async () => {
    const names = ["s1", "s2", "s3", "s4"];
    await bench.start(names.map((name) => loadBalancer(name)));
    bench.clear();
    const list = bench.nodes.list.bind(bench.nodes);
    let failures = names.length;
    bench.nodes.list = () => (failures-- > 0 ? boom() : list());
    bench.nodes.put(n3);
    await bench.settle();
    assert.deepEqual(updates(), []);
    assert.deepEqual(
      bench.balancer.of("ensure").map(({ service }) => service),
      names,
    );
    assert.equal(bench.counters.get("service_controller_nodesync_error_total"), 4);
  });

  it("CTL S23 change for every traffic policy alike, and once", async () => {
    const local = { spec: { externalTrafficPolicy: "Local" } } as const;
    await bench.start([loadBalancer("s1", local), loadBalancer("s2", local), loadBalancer("s3")], [n1, n2]);
    bench.clear();
    bench.nodes.put(n3);
    await bench.settle();
    assert.deepEqual(updates(), ["s1 [n1 n2 n3]", "s2 [n1 n2 n3]", "s3 [n1 n2 n3]"]);
    assert.deepEqual(
      new Set(bench.events),
      new Set(["Normal UpdatedLoadBalancer Updated load balancer with new hosts"]),
    );
    bench.clear();
    await nodeSync();
    assert.deepEqual(updates(), []);
  });

  it("CTL S24 are mended by a full pass after an update has failed, not by another update", async () => {
    await bench.start([loadBalancer("s1"), loadBalancer("s2"), loadBalancer("s3")], [n1, n2]);
    bench.clear();
    bench.balancer.onUpdate = boom;
    bench.nodes.put(n3);
    await bench.settle();
    assert.equal(updates().length, 3);
    assert.deepEqual(
      bench.balancer.of("ensure").map(({ nodes }) => nodes.join(" ")),
      ["n1 n2 n3", "n1 n2 n3", "n1 n2 n3"],
    );
    await nodeSync();
    assert.equal(updates().length, 3);
  });

  const changes: readonly { name: string; to: readonly Node[]; members?: string }[] = [
    { name: "nothing when a node becomes NotReady", to: [n1, node("n2", { ready: "False" }), n3] },
    { name: "nothing for a taint like any other", to: [n1, tainted("Other"), n3] },
    {
      name: "a node less for the autoscaler's taint",
      to: [n1, tainted("ToBeDeletedByClusterAutoscaler"), n3],
      members: "n1 n3",
    },
    { name: "a node less for the exclusion label", to: [n1, labelled(""), n3], members: "n1 n3" },
    { name: "a node less when one is gone", to: [n1, n2], members: "n1 n2" },
    {
      name: "a node less when one is being deleted",
      to: [n1, node("n2", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }), n3],
      members: "n1 n3",
    },
  ];
  for (const { name, to, members } of changes) {
    it(`CTL S25 are ${name}`, async () => {
      await bench.start([loadBalancer()], [n1, n2, n3]);
      bench.nodes.replace(to);
      await nodeSync();
      assert.deepEqual(updates(), members === undefined ? [] : [`s1 [${members}]`]);
    });
  }

  const triggers: readonly { name: string; from: Node; to: Node; syncs: boolean }[] = [
    { name: "the exclusion label coming", from: node("n2"), to: labelled("true"), syncs: true },
    { name: "the exclusion label going", from: labelled("true"), to: node("n2"), syncs: true },
    { name: "a provider id coming", from: withId(""), to: withId("x"), syncs: true },
    { name: "a provider id going", from: withId("x"), to: withId(""), syncs: true },
    { name: "a provider id changing", from: withId("x"), to: withId("x-2"), syncs: true },
    { name: "the autoscaler's taint", from: node("n2"), to: tainted("ToBeDeletedByClusterAutoscaler"), syncs: false },
    { name: "readiness", from: node("n2"), to: node("n2", { ready: "False" }), syncs: false },
    { name: "another label", from: node("n2"), to: node("n2", { metadata: { labels: { a: "b" } } }), syncs: false },
    {
      name: "a deletion that begins",
      from: node("n2"),
      to: node("n2", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      syncs: false,
    },
  ];
  for (const { name, from, to, syncs } of triggers) {
    it(`CTL S27 are ${syncs ? "" : "not "}looked at for ${name}`, async () => {
      await bench.start([loadBalancer()], [n1, from]);
      const before = bench.counters.get("workqueue_adds_total{node}") ?? 0;
      bench.nodes.put(to);
      await bench.settle();
      assert.equal((bench.counters.get("workqueue_adds_total{node}") ?? 0) - before, syncs ? 1 : 0);
    });
  }

  it("CTL S28 change with the machine behind a node, and with the node", async () => {
    await bench.start([loadBalancer()], [n1, n2]);
    bench.nodes.put(node("n2", { spec: { providerID: "cumulus/1" } }));
    await bench.settle();
    assert.deepEqual(updates(), ["s1 [n1 n2]"]);
    await nodeSync();
    assert.equal(updates().length, 1, "equal machines, no call");
    bench.nodes.replace([n1, n3]);
    await bench.settle();
    assert.equal(updates().at(-1), "s1 [n1 n3]");
  });

  it("CTL S29 are not asked for twice when a full pass was faster", async () => {
    await bench.stop();
    bench = new ServiceControllerBench({ workers: 1 });
    await bench.start([loadBalancer("s1"), loadBalancer("s2")], [n1]);
    bench.clear();
    const gate = Promise.withResolvers<void>();
    bench.balancer.onUpdate = ({ metadata }) => (metadata.name === "s1" ? gate.promise : undefined);
    bench.nodes.put(n2);
    await bench.settle();
    assert.deepEqual(updates(), ["s1 [n1 n2]"], "busy with the first");
    bench.nodes.put(n3);
    bench.services.put(loadBalancer("s2", { spec: { loadBalancerIP: "1.1.1.1" } }));
    await bench.settle();
    assert.deepEqual(bench.balancer.of("ensure")[0], { method: "ensure", service: "s2", nodes: ["n1", "n2", "n3"] });
    gate.resolve();
    await bench.settle();
    assert.deepEqual(updates(), ["s1 [n1 n2]", "s1 [n1 n2 n3]"]);
  });

  it("CTL S30 that could not be updated are no failure when there is no balancer", async () => {
    await bench.start([loadBalancer()], [n1, n2]);
    bench.clear();
    bench.balancer.onUpdate = boom;
    bench.balancer.exists = false;
    bench.nodes.put(n3);
    await bench.settle();
    assert.deepEqual(bench.events, []);
    assert.deepEqual(bench.balancer.of("ensure"), []);
  });

  it("CTL S30 that could not be updated are reported by node names", async () => {
    await bench.start([loadBalancer()], [n1, n2]);
    bench.clear();
    bench.balancer.onUpdate = boom;
    bench.balancer.onEnsure = boom;
    bench.nodes.put(n3);
    await bench.settle();
    assert.equal(
      bench.events[0],
      "Warning UpdateLoadBalancerFailed Error updating load balancer with new hosts [n1 n2 n3] [node names limited, total number of nodes: 3], error: boom [Internal]. Report it, with the controller's log of this minute. Next try at once.",
    );
    assert.equal(bench.counters.get("service_controller_nodesync_error_total"), 1);
    assert.equal(bench.balancer.of("ensure").length, 1);
  });

  it("wait as long as the cloud says before the full pass that mends them", async () => {
    await bench.start([loadBalancer()], [n1]);
    bench.clear();
    bench.balancer.onUpdate = () => {
      throw new CloudError("Throttled", "wait", { retryAfterMs: 7000 });
    };
    bench.nodes.put(n2);
    await bench.settle(6999);
    assert.equal(bench.balancer.of("ensure").length, 0);
    await bench.settle(1);
    assert.equal(bench.balancer.of("ensure").length, 1);
  });

  it("of an impossible Service are not tried again until something changes", async () => {
    await bench.start([loadBalancer()], [n1]);
    bench.clear();
    bench.balancer.onUpdate = () => {
      throw new CloudError("InvalidArgument", "no");
    };
    bench.nodes.put(n2);
    await bench.settle(3_600_000);
    assert.equal(updates().length, 1);
    assert.equal(bench.balancer.of("ensure").length, 0);
  });

  it("are not updated while a pass over the Service is in progress, but looked at when it ends", async () => {
    const gate = Promise.withResolvers<void>();
    bench.balancer.onEnsure = () => gate.promise;
    await bench.start([loadBalancer()], [n1]);
    bench.nodes.put(n2);
    await bench.settle();
    assert.deepEqual(updates(), []);
    gate.resolve();
    await bench.settle();
    assert.deepEqual(updates(), ["s1 [n1 n2]"]);
  });

  it("of a Service that is being deleted are left alone", async () => {
    bench.balancer.onDelete = boom;
    await bench.start(
      [loadBalancer("s1", { metadata: { finalizers: [F], deletionTimestamp: "2026-01-01T00:00:00Z" } })],
      [n1],
    );
    bench.nodes.put(n2);
    await bench.settle();
    assert.deepEqual(updates(), []);
  });

  it("are warned about when the last eligible node goes", async () => {
    await bench.start([loadBalancer()], [n1]);
    bench.clear();
    bench.nodes.replace([]);
    await bench.settle();
    assert.deepEqual(updates(), ["s1 []"]);
    assert.deepEqual(bench.reasons, ["UnAvailableLoadBalancer"]);
  });
});

function tainted(key: string): Node {
  return node("n2", { spec: { providerID: "cloud://n2", taints: [{ key, effect: "NoSchedule" }] } });
}

function labelled(value: string): Node {
  return node("n2", { metadata: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": value } } });
}

function withId(providerID: string): Node {
  return node("n2", { spec: { providerID } });
}
