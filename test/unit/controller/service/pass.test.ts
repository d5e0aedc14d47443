import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { CloudError, type Protocol } from "../../../../src/cloudprovider/index.ts";
import { ApiError } from "../../../../src/controller/runtime/index.ts";
import { F, loadBalancer, ServiceControllerBench } from "../../../fixtures/service-controller-bench.ts";

const ADD_FINALIZER = { metadata: { finalizers: [F] } };
const DROP_FINALIZER = { metadata: { finalizers: null } };
const CLEAR_STATUS = { status: { loadBalancer: { ingress: null } } };
const DELETED = { metadata: { finalizers: [F], deletionTimestamp: "2026-01-01T00:00:00Z" }, ips: ["8.8.8.8"] };
/** How an error that nobody expected ends, after the first pass. */
const OURS = "[Internal]. Report it, with the controller's log of this minute. Next try in 5 s, at 00:00:05Z.";

function statusOf(ip: string): object {
  return { status: { loadBalancer: { ingress: [{ ip }] } } };
}

describe("a pass over a Service", () => {
  let bench: ServiceControllerBench;
  beforeEach(() => {
    bench = new ServiceControllerBench();
  });
  afterEach(() => bench.stop());

  const methods = (): readonly string[] => bench.balancer.calls.map(({ method }) => method);

  it("CTL S01 finds nothing to do for a ClusterIP Service, and says so", async () => {
    bench.balancer.exists = false;
    bench.services.replace([loadBalancer("s1", { spec: { type: "ClusterIP" } })]);
    assert.deepEqual(await bench.pass(), { kind: "done" });
    assert.deepEqual(methods(), ["get"]);
    assert.deepEqual(bench.patches, []);
    assert.deepEqual(bench.events, ["Normal DeletedLoadBalancer Deleted load balancer"]);
  });

  for (const protocol of ["TCP", "UDP", "SCTP"] satisfies Protocol[]) {
    it(`CTL S02 gives a LoadBalancer Service with a ${protocol} port its finalizer and its address`, async () => {
      await bench.start([loadBalancer("s1", { spec: { ports: [{ protocol, port: 80 }] } })]);
      assert.deepEqual(methods(), ["ensure"]);
      assert.deepEqual(bench.patches, [ADD_FINALIZER, statusOf("1.2.3.4")]);
      assert.deepEqual(bench.events, [
        "Normal EnsuringLoadBalancer Ensuring load balancer",
        "Normal EnsuredLoadBalancer Ensured load balancer",
      ]);
    });
  }

  it("CTL S03 leaves a finalizer that is there alone", async () => {
    await bench.start([loadBalancer("s1", { metadata: { finalizers: [F] } })]);
    assert.deepEqual(bench.patches, [statusOf("1.2.3.4")]);
  });

  it("CTL S04 does not touch a Service whose class belongs to another controller", async () => {
    bench.balancer.exists = false;
    await bench.start([loadBalancer("s1", { spec: { loadBalancerClass: "custom-loadbalancer" } })]);
    assert.deepEqual(methods(), [], "its first sight is no reason for a pass");
    assert.deepEqual(await bench.pass(), { kind: "done" });
    assert.deepEqual(methods(), ["get"]);
    assert.deepEqual(bench.patches, []);
  });

  const cleanups = [
    [
      "CTL S05 cleans up after a Service that is no LoadBalancer any more",
      { ...DELETED, spec: { type: "ClusterIP" }, metadata: { finalizers: [F] } },
    ],
    ["CTL S06 cleans up after a Service that is being deleted", DELETED],
  ] as const;
  for (const [name, parts] of cleanups) {
    it(name, async () => {
      await bench.start([loadBalancer("s1", parts)]);
      assert.deepEqual(methods(), ["get", "delete"]);
      assert.deepEqual(bench.patches, [DROP_FINALIZER, CLEAR_STATUS]);
      assert.deepEqual(bench.reasons, ["DeletingLoadBalancer", "DeletedLoadBalancer"]);
      bench.clear();
      bench.services.replace([]);
      await bench.settle();
      assert.deepEqual(methods(), [], "it is forgotten, so its disappearance is no news");
    });
  }

  it("CTL S07 lets a deleted Service go when there never was a balancer", async () => {
    bench.balancer.exists = false;
    await bench.start([loadBalancer("s1", DELETED)]);
    assert.deepEqual(methods(), ["get"]);
    assert.deepEqual(bench.patches[0], DROP_FINALIZER);
    assert.deepEqual(bench.reasons, ["DeletedLoadBalancer"]);
  });

  it("CTL S08 keeps the finalizer while deleting fails, and tries again later and later", async () => {
    bench.balancer.onDelete = () => {
      throw new CloudError("Internal", "boom");
    };
    bench.services.replace([loadBalancer("s1", DELETED)]);
    assert.deepEqual(await bench.pass(), { kind: "backoff" });
    assert.deepEqual(bench.events, [
      "Normal DeletingLoadBalancer Deleting load balancer",
      `Warning SyncLoadBalancerFailed Error syncing load balancer: failed to delete load balancer: boom ${OURS}`,
    ]);
    assert.deepEqual(bench.patches, []);
  });

  it("CTL S09 fails when the status meets a conflict, although the balancer is there", async () => {
    bench.onPatch = () => {
      throw new ApiError(409, "the object has been modified", { reason: "Conflict" });
    };
    bench.services.replace([loadBalancer("s1", { metadata: { finalizers: [F] } })]);
    assert.deepEqual(await bench.pass(), { kind: "backoff" });
    assert.deepEqual(bench.reasons, ["EnsuringLoadBalancer", "EnsuredLoadBalancer", "SyncLoadBalancerFailed"]);
    assert.match(bench.events[2] ?? "", /failed to update load balancer status: the object has been modified/);
  });

  it("CTL S10 succeeds when the Service is gone by the time of its status", async () => {
    bench.onPatch = () => {
      throw new ApiError(404, 'services "s1" not found', { reason: "NotFound" });
    };
    bench.services.replace([loadBalancer("s1", { metadata: { finalizers: [F] } })]);
    assert.deepEqual(await bench.pass(), { kind: "done" });
    assert.deepEqual(bench.reasons, ["EnsuringLoadBalancer", "EnsuredLoadBalancer"]);
  });

  it("takes a finalizer that went with its Service for removed", async () => {
    bench.onPatch = () => {
      throw new ApiError(404, 'services "s1" not found', { reason: "NotFound" });
    };
    bench.services.replace([loadBalancer("s1", DELETED)]);
    assert.deepEqual(await bench.pass(), { kind: "done" });
  });

  it("does not call the cloud when the finalizer cannot be added", async () => {
    bench.onPatch = () => {
      throw new ApiError(403, "no");
    };
    bench.services.replace([loadBalancer()]);
    assert.deepEqual(await bench.pass(), { kind: "backoff" });
    assert.deepEqual(methods(), []);
    assert.match(bench.events.at(-1) ?? "", /failed to add load balancer cleanup finalizer: no \[\w+\]/);
  });

  it("CTL S14 has nothing to do for a key that nobody knows", async () => {
    assert.deepEqual(await bench.pass("default/unknown"), { kind: "done" });
    assert.deepEqual(methods(), []);
  });

  it("CTL S15 deletes the balancer of a Service that vanished, until that succeeds", async () => {
    bench.services.replace([loadBalancer()]);
    await bench.pass();
    bench.services.replace([]);
    bench.clear();
    bench.balancer.onDelete = () => {
      throw new CloudError("Internal", "error Deleting the Loadbalancer");
    };
    assert.deepEqual(await bench.pass(), { kind: "backoff" });
    assert.deepEqual(bench.events, [
      "Normal DeletingLoadBalancer Deleting load balancer",
      `Warning DeleteLoadBalancerFailed Error deleting load balancer: error Deleting the Loadbalancer ${OURS}`,
    ]);
    bench.balancer.onDelete = () => {};
    assert.deepEqual(await bench.pass(), { kind: "done" });
    assert.deepEqual(methods(), ["delete", "delete"], "without looking first");
    assert.deepEqual(await bench.pass(), { kind: "done" });
    assert.equal(bench.balancer.of("delete").length, 2, "it is forgotten now");
  });

  it("CTL S19 deletes the old balancer first when a Service was made again under its name", async () => {
    bench.services.replace([loadBalancer("s1", { metadata: { uid: "u1" } })]);
    await bench.pass();
    bench.clear();
    const deleted: string[] = [];
    bench.balancer.onDelete = ({ metadata }) => void deleted.push(metadata.uid);
    bench.services.replace([loadBalancer("s1", { metadata: { uid: "u2" } })]);
    await bench.pass();
    assert.deepEqual(deleted, ["u1"]);
    assert.deepEqual(methods(), ["delete", "ensure"]);
    assert.deepEqual(bench.reasons, [
      "DeletingLoadBalancer",
      "DeletedLoadBalancer",
      "EnsuringLoadBalancer",
      "EnsuredLoadBalancer",
    ]);
  });

  it("CTL S31 warns about a cluster without nodes, and asks for the balancer all the same", async () => {
    await bench.start([loadBalancer()], []);
    assert.deepEqual(bench.balancer.calls, [{ method: "ensure", service: "s1", nodes: [] }]);
    assert.deepEqual(bench.events[1], "Warning UnAvailableLoadBalancer There are no available nodes for LoadBalancer");
  });

  it("CTL S32 stops without a status when another controller looks after the Service", async () => {
    bench.balancer.onEnsure = () => {
      throw new CloudError("ImplementedElsewhere", "implemented by alternate to cloud provider");
    };
    bench.services.replace([loadBalancer()]);
    assert.deepEqual(await bench.pass(), { kind: "done" });
    assert.deepEqual(bench.patches, [ADD_FINALIZER]);
    assert.deepEqual(bench.reasons, ["EnsuringLoadBalancer"]);
  });

  it("sends no status that is already there", async () => {
    bench.services.replace([loadBalancer("s1", { metadata: { finalizers: [F] }, ips: ["1.2.3.4"] })]);
    await bench.pass();
    assert.deepEqual(bench.patches, []);
  });

  it("parks a Service that asks for something impossible, with one event that says what to do", async () => {
    bench.balancer.onEnsure = () => {
      throw new CloudError("InvalidArgument", 'idle-timeout: got "101", want 4 to 100', { advice: "Use 4 to 100." });
    };
    await bench.start([loadBalancer()]);
    await bench.settle(3_600_000);
    assert.equal(bench.balancer.of("ensure").length, 1);
    assert.deepEqual(bench.events.slice(1), [
      'Warning SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load balancer: idle-timeout: got "101", want 4 to 100 [InvalidArgument]. Use 4 to 100. Next try when the object changes.',
    ]);
    bench.balancer.onEnsure = () => {};
    bench.services.put(loadBalancer("s1", { metadata: { annotations: { "idle-timeout": "100" } } }));
    await bench.settle();
    assert.deepEqual(bench.reasons.at(-1), "EnsuredLoadBalancer");
  });

  it("never parks a deletion", async () => {
    bench.balancer.onDelete = () => {
      throw new CloudError("InvalidArgument", "a bad annotation");
    };
    bench.services.replace([loadBalancer("s1", DELETED)]);
    assert.deepEqual(await bench.pass(), { kind: "backoff" });
  });

  it("is silent about a pass that ends because the process does", async () => {
    bench.balancer.onEnsure = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    await bench.start([loadBalancer()]);
    await bench.stop();
    assert.deepEqual(bench.reasons, ["EnsuringLoadBalancer"]);
    assert.equal(bench.counters.get("service_controller_sync_error_total"), undefined);
  });
});
