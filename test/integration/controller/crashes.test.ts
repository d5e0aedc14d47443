import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { silentLogger } from "../../../src/base/logger.ts";
import { noMetrics } from "../../../src/base/metrics.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type Manager, serviceController, startManager } from "../../../src/controller/index.ts";
import type { Stage } from "../../../src/simulator/http/exchange.ts";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../../src/simulator/kubernetes/index.ts";
import { cloudWith, ScriptedBalancer } from "../../fixtures/scripted-balancer.ts";

const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
const MANIFEST = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
};

interface Room {
  readonly api: KubernetesSimulator;
  readonly balancer: ScriptedBalancer;
  readonly clock: VirtualClock;
  /** Waits for what arrives over sockets. */
  readonly until: (holds: () => unknown) => Promise<void>;
  readonly start: () => Promise<Manager>;
}

/** A cluster whose balancers exist from a successful ensure until a successful delete. */
async function withRoom(work: (room: Room) => Promise<void>): Promise<void> {
  const api = await startKubernetesSimulator();
  const clock = new VirtualClock();
  const balancer = new ScriptedBalancer();
  balancer.exists = false;
  balancer.onEnsure = () => {
    balancer.exists = true;
  };
  balancer.onDelete = () => {
    balancer.exists = false;
  };
  const managers: Manager[] = [];
  const start = async (): Promise<Manager> => {
    const manager = await startManager({
      connection: { server: api.httpUrl },
      cloud: cloudWith(balancer),
      clusterName: "kubernetes",
      controllers: [serviceController()],
      clock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    managers.push(manager);
    return manager;
  };
  const until = async (holds: () => unknown): Promise<void> => {
    const started = performance.now();
    while (!holds()) {
      assert.ok(performance.now() - started < 10_000, `never: ${holds.toString()}`);
      await clock.advance(5);
    }
  };
  try {
    await work({ api, balancer, clock, until, start });
  } finally {
    for (const manager of managers) manager.kill();
    await api.close();
  }
}

/** Kills `manager` when the n-th write of a Service reaches `stage`; tells whether it has. */
function killAt(api: KubernetesSimulator, manager: Manager, at: { readonly write: number; readonly stage: Stage }) {
  const numbers = new Set<number>();
  const state = { killed: false };
  api.intercept(({ stage, request }) => {
    if (state.killed || request.method !== "PATCH" || !request.url.pathname.includes("/services/")) return undefined;
    numbers.add(request.number);
    if (numbers.size !== at.write || stage !== at.stage) return undefined;
    state.killed = true;
    manager.kill();
    return stage === "answered" ? undefined : stage === "received" ? "reset" : undefined;
  });
  return state;
}

describe("a controller that dies", () => {
  for (const stage of ["received", "committed", "answered"] satisfies Stage[]) {
    for (const write of [1, 2]) {
      it(`while a Service is made, its write ${write} ${stage}, is followed by one that finishes`, async () => {
        await withRoom(async ({ api, until, start, balancer }) => {
          const state = killAt(api, await start(), { write, stage });
          api.create(MANIFEST);
          await until(() => state.killed);
          await start();
          const service = () => api.get("Service", "default", "web");
          await until(() => JSON.stringify(service()?.["status"]).includes("1.2.3.4"));
          assert.deepEqual(service()?.metadata.finalizers, [FINALIZER]);
          assert.equal(balancer.exists, true);
        });
      });

      it(`while a Service is deleted, its write ${write} ${stage}, leaves nothing behind`, async () => {
        await withRoom(async ({ api, until, start, balancer }) => {
          const first = await start();
          api.create(MANIFEST);
          await until(() => JSON.stringify(api.get("Service", "default", "web")?.["status"]).includes("1.2.3.4"));
          const state = killAt(api, first, { write, stage });
          api.delete("Service", "default", "web");
          await until(() => state.killed);
          await start();
          await until(() => api.get("Service", "default", "web") === undefined);
          assert.equal(balancer.exists, false);
        });
      });
    }
  }
});
