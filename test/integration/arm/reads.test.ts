import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { formatGroupId } from "../../../src/azure/arm/resource-id.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import type { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { Answer } from "../../../src/simulator/index.ts";
import { forever, startWorld, type World, type WorldOptions } from "./fixture.ts";

const opened: { close(): Promise<void> }[] = [];

async function world(options: WorldOptions = {}): Promise<World & { readonly scope: string }> {
  const started = await startWorld(options);
  opened.push(started);
  const { subscriptionId, resourceGroup } = started.group;
  return { ...started, scope: formatGroupId(subscriptionId, resourceGroup) };
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function addAddresses(w: World, ...names: readonly string[]): void {
  for (const name of names) {
    const properties = { publicIPAllocationMethod: "Static" };
    w.simulator.put(w.id("publicIPAddresses", name), { location: "westeurope", sku: { name: "Standard" }, properties });
  }
}

function rejection(of: Promise<unknown>): Promise<CloudError> {
  return of.then(
    () => expect.unreachable("it should be rejected"),
    (error: unknown) => error as CloudError,
  );
}

function bodyOf(answer: Answer): Record<string, unknown> {
  return JSON.parse(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
}

/** Changes the answers to lists of addresses. */
function changeLists(w: World, change: (body: Record<string, unknown>) => Record<string, unknown>): void {
  w.simulator.intercept(({ stage, request, answer }) =>
    stage === "committed" && /publicIPAddresses$/i.test(request.url.pathname) && answer
      ? { answer: { ...answer, body: change(bodyOf(answer)) } }
      : undefined,
  );
}

async function listener(
  serve: Parameters<typeof createServer>[1],
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("a list", () => {
  it("follows every page", async () => {
    const w = await world({ simulator: { pageSize: 1 } });
    addAddresses(w, "c", "a", "b");
    const found = await w.arm.list("publicIPAddresses", w.scope, forever());
    expect(found.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(w.requests).toHaveLength(3);
  });

  it("is shared by all who ask at once, and fresh for those who ask later", async () => {
    const w = await world();
    addAddresses(w, "a");
    const many = Array.from({ length: 50 }, () => w.arm.list("publicIPAddresses", w.scope, forever()));
    await Promise.all(many);
    await w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "a")).current(forever());
    expect(w.requests).toHaveLength(1);
  });

  it("that loses a page is an error, and what was known stays", async () => {
    const w = await world({ simulator: { pageSize: 1 }, arm: { ttlMs: { publicIPAddresses: 1_000 } } });
    addAddresses(w, "a", "b");
    await w.arm.list("publicIPAddresses", w.scope, forever());
    w.simulator.faults.script({
      path: "publicIPAddresses",
      nth: 2,
      at: "received",
      with: { status: 403, body: { error: { code: "AuthorizationFailed", message: "no" } } },
    });
    const error = await rejection(w.arm.refresh("publicIPAddresses", w.scope, forever()));
    expect(error).toMatchObject({ code: "PermissionDenied", cloudCode: "AuthorizationFailed" });
    expect(await w.arm.list("publicIPAddresses", w.scope, forever())).toHaveLength(2);
  });

  it("of a group that does not exist is NotFound, not empty", async () => {
    const w = await world();
    const error = await rejection(w.arm.list("publicIPAddresses", `${w.scope}-missing`, forever()));
    expect(error).toMatchObject({ code: "NotFound", cloudCode: "ResourceGroupNotFound" });
  });

  it("ends when its second page stalls", async () => {
    const clock = new VirtualClock("manual");
    const w = await world({ clock, simulator: { pageSize: 1 } });
    addAddresses(w, "a", "b");
    let stalled = (): void => {};
    const reached = new Promise<void>((resolve) => {
      stalled = resolve;
    });
    w.simulator.intercept(({ stage, request }) => {
      if (stage !== "received" || !request.url.search.includes("skip")) return undefined;
      stalled();
      return "hang";
    });
    const listing = rejection(w.arm.list("publicIPAddresses", w.scope, forever()));
    await reached;
    await clock.advance(60_000);
    expect(await listing).toMatchObject({ code: "Timeout", cloudCode: "DeadlineExceeded" });
  });

  it("never follows a next link to another host, so that the token stays here", async () => {
    const w = await world();
    addAddresses(w, "a");
    let visits = 0;
    const foreign = await listener((_, response) => {
      visits++;
      response.end("{}");
    });
    changeLists(w, (body) => ({ ...body, nextLink: `${foreign.url}/next` }));
    const error = await rejection(w.arm.list("publicIPAddresses", w.scope, forever()));
    expect(error.code).toBe("Internal");
    expect(error.message).toContain(foreign.url);
    expect(visits).toBe(0);
  });

  it("whose page is cut short is an error", async () => {
    const w = await world({ arm: { patience: { retry: { retries: 0, baseMs: 1, longestMs: 1 } } } });
    addAddresses(w, "a");
    const body = '{"value":[{"name":"a"';
    w.simulator.faults.script({
      path: "publicIPAddresses",
      at: "received",
      with: { status: 200, headers: { "content-type": "application/json" }, body },
    });
    expect(await rejection(w.arm.list("publicIPAddresses", w.scope, forever()))).toMatchObject({
      code: "Unavailable",
      cloudCode: "UnreadableAnswer",
    });
  });

  it("without a value is an error, not an empty list", async () => {
    const w = await world();
    w.simulator.faults.script({ path: "publicIPAddresses", at: "received", with: { status: 200, body: {} } });
    await rejection(w.arm.list("publicIPAddresses", w.scope, forever()));
  });
});

describe("a read", () => {
  it("INS 30: succeeds on the fourth try after three times 503, with growing pauses", async () => {
    const w = await world();
    addAddresses(w, "a");
    for (let nth = 1; nth <= 3; nth++) {
      w.simulator.faults.script({
        method: "GET",
        path: "publicIPAddresses/a",
        nth: 1,
        at: "received",
        with: { status: 503, body: {} },
      });
    }
    const started = w.clock.now();
    const found = await w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "a")).read(forever());
    expect(found?.name).toBe("a");
    expect(w.requests.map(({ status }) => status)).toEqual([503, 503, 503, 200]);
    expect(w.clock.now() - started).toBe(5_000 + 15_000 + 35_000);
  });

  it("believes no 404 that is not ARM's", async () => {
    const w = await world();
    const page = { status: 404, headers: { "content-type": "text/html" }, body: "<html><h1>Not here</h1></html>" };
    w.simulator.faults.script({ method: "GET", path: "publicIPAddresses/a", nth: "every", at: "received", with: page });
    const error = await rejection(w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "a")).read(forever()));
    expect(error.message).toContain("Not here");
  });

  it("takes an empty 200 for a failure, not for an empty resource", async () => {
    const w = await world();
    w.simulator.faults.script({
      method: "GET",
      path: "publicIPAddresses/a",
      at: "received",
      with: { status: 200, body: "" },
    });
    const error = await rejection(w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "a")).read(forever()));
    expect(error).toMatchObject({ code: "Unavailable", cloudCode: "UnreadableAnswer" });
  });

  it("reads an HTML 502 by its status", async () => {
    const w = await world({ arm: { patience: { retry: { retries: 0, baseMs: 1, longestMs: 1 } } } });
    const page = {
      status: 502,
      headers: { "content-type": "text/html" },
      body: "<html><h2>Our services aren't available right now</h2></html>",
    };
    w.simulator.faults.script({ path: "publicIPAddresses/a", at: "received", with: page });
    const error = await rejection(w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "a")).read(forever()));
    expect(error).toMatchObject({ code: "Unavailable" });
    expect(error.message).toContain("Our services aren't available right now");
  });

  it("ends at once when its caller aborts, and says why", async () => {
    const w = await world();
    const caller = new AbortController();
    const why = new Error("enough");
    w.simulator.intercept(({ stage }) => {
      if (stage !== "received") return undefined;
      caller.abort(why);
      return "hang";
    });
    const reading = w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "a")).read(caller.signal);
    await expect(reading).rejects.toBe(why);
  });

  it("INS 26 and 28: after a 429 to one read the next is held back, and told so when that takes long", async () => {
    const w = await world();
    addAddresses(w, "a", "b");
    const body = { error: { code: "SubscriptionRequestsThrottled", message: "Number of 'read' requests exceeded." } };
    const headers = { "retry-after": "90", "x-ms-failure-cause": "gateway" };
    w.simulator.faults.script({
      method: "GET",
      path: "publicIPAddresses/a",
      at: "received",
      with: { status: 429, headers, body },
    });
    const read = (name: string) => w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", name)).read(forever());
    expect(await rejection(read("a"))).toMatchObject({ code: "Throttled", retryAfterMs: 90_000 });
    const sent = w.requests.length;
    expect(await rejection(read("b"))).toMatchObject({ code: "Throttled", retryAfterMs: 90_000 });
    expect(w.requests.length).toBe(sent);
    await w.clock.sleep(90_000);
    expect((await read("b"))?.name).toBe("b");
  });
});

describe("on the wire", () => {
  it("goes the api-version of our table, and who we are", async () => {
    const w = await world({ arm: { userAgent: "azure-cloud-provider/1.2.3", newId: counter() } });
    const seen: Record<string, unknown>[] = [];
    w.simulator.intercept(({ stage, request }) => {
      if (stage === "received") seen.push({ version: request.url.searchParams.get("api-version"), ...request.headers });
      return undefined;
    });
    await w.arm.list("publicIPAddresses", w.scope, forever());
    const compute = `${w.scope}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss`;
    await rejection(w.arm.list("virtualMachineScaleSetVMs", compute, forever()));
    await rejection(w.arm.list("scaleSetNetworkInterfaces", compute, forever()));
    expect(seen.map(({ version }) => version)).toEqual(["2025-05-01", "2025-04-01", "2018-10-01"]);
    expect(seen[0]).toMatchObject({
      "user-agent": "azure-cloud-provider/1.2.3",
      authorization: "Bearer fake-token",
      "x-ms-correlation-request-id": expect.stringMatching(/^id-/),
      "x-ms-client-request-id": expect.stringMatching(/^id-/),
    });
  });

  it("goes TLS with an authority of our own", async () => {
    const { simulator, clock } = await world({ simulator: { tls: true } });
    const trusting = await world({ clock, arm: { endpoint: simulator.httpsEndpoint!, ca: simulator.ca! } });
    const id = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/a`;
    expect(await trusting.arm.resource("publicIPAddresses", id).read(forever())).toBeUndefined();
  });

  it("goes nothing to a host that shows a certificate of another authority", async () => {
    const retry = { retries: 0, baseMs: 1, longestMs: 1 };
    const { simulator, clock } = await world({ simulator: { tls: true } });
    const w = await world({ clock, arm: { endpoint: simulator.httpsEndpoint!, patience: { retry } } });
    const id = w.id("publicIPAddresses", "a");
    expect(await rejection(w.arm.resource("publicIPAddresses", id).read(forever()))).toMatchObject({
      code: "Unavailable",
    });
    expect(simulator.journal.count()).toBe(0);
  });

  it("goes no token over plain http to another machine", async () => {
    await expect(startWorld({ arm: { endpoint: "http://arm.example" } })).rejects.toThrow(/must be https/);
  });

  it("goes the token, and into no error", async () => {
    const retry = { retries: 0, baseMs: 1, longestMs: 1 };
    const w = await world({ arm: { patience: { retry } } });
    const read = (name: string) =>
      rejection(w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", name)).read(forever()));
    w.simulator.faults.script({ path: "/cut", at: "received", with: "reset" });
    w.simulator.faults.script({ path: "/bad", at: "received", with: { status: 500, body: {} } });
    for (const error of [await read("cut"), await read("bad")]) {
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("fake-token");
    }
  });

  it("goes nothing when there is no token", async () => {
    const credential = { getToken: () => Promise.reject(new Error("AADSTS7000215: invalid client secret")) };
    const w = await world({ arm: { credential } });
    const error = await rejection(w.arm.list("publicIPAddresses", w.scope, forever()));
    expect(error).toMatchObject({ code: "Unauthenticated" });
    expect(error.message).toContain("AADSTS7000215");
    expect(w.simulator.journal.count()).toBe(0);
  });

  it("the refresh of a token survives the caller that started it", async () => {
    let give = (): void => {};
    const credential = {
      getToken: (_: unknown, options?: { abortSignal?: unknown }) =>
        new Promise<{ token: string; expiresOnTimestamp: number }>((resolve, reject) => {
          if (options?.abortSignal !== undefined) reject(new Error("it depends on one caller"));
          give = () => resolve({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 });
        }),
    };
    const { simulator, clock } = await world({ simulator: { tls: true } });
    const w = await world({ clock, arm: { credential, endpoint: simulator.httpsEndpoint!, ca: simulator.ca! } });
    const id = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/a`;
    const hurried = new AbortController();
    const first = w.arm.resource("publicIPAddresses", id).read(hurried.signal);
    const second = w.arm.resource("publicIPAddresses", id).read(forever());
    await new Promise((resolve) => setImmediate(resolve));
    hurried.abort(new Error("in a hurry"));
    await expect(first).rejects.toThrow("in a hurry");
    give();
    expect(await second).toBeUndefined();
  });
});

function counter(): () => string {
  let count = 0;
  return () => `id-${++count}`;
}
