import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "../../src/base/clock.ts";
import { silentLogger } from "../../src/base/logger.ts";
import { noMetrics } from "../../src/base/metrics.ts";
import type { Node, Service } from "../../src/cloudprovider/index.ts";
import { projectNode, projectService, Store } from "../../src/controller/index.ts";
import { Connection } from "../../src/controller/runtime/connection.ts";
import { Reflector } from "../../src/controller/runtime/reflector.ts";
import { servePages, storedNode, storedService } from "./api-pages.ts";
import { type Bench, median } from "./bench.ts";

const SERVICES = 5000;
const NODES = 1000;

/** How long a controller that starts is blind, and what it keeps in memory. */
export const reflector: Bench = {
  name: "reflector",
  about: `the first list of ${SERVICES} Services and ${NODES} nodes`,
  async run() {
    const server = await servePages({
      "/api/v1/services": Array.from({ length: SERVICES }, (_, n) => storedService(n)),
      "/api/v1/nodes": Array.from({ length: NODES }, (_, n) => storedNode(n)),
    });
    const runs = [];
    for (let turn = 0; turn < 3; turn++) runs.push(await mirror(server.url));
    server.close();
    return {
      times: { "until both are there": Math.min(...runs.map(({ ms }) => ms)) },
      sizes: { "heap that is kept": median(runs.map(({ mebibytes }) => mebibytes)) },
    };
  },
};

async function mirror(server: string): Promise<{ readonly ms: number; readonly mebibytes: number }> {
  const stop = new AbortController();
  const clock = systemClock;
  const connection = new Connection({ server }, clock);
  const common = { connection, clock, logger: silentLogger, metrics: noMetrics };
  const services = new Store<Service>(silentLogger);
  const nodes = new Store<Node>(silentLogger);
  const startedAt = performance.now();
  const running = [
    new Reflector({ ...common, path: "/api/v1/services", project: projectService, store: services }).run(stop.signal),
    new Reflector({ ...common, path: "/api/v1/nodes", project: projectNode, store: nodes }).run(stop.signal),
  ];
  await Promise.all([services.whenSynced, nodes.whenSynced]);
  const ms = performance.now() - startedAt;
  if (services.list().length !== SERVICES || nodes.list().length !== NODES) throw new Error("the lists are not whole");
  stop.abort();
  await Promise.all(running);
  connection.kill();
  return { ms, mebibytes: await heldBy(services, nodes) };
}

/** MiB that become free when the stores are emptied: nothing else is let go between the two looks. */
async function heldBy(services: Store<Service>, nodes: Store<Node>): Promise<number> {
  const full = await usedHeap();
  services.replace([]);
  nodes.replace([]);
  return (full - (await usedHeap())) / 2 ** 20;
}

async function usedHeap(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve)); // what is freed by finalizers is collected next time
  }
  return process.memoryUsage().heapUsed;
}
