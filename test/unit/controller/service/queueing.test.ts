import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { CloudError, type Service } from "../../../../src/cloudprovider/index.ts";
import { F, loadBalancer, node, ServiceControllerBench } from "../../../fixtures/service-controller-bench.ts";

const DELETED = { metadata: { finalizers: [F], deletionTimestamp: "2026-01-01T00:00:00Z" } };

describe("when the service controller works", () => {
  let bench: ServiceControllerBench;
  beforeEach(() => {
    bench = new ServiceControllerBench();
  });
  afterEach(() => bench.stop());

  const ensures = (): number => bench.balancer.of("ensure").length;

  it("CTL S08 deletes again after 5, 10, 20 seconds; the resync adds a try every 30", async () => {
    bench.balancer.onDelete = () => {
      throw new CloudError("Internal", "boom");
    };
    const tries: number[] = [];
    const start = bench.clock.now();
    bench.balancer.onGet = () => void tries.push((bench.clock.now() - start) / 1000);
    await bench.start([loadBalancer("s1", DELETED)]);
    await bench.settle(36_000);
    assert.deepEqual(tries, [0, 5, 15, 30, 35]);
  });

  it("remembers nothing of a Service that is gone, whoever has cleaned up after it", async () => {
    await bench.start([loadBalancer("kept"), loadBalancer("stripped")]);
    for (const name of ["kept", "stripped"]) assert.ok(bench.journal.of(`default/${name}`)?.succeededAt);
    bench.services.put(loadBalancer("kept", DELETED)); // cleaned up, and the finalizer taken away
    await bench.settle();
    bench.services.remove("default/kept");
    bench.services.remove("default/stripped"); // somebody took our finalizer
    await bench.settle();
    for (const name of ["kept", "stripped"]) assert.equal(bench.journal.of(`default/${name}`), undefined);
  });

  it("(differs: upstream waits for the next node) brings a node in that gets its address after it has joined", async () => {
    await bench.start([loadBalancer()]);
    const updates = (): number => bench.balancer.of("update").length;
    const joining = node("n3");
    bench.nodes.put(joining);
    await bench.settle();
    assert.equal(updates(), 1);
    const internal = { type: "InternalIP", address: "10.0.0.3" } as const;
    const external = { type: "ExternalIP", address: "20.0.0.3" } as const;
    for (const addresses of [[internal], [internal, external]]) {
      bench.nodes.put({ ...joining, status: { ...joining.status, addresses } });
      await bench.settle();
    }
    assert.equal(updates(), 2);
  });

  it("CTL S11 refuses a key that is none", async () => {
    assert.deepEqual(await bench.pass("invalid/key/string"), { kind: "backoff" });
    assert.deepEqual(bench.errors, ['unexpected key format: "invalid/key/string"']);
    assert.equal(bench.counters.get("service_controller_sync_error_total"), 1);
  });

  it("CTL S12 tries again after 5 seconds, then 10", async () => {
    bench.balancer.onEnsure = () => {
      throw new CloudError("Internal", "something went wrong");
    };
    await bench.start([loadBalancer()]);
    assert.equal(ensures(), 1);
    await bench.settle(4999);
    assert.equal(ensures(), 1);
    await bench.settle(1);
    assert.equal(ensures(), 2);
    await bench.settle(9999);
    assert.equal(ensures(), 2);
    await bench.settle(1);
    assert.equal(ensures(), 3);
  });

  it("CTL S12 tries again exactly when the cloud says, which is no failure to count", async () => {
    const answers = [
      () => {
        throw new CloudError("Throttled", "LB create in progress", { retryAfterMs: 42_000 });
      },
      () => {
        throw new CloudError("Internal", "boom");
      },
      () => {},
    ];
    bench.balancer.onEnsure = () => answers.shift()?.();
    await bench.start([loadBalancer()]);
    await bench.settle(41_999);
    assert.equal(ensures(), 1);
    await bench.settle(1);
    assert.equal(ensures(), 2);
    await bench.settle(5000);
    assert.equal(ensures(), 3, "the first counted failure waits 5 s");
    await bench.settle(600_000);
    assert.equal(ensures(), 3, "success ends the retries");
  });

  // Upstream flattens the error of a finalizer's deletion and so loses the delay; here both ways keep it.
  it("CTL S13 honours the cloud's delay when deleting, with the Service there (differs) or gone", async () => {
    bench.balancer.onDelete = () => {
      throw new CloudError("Throttled", "wait", { retryAfterMs: 42_000 });
    };
    bench.services.replace([loadBalancer("s1", DELETED)]);
    assert.deepEqual(await bench.pass(), { kind: "again", afterMs: 42_000 });
    bench.services.replace([loadBalancer("s2")]);
    await bench.pass("default/s2");
    bench.services.replace([]);
    assert.deepEqual(await bench.pass("default/s2"), { kind: "again", afterMs: 42_000 });
  });

  it("CTL S20 works again when the address asked for changes, and hands over the new one", async () => {
    const asked: (string | undefined)[] = [];
    bench.balancer.onEnsure = ({ spec }) => void asked.push(spec.loadBalancerIP);
    const withAddress = (loadBalancerIP: string): Service => loadBalancer("s1", { spec: { loadBalancerIP } });
    await bench.start([withAddress("192.168.1.1")]);
    bench.services.put(withAddress("192.168.1.11"));
    await bench.settle();
    assert.deepEqual(asked, ["192.168.1.1", "192.168.1.11"]);
    assert.equal(bench.events.filter((event) => event.includes("192.168")).length, 0);
  });

  it("CTL M06 the resync asks nobody and gives only Services that wait for their cleanup another pass", async () => {
    const stuck = loadBalancer("stuck", DELETED);
    await bench.start([loadBalancer("fine"), loadBalancer("plain", { spec: { type: "ClusterIP" } }), stuck]);
    bench.clear();
    await bench.settle(30_000);
    assert.deepEqual(
      bench.balancer.calls.map(({ method, service }) => `${method} ${service}`),
      ["get stuck", "delete stuck"],
    );
  });

  it("deletes the balancer of a Service whose finalizer somebody took away", async () => {
    await bench.start([loadBalancer()]);
    bench.services.remove("default/s1");
    await bench.settle();
    assert.equal(bench.balancer.of("delete").length, 1);
  });

  it("works on many Services at once, on one Service once at a time", async () => {
    let running = 0;
    const gate = Promise.withResolvers<void>();
    bench.balancer.onEnsure = async () => {
      running++;
      await gate.promise;
    };
    const services = Array.from({ length: 300 }, (_, each) => loadBalancer(`s${each}`));
    await bench.start(services);
    assert.equal(running, 256);
    bench.services.put(loadBalancer("s0", { spec: { loadBalancerIP: "1.1.1.1" } }));
    await bench.settle();
    assert.equal(running, 256, "the change of a Service in work waits for the end of that pass");
    gate.resolve();
    await bench.settle();
    assert.equal(bench.balancer.of("ensure").length, 301);
  });

  it("lets a Service that is deleted go at once, in the middle of a pass over it", async () => {
    bench.balancer.onEnsure = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    await bench.start([loadBalancer()]);
    bench.clear();
    bench.services.put(loadBalancer("s1", DELETED));
    await bench.settle();
    assert.deepEqual(bench.reasons, ["DeletingLoadBalancer", "DeletedLoadBalancer"]);
    assert.equal(bench.balancer.of("delete").length, 1);
    await bench.settle(600_000);
    assert.equal(ensures(), 0, "nothing is left to try again");
  });

  it("does not start before the nodes are known", async () => {
    bench.services.replace([loadBalancer()]);
    const stop = new AbortController();
    const running = bench.controller.run(stop.signal);
    await bench.settle(60_000);
    assert.equal(ensures(), 0);
    bench.nodes.replace([node("n1")]);
    await bench.settle();
    assert.deepEqual(bench.balancer.of("ensure")[0]?.nodes, ["n1"]);
    stop.abort();
    await running;
  });
});
