import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { type ApiError, type ApiRequest, Connection } from "../../../../src/controller/runtime/index.ts";
import type { Answer } from "../../../../src/simulator/http/exchange.ts";
import { failure, ScriptedApiServer } from "../../../fixtures/scripted-api-server.ts";

const PATCH: ApiRequest = { method: "PATCH", path: "/x", body: { a: 1 }, contentType: "application/merge-patch+json" };
const GET: ApiRequest = { method: "GET", path: "/x" };
const never = new AbortController().signal;

describe("a connection to the API server", () => {
  let clock: VirtualClock;
  let api: ScriptedApiServer;
  let connection: Connection;
  beforeEach(async () => {
    clock = new VirtualClock();
    api = await ScriptedApiServer.start(clock);
    connection = new Connection(
      { server: api.url, headers: () => Promise.resolve({ authorization: "Bearer t" }) },
      clock,
    );
  });
  afterEach(async () => {
    connection.kill();
    await api.close();
  });

  it("sends credentials and body, and hands back the parsed answer", async () => {
    api.script({ status: 200, body: { ok: true } });
    assert.deepEqual(await connection.call({ ...PATCH, query: { a: "b c" } }, never), { ok: true });
    const [request] = api.requests;
    assert.equal(request?.headers.authorization, "Bearer t");
    assert.equal(request?.headers["content-type"], "application/merge-patch+json");
    assert.equal(request?.body, '{"a":1}');
    assert.equal(request?.url.search, "?a=b+c");
  });

  it("keeps a path in the server's address, as proxies have it", async () => {
    connection.kill();
    connection = new Connection({ server: `${api.url}/clusters/a/` }, clock);
    api.script({ status: 200, body: {} });
    await connection.call(GET, never);
    assert.deepEqual(api.asked, ["GET /clusters/a/x"]);
  });

  for (const status of [429, 503]) {
    it(`CTL M10 sends a PATCH again when ${status} says after how long, and nobody notices`, async () => {
      const times: number[] = [];
      const noted = (answer: Answer) => (): Answer => {
        times.push(clock.now());
        return answer;
      };
      const refusal = failure(status, "TooManyRequests", { "retry-after": "1" });
      api.script(noted(refusal), noted({ status: 200, body: { done: true } }));
      const answer = connection.call(PATCH, never);
      await api.until(() => times.length === 2, 10);
      assert.deepEqual(await answer, { done: true });
      const waitedMs = (times[1] ?? 0) - (times[0] ?? 0);
      assert.ok(waitedMs >= 1000 && waitedMs < 2000, `waited ${waitedMs} ms`);
    });
  }

  it("CTL M10 gives up after ten repetitions", async () => {
    api.script(...Array.from({ length: 11 }, () => failure(429, "TooManyRequests", { "retry-after": "1" })));
    const answer = assert.rejects(connection.call(PATCH, never), (error: ApiError) => error.status === 429);
    await api.until(() => api.requests.length === 11, 100);
    await answer;
  });

  it("does not repeat what was refused without a word about time", async () => {
    api.script(failure(500, "InternalError"));
    await assert.rejects(connection.call(PATCH, never), (error: ApiError) => error.status === 500);
    assert.equal(api.requests.length, 1);
  });

  it("says what the server said", async () => {
    api.script(failure(409, "Conflict"));
    await assert.rejects(connection.call(PATCH, never), (error: ApiError) => {
      assert.deepEqual([error.status, error.reason, error.message], [409, "Conflict", "it said Conflict"]);
      return true;
    });
  });

  it("says what a proxy said that knows no Status", async () => {
    api.script({ status: 502, body: "<html>bad gateway</html>" });
    await assert.rejects(connection.call(PATCH, never), /HTTP 502 <html>bad gateway/);
  });

  it("reads again a second after a connection broke, but does not write again", async () => {
    api.script("reset", { status: 200, body: { read: true } });
    const answer = connection.call(GET, never);
    await api.until(() => api.requests.length === 2, 10);
    assert.deepEqual(await answer, { read: true });
    api.script("reset");
    await assert.rejects(connection.call(PATCH, never), (error: ApiError) => error.status === 0);
    assert.equal(api.requests.length, 3);
  });

  it("gives up an attempt after 30 seconds", async () => {
    const answer = assert.rejects(connection.call(PATCH, never), /PATCH \/x: .*no answer within 30 seconds/);
    await api.until(() => api.requests.length === 1);
    await clock.advance(30_000);
    await answer;
  });

  it("lets a write that was sent get its answer when the caller leaves, but not a read", async () => {
    const stop = new AbortController();
    const gate = Promise.withResolvers<void>();
    api.script({
      status: 200,
      stream: async (response) => {
        await gate.promise;
        response.end('{"late":true}');
      },
    });
    const write = connection.call(PATCH, stop.signal);
    const read = connection.call(GET, stop.signal);
    await api.until(() => api.requests.length === 2);
    stop.abort(new Error("leaving"));
    await assert.rejects(read, /leaving/);
    gate.resolve();
    assert.deepEqual(await write, { late: true });
    await assert.rejects(connection.call(PATCH, stop.signal), /leaving/);
    assert.equal(api.requests.length, 2, "nothing is sent for somebody who has left");
  });

  it("drops everything when it is killed", async () => {
    const write = assert.rejects(connection.call(PATCH, never));
    await api.until(() => api.requests.length === 1);
    connection.kill();
    connection.kill();
    await write;
    await assert.rejects(connection.call(PATCH, never), /closed/);
    assert.equal(api.requests.length, 1);
  });

  it("uses its sockets again", async () => {
    let sockets = 0;
    const server = createServer((_request, response) => response.end("{}"));
    server.on("connection", () => sockets++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const other = new Connection({ server: `http://127.0.0.1:${port}` }, clock);
    for (let each = 0; each < 20; each++) await other.call(each % 2 === 0 ? GET : PATCH, never);
    assert.ok(sockets <= 2, `${sockets} sockets for 20 calls`);
    other.kill();
    await new Promise((resolve) => server.close(resolve));
  });
});
