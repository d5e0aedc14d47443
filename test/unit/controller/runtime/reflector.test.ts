import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { silentLogger } from "../../../../src/base/logger.ts";
import { noMetrics } from "../../../../src/base/metrics.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import type { Service } from "../../../../src/cloudprovider/index.ts";
import { Connection, projectService, Reflector, Store } from "../../../../src/controller/runtime/index.ts";
import type { Answer } from "../../../../src/simulator/http/exchange.ts";
import { failure, ScriptedApiServer, ScriptedWatch } from "../../../fixtures/scripted-api-server.ts";

const LIST = "GET /api/v1/services?limit=500";
const watchFrom = (version: string): string =>
  `GET /api/v1/services?watch=1&allowWatchBookmarks=true&resourceVersion=${version}`;
const listFrom = (version: string): string => `${LIST}&resourceVersion=${version}&resourceVersionMatch=NotOlderThan`;

function raw(name: string, resourceVersion: string): object {
  return { metadata: { name, namespace: "default", uid: name, resourceVersion, managedFields: [{ big: "thing" }] } };
}

function list(version: string, ...items: readonly object[]): Answer {
  return { status: 200, body: { metadata: { resourceVersion: version }, items } };
}

describe("the reflector", () => {
  let clock: VirtualClock;
  let api: ScriptedApiServer;
  let connection: Connection;
  let store: Store<Service>;
  let reflector: Reflector<Service>;
  let stop: AbortController;
  let running: Promise<void>;
  let seen: string[];
  beforeEach(async () => {
    clock = new VirtualClock();
    api = await ScriptedApiServer.start(clock);
    connection = new Connection({ server: api.url }, clock);
    store = new Store(silentLogger);
    stop = new AbortController();
    seen = [];
    reflector = new Reflector({
      connection,
      path: "/api/v1/services",
      project: projectService,
      store,
      clock,
      logger: silentLogger,
      metrics: noMetrics,
      random: () => 0,
    });
    const version = ({ metadata }: Service): string => `${metadata.name}@${metadata.resourceVersion}`;
    store.subscribe({
      added: (object) => seen.push(`added ${version(object)}`),
      updated: (old, current) => seen.push(`updated ${version(old)} ${version(current)}`),
      deleted: (last, missed) => seen.push(`deleted ${version(last)}${missed ? " missed" : ""}`),
    });
  });
  afterEach(async () => {
    stop.abort();
    await running;
    connection.kill();
    await api.close();
  });

  function start(...script: Parameters<ScriptedApiServer["script"]>): void {
    api.script(...script);
    running = reflector.run(stop.signal);
  }

  /** Waits until the requests so far are these, without letting time pass. */
  async function asks(...expected: readonly string[]): Promise<void> {
    await api.until(() => api.requests.length >= expected.length);
    assert.deepEqual(api.asked, expected);
  }

  it("lists, then watches from there, and keeps of each object what is read", async () => {
    const watch = new ScriptedWatch();
    start(list("10", raw("a", "9")), watch.answer);
    await asks(LIST, watchFrom("10"));
    await watch.send("ADDED", raw("b", "11"));
    await watch.send("MODIFIED", raw("a", "12"));
    await watch.send("DELETED", raw("b", "13"));
    await api.until(() => seen.length === 4);
    assert.deepEqual(seen, ["added a@9", "added b@11", "updated a@9 a@12", "deleted b@13"]);
    assert.deepEqual(Object.keys(store.get("default/a")?.metadata ?? {}).toSorted(), [
      "name",
      "namespace",
      "resourceVersion",
      "uid",
    ]);
  });

  it("reads a list page by page, and tells of it when it is whole", async () => {
    const page = (version: string, next: string, item: object): Answer => ({
      status: 200,
      body: { metadata: { resourceVersion: version, continue: next }, items: [item] },
    });
    start(page("10", "t1", raw("a", "1")), page("10", "t2", raw("b", "2")), list("10", raw("c", "3")));
    await asks(LIST, `${LIST}&continue=t1`, `${LIST}&continue=t2`, watchFrom("10"));
    assert.deepEqual(seen, ["added a@1", "added b@2", "added c@3"]);
  });

  it("takes no part of a list for the whole: what was there stays when a page fails", async () => {
    const page = { status: 200, body: { metadata: { resourceVersion: "10", continue: "t1" }, items: [raw("a", "1")] } };
    start(page, failure(410, "Expired"), list("11", raw("b", "2")));
    await api.until(() => seen.length > 0, 100);
    assert.deepEqual(seen, ["added b@2"]);
    assert.equal(reflector.stats.lists, 2);
  });

  it("CTL M04 lists again after ERROR 410: from the version reached, then, if that is too old as well, from any", async () => {
    const watch = new ScriptedWatch();
    start(list("10", raw("a", "9"), raw("b", "9")), watch.answer);
    await watch.send("BOOKMARK", { metadata: { resourceVersion: "10" } });
    await api.until(() => reflector.stats.events === 1);
    await clock.advance(60_000);
    api.script(failure(410, "Expired"), list("50", raw("b", "9"), raw("c", "40")));
    await watch.send("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old" });
    await asks(LIST, watchFrom("10"), listFrom("10"), LIST, watchFrom("50"));
    assert.deepEqual(seen.slice(2), ["deleted a@9 missed", "updated b@9 b@9", "added c@40"]);
  });

  it("names the version reached again after a list that could not", async () => {
    const [first, second] = [new ScriptedWatch(), new ScriptedWatch()];
    start(list("10"), first.answer, failure(410, "Expired"), list("50"), second.answer);
    const expire = { kind: "Status", code: 410, reason: "Expired" };
    await first.send("ERROR", expire);
    await api.until(() => api.requests.length === 5, 100);
    await second.send("ERROR", expire);
    await api.until(() => api.requests.length === 6, 100);
    assert.deepEqual(api.asked.slice(2), [listFrom("10"), LIST, watchFrom("50"), listFrom("50")]);
  });

  it("waits before it lists again when a version expires right after the list that gave it", async () => {
    start(list("10"), failure(410, "Gone"));
    await api.until(() => reflector.stats.failures === 1 && clock.pending === 1);
    assert.equal(api.requests.length, 2);
    await clock.advance(800);
    await asks(LIST, watchFrom("10"), listFrom("10"));
  });

  it("CTL M05 watches on from the last event or bookmark when a watch ends, without a list", async () => {
    const [first, second] = [new ScriptedWatch(), new ScriptedWatch()];
    start(list("10"), first.answer, second.answer);
    await asks(LIST, watchFrom("10"));
    await first.send("ADDED", raw("a", "11"));
    await first.send("BOOKMARK", { metadata: { resourceVersion: "20" } });
    await api.until(() => reflector.stats.events === 2);
    await clock.advance(100_000);
    await first.end();
    await asks(LIST, watchFrom("10"), watchFrom("20"));
    assert.deepEqual(seen, ["added a@11"]);
  });

  it("asks the server to end a watch after five to ten minutes", async () => {
    start(list("10"));
    await api.until(() => api.requests.length === 2);
    assert.equal(api.requests[1]?.url.searchParams.get("timeoutSeconds"), "300");
  });

  it("waits when a watch ends at once with nothing in it", async () => {
    const watch = new ScriptedWatch();
    start(list("10"), watch.answer);
    await watch.end();
    await api.until(() => watch.closed && clock.pending === 1);
    await clock.advance(799);
    assert.equal(api.requests.length, 2);
    await clock.advance(1);
    await asks(LIST, watchFrom("10"), watchFrom("10"));
  });

  const breaks: readonly { name: string; break: (watch: ScriptedWatch) => Promise<void> }[] = [
    { name: "the connection is reset", break: (watch) => watch.reset() },
    { name: "something comes that is no event", break: (watch) => watch.write("<html>\n") },
    { name: "a line comes that is JSON and no event", break: (watch) => watch.write("7\n") },
    {
      name: "the server reports trouble of its own",
      break: (watch) => watch.send("ERROR", { kind: "Status", code: 500, reason: "InternalError" }),
    },
  ];
  for (const { name, break: doBreak } of breaks) {
    it(`watches on from the version reached when ${name}`, async () => {
      const watch = new ScriptedWatch();
      start(list("10"), watch.answer);
      await watch.send("ADDED", raw("a", "11"));
      await api.until(() => seen.length === 1);
      await doBreak(watch);
      await api.until(() => reflector.stats.failures === 1 && clock.pending === 1);
      await clock.advance(800);
      await asks(LIST, watchFrom("10"), watchFrom("11"));
    });
  }

  it("waits as long as the server says when a watch is refused", async () => {
    start(list("10"), failure(429, "TooManyRequests", { "retry-after": "7" }));
    await api.until(() => reflector.stats.failures === 1 && clock.pending === 1);
    await clock.advance(6999);
    assert.equal(api.requests.length, 2);
    await clock.advance(1);
    await asks(LIST, watchFrom("10"), watchFrom("10"));
  });

  it("lists anew when the server knows less than we do, as after a restore", async () => {
    start(list("900", raw("a", "9")), failure(504, "Timeout: Too large resource version"), list("20"));
    await api.until(() => seen.length === 2, 100);
    assert.deepEqual(api.asked.slice(0, 3), [LIST, watchFrom("900"), LIST]);
    assert.deepEqual(seen, ["added a@9", "deleted a@9 missed"]);
  });

  it("waits longer and longer for a server that does not let it list", async () => {
    const times: number[] = [];
    const began = clock.now();
    const refuse = (): Answer => {
      times.push(clock.now() - began);
      return failure(503, "ServiceUnavailable");
    };
    start(...Array.from({ length: 8 }, () => refuse));
    await api.until(() => times.length === 8, 100);
    const waits = times.slice(1).map((at, each) => Math.round((at - (times[each] ?? 0)) / 400) * 400);
    assert.deepEqual(
      waits,
      [800, 1600, 3200, 6400, 12_800, 25_600, 30_000].map((ms) => Math.round(ms / 400) * 400),
    );
    assert.equal(store.synced, false);
  });

  it("gives up a watch that went silent, and watches on", async () => {
    const watch = new ScriptedWatch();
    start(list("10"), watch.answer);
    await watch.send("BOOKMARK", { metadata: { resourceVersion: "20" } });
    await api.until(() => reflector.stats.events === 1);
    await clock.advance(149_000);
    await watch.send("BOOKMARK", { metadata: { resourceVersion: "30" } });
    await api.until(() => reflector.stats.events === 2);
    await clock.advance(149_000);
    assert.equal(api.requests.length, 2, "a bookmark is a sign of life");
    await clock.advance(1000);
    await asks(LIST, watchFrom("10"), watchFrom("30"));
    await api.until(() => watch.closed);
  });

  it("skips events of kinds it does not know", async () => {
    const watch = new ScriptedWatch();
    start(list("10"), watch.answer);
    await watch.send("SOMETHING", raw("x", "11"));
    await watch.send("ADDED", { metadata: { resourceVersion: "12" } });
    await watch.send("ADDED", raw("a", "13"));
    await api.until(() => seen.length === 1);
    assert.deepEqual(seen, ["added a@13"]);
  });

  it("reads events however the bytes are cut", async () => {
    const watch = new ScriptedWatch();
    start(list("10"), watch.answer);
    const line = Buffer.from(`${JSON.stringify({ type: "ADDED", object: raw("häuser", "11") })}\n`);
    for (const byte of line) await watch.write(Buffer.of(byte));
    await api.until(() => reflector.stats.events + reflector.stats.failures > 0);
    assert.deepEqual(seen, ["added häuser@11"]);
  });

  it("stops in the middle of a list and opens no watch", async () => {
    start("hang");
    await api.until(() => api.requests.length === 1);
    stop.abort();
    await running;
    assert.equal(api.requests.length, 1);
  });

  it("stops in the middle of a watch and hangs up", async () => {
    const watch = new ScriptedWatch();
    start(list("10"), watch.answer);
    await asks(LIST, watchFrom("10"));
    stop.abort();
    await running;
    await api.until(() => watch.closed);
  });
});
