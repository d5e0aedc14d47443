import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { silentLogger } from "../../../../src/base/logger.ts";
import { noMetrics } from "../../../../src/base/metrics.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { Connection, EventRecorder } from "../../../../src/controller/runtime/index.ts";
import type { Answer } from "../../../../src/simulator/http/exchange.ts";
import { failure, ScriptedApiServer } from "../../../fixtures/scripted-api-server.ts";

const EVENTS = "/api/v1/namespaces/default/events";
const WEB = { kind: "Service", metadata: { name: "web", namespace: "default", uid: "u1" } } as const;
const created: Answer = { status: 201, body: {} };
const patched: Answer = { status: 200, body: {} };

describe("the event recorder", () => {
  let clock: VirtualClock;
  let api: ScriptedApiServer;
  let connection: Connection;
  let recorder: EventRecorder;
  let stop: AbortController;
  let running: Promise<void>;
  let dropped: string[];
  beforeEach(async () => {
    clock = new VirtualClock();
    api = await ScriptedApiServer.start(clock);
    connection = new Connection({ server: api.url }, clock);
    dropped = [];
    const metrics = {
      ...noMetrics,
      counter: () => ({ add: (labels?: Readonly<Record<string, string>>) => void dropped.push(labels?.["why"] ?? "") }),
    };
    recorder = new EventRecorder({ connection, clock, logger: silentLogger, metrics, random: () => 0.5 });
    stop = new AbortController();
    running = recorder.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    connection.kill();
    await running;
    await api.close();
  });

  const record = (reason = "Ensuring"): void =>
    recorder.sink("service-controller").record(WEB, "Normal", reason, "text");
  const bodies = (): readonly Record<string, unknown>[] =>
    api.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  it("CTL M07 posts an event once and then counts it up with patches", async () => {
    api.script(created, patched, patched);
    for (let each = 0; each < 3; each++) record();
    await api.until(() => api.requests.length === 3);
    const name = /"metadata":\{"name":"([^"]+)"/.exec(api.requests[0]?.body ?? "")?.[1] ?? "no name";
    assert.deepEqual(api.asked, [`POST ${EVENTS}`, `PATCH ${EVENTS}/${name}`, `PATCH ${EVENTS}/${name}`]);
    assert.deepEqual(bodies()[2], { count: 3, lastTimestamp: "2026-01-01T00:00:00Z", message: "text" });
    assert.equal(api.requests[2]?.headers["content-type"], "application/strategic-merge-patch+json");
  });

  it("CTL M07 posts an event again that the server has forgotten, with its count", async () => {
    api.script(created, failure(404, "NotFound"), created);
    record();
    record();
    await api.until(() => api.requests.length === 3);
    assert.equal(api.asked[2], `POST ${EVENTS}`);
    assert.equal(bodies()[2]?.["count"], 2);
  });

  it("gives up an event that the server refuses, and goes on with the next", async () => {
    api.script(failure(403, "Forbidden"), created);
    record("One");
    record("Two");
    await api.until(() => api.requests.length === 2);
    assert.deepEqual(dropped, ["refused"]);
  });

  it("tries again while there is no answer: after up to ten seconds, then every ten, twelve times in all", async () => {
    const times: number[] = [];
    api.script(...Array.from({ length: 12 }, () => "reset" as const));
    record();
    await api.until(() => {
      if (api.requests.length > times.length) times.push(clock.now());
      return dropped.length > 0;
    }, 500);
    assert.deepEqual(dropped, ["no answer"]);
    assert.equal(api.requests.length, 12);
    assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 5000);
  });

  it("never makes anybody wait: what does not fit is dropped", () => {
    for (let each = 0; each < 10_002; each++) record(`R${each}`);
    assert.ok(dropped.length >= 1);
    assert.ok(dropped.every((why) => why === "queue full"));
  });

  it("says when everything was sent", async () => {
    api.script(created);
    await recorder.drained();
    record();
    let over = false;
    const drained = recorder.drained().then(() => (over = true));
    await clock.advance(0);
    assert.equal(over, false);
    await api.until(() => over);
    await drained;
    assert.equal(api.requests.length, 1);
  });
});
