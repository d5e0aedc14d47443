import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../../src/simulator/kubernetes/index.ts";
import { type RunningWatch, send, watch } from "./client.ts";

const SERVICES = "/api/v1/services";
const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

let clock: VirtualClock;
let simulator: KubernetesSimulator;

beforeEach(async () => {
  clock = new VirtualClock();
  simulator = await startKubernetesSimulator({ clock, watchHistory: 4, kubernetesService: false });
});

afterEach(() => simulator.close());

function create(name: string, labels: Record<string, string> = {}): string {
  const metadata = { name, labels };
  const object = simulator.create({ apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80 }] } });
  return object.metadata.resourceVersion ?? "";
}

function label(name: string, labels: Record<string, string | null>): void {
  simulator.patch({ kind: "Service", namespace: "default", name }, { metadata: { labels } });
}

async function next(running: RunningWatch): Promise<string> {
  const event = await running.next();
  return event === undefined ? "end" : `${event.type} ${event.object.metadata?.name ?? event.object.code ?? ""}`.trim();
}

async function takes(running: RunningWatch, count: number): Promise<readonly string[]> {
  const seen: string[] = [];
  for (let taken = 0; taken < count; taken++) seen.push(await next(running));
  return seen;
}

describe("a watch", () => {
  it("without a version begins with the present state", async () => {
    create("a");
    const running = await watch(simulator, `${SERVICES}?watch=true`);
    create("b");
    expect(await takes(running, 2)).toEqual(["ADDED a", "ADDED b"]);
  });

  it("from a version sends what came after it", async () => {
    const version = create("a");
    create("b");
    label("a", { x: "y" });
    const running = await watch(simulator, `${SERVICES}?watch=true&resourceVersion=${version}`);
    simulator.delete("Service", "default", "b");
    expect(await takes(running, 3)).toEqual(["ADDED b", "MODIFIED a", "DELETED b"]);
  });

  it("of one object sends only that one", async () => {
    const running = await watch(
      simulator,
      "/api/v1/namespaces/default/services?watch=1&fieldSelector=metadata.name%3Db",
    );
    create("a");
    create("b");
    expect(await takes(running, 1)).toEqual(["ADDED b"]);
  });

  it("with a selector sees objects enter and leave", async () => {
    create("a");
    const running = await watch(simulator, `${SERVICES}?watch=true&labelSelector=x%3Dy`);
    label("a", { x: "y" });
    label("a", { z: "1" });
    label("a", { x: null });
    label("a", { z: "2" });
    create("b", { x: "y" });
    expect(await takes(running, 4)).toEqual(["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"]);
  });

  it("from a forgotten version ends with a 410 event", async () => {
    const version = create("a");
    for (let count = 0; count < 10; count++) label("a", { count: String(count) });
    const running = await watch(simulator, `${SERVICES}?watch=true&resourceVersion=${version}`);
    const event = await running.next();
    expect(event).toMatchObject({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } });
    expect(event?.object.message).toMatch(/^too old resource version: 5 \(\d+\)$/);
    expect(await next(running)).toBe("end");
  });

  it("from a version that is yet to come is refused", async () => {
    const { status, body, headers } = await send(simulator, "GET", `${SERVICES}?watch=true&resourceVersion=999`);
    expect(status).toBe(504);
    expect(body.details?.causes).toMatchObject([{ reason: "ResourceVersionTooLarge" }]);
    expect(headers.get("retry-after")).toBe("1");
  });

  it("ends cleanly after the time it asked for", async () => {
    const running = await watch(simulator, `${SERVICES}?watch=true&timeoutSeconds=30`);
    await clock.advance(29_999);
    create("a");
    expect(await next(running)).toBe("ADDED a");
    await clock.advance(1);
    expect(await next(running)).toBe("end");
    expect(clock.pending).toBe(0);
  });

  it("gets bookmarks if it asks for them", async () => {
    const running = await watch(simulator, `${SERVICES}?watch=true&allowWatchBookmarks=true&timeoutSeconds=90`);
    simulator.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
    await clock.advance(60_000);
    const event = await running.next();
    expect(event).toMatchObject({ type: "BOOKMARK", object: { kind: "Service", metadata: { resourceVersion: "5" } } });
    await clock.advance(60_000);
    expect(await next(running)).toBe("end");
  });

  it("can ask for the present state with a mark at its end", async () => {
    create("a");
    const query = "watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
    const running = await watch(simulator, `${SERVICES}?${query}`);
    expect(await next(running)).toBe("ADDED a");
    const mark = await running.next();
    expect(mark?.type).toBe("BOOKMARK");
    expect(mark?.object.metadata?.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    create("b");
    expect(await next(running)).toBe("ADDED b");
  });

  it("that asks for the present state must match NotOlderThan", async () => {
    const { status, body } = await send(simulator, "GET", `${SERVICES}?watch=true&sendInitialEvents=true`);
    expect([status, body.reason]).toEqual([400, "BadRequest"]);
  });

  it("as a table sends rows, the columns once", async () => {
    create("a");
    const running = await watch(simulator, `${SERVICES}?watch=true`, TABLE);
    create("b");
    const events = [await running.next(), await running.next()];
    expect(events.map((event) => event?.object["columnDefinitions"] !== null)).toEqual([true, false]);
    expect(events.map((event) => event?.object.rows?.[0]?.cells.slice(0, 4))).toEqual([
      ["a", "ClusterIP", "10.0.0.1", "<none>"],
      ["b", "ClusterIP", "10.0.0.2", "<none>"],
    ]);
  });
});

describe("running watches", () => {
  it("end when their client hangs up", async () => {
    const running = await watch(simulator, `${SERVICES}?watch=true`);
    expect(simulator.watchCount()).toBe(1);
    running.stop();
    await expect.poll(() => simulator.watchCount()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("end with a 410 when a test expires them, and cannot come back", async () => {
    const version = create("a");
    const running = await watch(simulator, `${SERVICES}?watch=true&resourceVersion=${version}`);
    create("b");
    simulator.expireWatches();
    expect(await takes(running, 3)).toEqual(["ADDED b", "ERROR 410", "end"]);
    const again = await watch(simulator, `${SERVICES}?watch=true&resourceVersion=${version}`);
    expect(await next(again)).toBe("ERROR 410");
  });

  it("break when a test cuts them", async () => {
    const running = await watch(simulator, `${SERVICES}?watch=true`);
    simulator.endWatches("reset");
    await expect(running.next()).rejects.toThrow();
  });

  it("end when the simulator closes", async () => {
    const running = await watch(simulator, `${SERVICES}?watch=true`);
    await simulator.close();
    await running.next().catch(() => undefined);
    expect(simulator.watchCount()).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
