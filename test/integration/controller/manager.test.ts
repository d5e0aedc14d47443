import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { silentLogger } from "../../../src/base/logger.ts";
import { noMetrics } from "../../../src/base/metrics.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type Manager, type ManagerOptions, serviceController, startManager } from "../../../src/controller/index.ts";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../../src/simulator/kubernetes/index.ts";
import { cloudWith, ScriptedBalancer } from "../../fixtures/scripted-balancer.ts";

const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

describe("the manager with the service controller", () => {
  const open: (() => Promise<void> | void)[] = [];
  let clock: VirtualClock;
  beforeEach(() => {
    clock = new VirtualClock();
  });
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });

  it("gives a new Service its address, events and finalizer", async () => {
    const { api, balancer } = await cluster();
    api.create(manifest("web"));
    await until(() => ingressOf(api, "web") === "1.2.3.4");
    assert.deepEqual(api.get("Service", "default", "web")?.metadata.finalizers, [FINALIZER]);
    assert.deepEqual(balancer.calls, [{ method: "ensure", service: "web", nodes: ["n1"] }]);
    await until(() => api.list("Event").length === 2);
    assert.deepEqual(reasons(api), ["EnsuredLoadBalancer", "EnsuringLoadBalancer"]);
  });

  it("lets a deleted Service go when its balancer is gone", async () => {
    const { api, balancer } = await cluster();
    api.create(manifest("web"));
    await until(() => ingressOf(api, "web") !== undefined);
    api.delete("Service", "default", "web");
    await until(() => api.get("Service", "default", "web") === undefined);
    assert.deepEqual(
      balancer.calls.map(({ method }) => method),
      ["ensure", "get", "delete"],
    );
  });

  it("takes up at start what was there before", async () => {
    const api = await simulator();
    for (let each = 0; each < 30; each++) api.create(manifest(`s${each}`));
    const { balancer } = await cluster({}, api);
    await until(() =>
      api.list("Service", "default").every(({ metadata: { name } }) => name === "kubernetes" || ingressOf(api, name)),
    );
    assert.equal(balancer.of("ensure").length, 30);
  });

  it("hears of Services after its watch was cut and after the version has expired", async () => {
    const { api } = await cluster();
    api.endWatches("reset");
    api.create(manifest("one"));
    await until(() => ingressOf(api, "one") !== undefined);
    api.expireWatches();
    api.create(manifest("two"));
    await until(() => ingressOf(api, "two") !== undefined);
  });

  it("stops with a pass in progress, and writes nothing afterwards", async () => {
    const { api, balancer, manager } = await cluster();
    balancer.onEnsure = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    api.create(manifest("web"));
    await until(() => balancer.calls.length === 1);
    await manager.stop();
    assert.equal(ingressOf(api, "web"), undefined);
    assert.deepEqual(reasons(api), ["EnsuringLoadBalancer"]);
    await until(() => api.watchCount() === 0);
  });

  it("writes nothing more once it was killed", async () => {
    const { api, balancer, manager } = await cluster();
    const answered = Promise.withResolvers<void>();
    balancer.onEnsure = () => answered.promise;
    api.create(manifest("web"));
    await until(() => balancer.calls.length === 1 && api.list("Event").length === 1);
    manager.kill();
    const before = api.journal.writes().length;
    answered.resolve();
    await fetch(`${api.httpUrl}/version`); // whatever was on its way has arrived before this
    assert.equal(api.journal.writes().length, before);
    assert.equal(ingressOf(api, "web"), undefined);
  });

  it("cuts a write that is on its way when it is killed", async () => {
    const { api, manager } = await cluster();
    const gate = Promise.withResolvers<void>();
    let cut: AbortSignal | undefined;
    api.intercept(async ({ stage, request }) => {
      if (stage !== "received" || request.method !== "PATCH") return undefined;
      cut = request.signal;
      await gate.promise;
      return "reset";
    });
    api.create(manifest("web"));
    await until(() => cut !== undefined);
    const killedAtMs = clock.now();
    manager.kill();
    await until(() => cut?.aborted === true);
    assert.ok(clock.now() - killedAtMs < 10_000, "long before its deadline");
    gate.resolve();
    await manager.stopped;
  });

  it("sends the events that still wait before it stops", async () => {
    const { api, manager } = await cluster();
    const gate = Promise.withResolvers<void>();
    api.intercept(async ({ stage, request }) => {
      if (stage === "received" && request.url.pathname.endsWith("/events")) await gate.promise;
      return undefined;
    });
    api.create(manifest("web"));
    await until(() => ingressOf(api, "web") !== undefined);
    const stopped = manager.stop();
    assert.deepEqual(reasons(api), []);
    gate.resolve();
    await stopped;
    assert.deepEqual(reasons(api), ["EnsuredLoadBalancer", "EnsuringLoadBalancer"]);
  });

  it("refuses a cloud that cannot tell clusters apart", async () => {
    const api = await simulator();
    await assert.rejects(
      startManager(options(api, { cloud: cloudWith(undefined, { hasClusterId: false }) })),
      /ClusterID is required/,
    );
  });

  it("does not start the service controller for a cloud without balancers", async () => {
    const { manager } = await cluster({ cloud: cloudWith(undefined) });
    assert.deepEqual(manager.running, []);
  });

  /** Waits for what arrives over a socket; a try takes as long as a turn of the event loop, and 5 ms of the clock. */
  async function until(holds: () => unknown): Promise<void> {
    const started = performance.now();
    while (!holds()) {
      assert.ok(performance.now() - started < 10_000, `never: ${holds.toString()}`);
      await clock.advance(5);
    }
  }

  async function simulator(): Promise<KubernetesSimulator> {
    const api = await startKubernetesSimulator();
    open.push(() => api.close());
    api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, spec: { providerID: "scripted://n1" } });
    return api;
  }

  function options(api: KubernetesSimulator, given: Partial<ManagerOptions>): ManagerOptions {
    return {
      connection: { server: api.httpUrl },
      cloud: cloudWith(new ScriptedBalancer()),
      clusterName: "kubernetes",
      controllers: [serviceController()],
      clock,
      logger: silentLogger,
      metrics: noMetrics,
      ...given,
    };
  }

  async function cluster(given: Partial<ManagerOptions> = {}, existing?: KubernetesSimulator) {
    const api = existing ?? (await simulator());
    const balancer = new ScriptedBalancer();
    const manager: Manager = await startManager(options(api, { cloud: cloudWith(balancer), ...given }));
    open.push(() => manager.stop());
    await Promise.race([manager.ready, until(() => manager.services.synced && manager.nodes.synced)]);
    return { api, balancer, manager };
  }
});

function manifest(name: string): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { type: "LoadBalancer", selector: { app: name }, ports: [{ port: 80 }] },
  };
}

function ingressOf(api: KubernetesSimulator, name: string): string | undefined {
  const status = api.get("Service", "default", name)?.["status"] as
    | { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } }
    | undefined;
  return status?.loadBalancer?.ingress?.[0]?.ip;
}

function reasons(api: KubernetesSimulator): readonly string[] {
  return api
    .list("Event")
    .map((event) => event["reason"] as string)
    .toSorted();
}
