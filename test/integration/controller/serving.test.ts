import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { prometheusMetrics } from "../../../src/base/prometheus.ts";
import { type Serving, startServing } from "../../../src/controller/index.ts";

describe("the serving port", () => {
  let serving: Serving;
  let ready: boolean;
  beforeEach(async () => {
    ready = false;
    const metrics = prometheusMetrics();
    metrics.counter({ name: "passes_total", help: "Passes." }).add();
    const readiness = [{ name: "stores", ok: () => ready }];
    const pages = [{ below: "/explain/", read: (rest: string) => (rest === "a b/c" ? { rest } : undefined) }];
    serving = await startServing({ port: 0, host: "127.0.0.1", metrics, liveness: [], readiness, pages });
  });
  afterEach(() => serving.close());

  async function get(path: string): Promise<readonly [number, string]> {
    const response = await fetch(`http://127.0.0.1:${serving.port}${path}`);
    return [response.status, await response.text()];
  }

  it("answers for health", async () => {
    assert.deepEqual(await get("/healthz"), [200, "ok"]);
    assert.deepEqual(await get("/livez?verbose"), [200, "[+]ping ok\nlivez check passed\n"]);
  });

  it("answers for readiness as it changes", async () => {
    assert.equal((await get("/readyz"))[0], 500);
    ready = true;
    assert.equal((await get("/readyz"))[0], 200);
    assert.equal((await get("/healthz/stores"))[0], 404);
  });

  it("shows metrics", async () => {
    const [status, text] = await get("/metrics");
    assert.equal(status, 200);
    assert.match(text, /passes_total 1/);
  });

  it("shows further documents, and lets nobody write them", async () => {
    assert.deepEqual(await get("/explain/a%20b/c"), [200, '{"rest":"a b/c"}']);
    assert.equal((await get("/explain/nothing"))[0], 404);
    assert.equal((await get("/explain/%"))[0], 404);
    const posted = await fetch(`http://127.0.0.1:${serving.port}/explain/a%20b/c`, { method: "POST" });
    assert.equal(posted.status, 405);
    assert.equal((await get("/explain"))[0], 404);
  });

  it("refuses a port that is taken", async () => {
    const metrics = prometheusMetrics();
    const same = { port: serving.port, host: "127.0.0.1", metrics, liveness: [], readiness: [] };
    await assert.rejects(startServing(same), /EADDRINUSE/);
  });
});
