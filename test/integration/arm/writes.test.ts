import type { PublicIPAddress } from "@azure/arm-network";
import { afterEach, describe, expect, it } from "vitest";
import { openArm } from "../../../src/azure/arm/open-arm.ts";
import type { Edit } from "../../../src/azure/arm/port.ts";
import type { Patience } from "../../../src/azure/arm/queue/options.ts";
import type { CloudError } from "../../../src/cloudprovider/errors.ts";
import { fakeCredential, forever, startWorld, type World, type WorldOptions } from "./fixture.ts";

const opened: World[] = [];

async function world(options: WorldOptions = {}): Promise<World> {
  const started = await startWorld(options);
  opened.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

/** An edit that sets one tag, and creates the address when there is none. */
function tag(name: string, value = "1"): Edit<PublicIPAddress> {
  const fresh: PublicIPAddress = {
    location: "westeurope",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    publicIPAddressVersion: "IPv4",
  };
  return {
    owner: name,
    order: name,
    apply: (current = fresh) =>
      current.tags?.[name] === value ? current : { ...current, tags: { ...current.tags, [name]: value } },
  };
}

function address(of: World, name = "pip") {
  const id = of.id("publicIPAddresses", name);
  const puts = (): number =>
    of.simulator.journal.writes(/publicIPAddresses/).filter(({ method }) => method === "PUT").length;
  return { id, puts, pip: of.arm.resource("publicIPAddresses", id) };
}

/** An address that is there already: what becomes of it is followed by the operation. */
function standing(of: World) {
  const found = address(of);
  const properties = { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4" };
  of.simulator.put(found.id, { location: "westeurope", sku: { name: "Standard" }, properties });
  return found;
}

function rejection(of: Promise<unknown>): Promise<CloudError> {
  return of.then(
    () => expect.unreachable("it should be rejected"),
    (error: unknown) => error as CloudError,
  );
}

describe("a write", () => {
  it("creates after a direct GET said 404, under If-None-Match", async () => {
    const w = await world();
    const conditions: unknown[] = [];
    w.simulator.intercept(({ stage, request }) => {
      if (stage === "received" && request.method === "PUT") conditions.push(request.headers["if-none-match"]);
      return undefined;
    });
    const { pip, id } = address(w);
    await pip.submit(tag("a"), forever());
    expect(conditions).toEqual(["*"]);
    expect(w.requests.filter(({ path, method }) => path === id && method === "GET")[0]?.status).toBe(404);
  });

  it("answers with the etag that the resource has after the operation, and sends it with the next write", async () => {
    const w = await world();
    const { pip, id } = address(w);
    const made = await pip.submit(tag("a"), forever());
    expect(made?.provisioningState).toBe("Succeeded");
    expect(made?.etag).toBe(w.simulator.resources.get(id)?.["etag"]);
    await pip.submit(tag("b"), forever());
    expect(w.simulator.journal.count(({ status }) => status === 412)).toBe(0);
  });

  it("goes into the inventory: nobody asks again", async () => {
    const w = await world();
    const { pip } = address(w);
    await pip.submit(tag("a"), forever());
    const before = w.requests.length;
    expect((await pip.current(forever()))?.tags).toEqual({ a: "1" });
    expect(w.requests.length).toBe(before);
  });

  it("that changes nothing is not sent", async () => {
    const w = await world();
    const { pip, puts } = address(w);
    await pip.submit(tag("a"), forever());
    await pip.submit(tag("a"), forever());
    expect(puts()).toBe(1);
  });

  it("meets 412 and is replayed on what the other one wrote", async () => {
    const w = await world();
    const { pip, id } = address(w);
    await pip.submit(tag("a"), forever());
    const held = w.simulator.resources.get(id);
    w.simulator.put(id, { ...held, tags: { a: "1", foreign: "yes" } });
    const after = await pip.submit(tag("b"), forever());
    expect(after?.tags).toEqual({ a: "1", b: "1", foreign: "yes" });
    expect(w.simulator.journal.count(({ status }) => status === 412)).toBe(1);
  });

  it("never creates over a resource that appeared in between", async () => {
    const w = await world();
    const { pip, id } = address(w);
    let once = true;
    w.simulator.intercept(({ stage, request }) => {
      if (stage === "received" && request.method === "PUT" && once) {
        once = false;
        const properties = { publicIPAllocationMethod: "Static" };
        w.simulator.put(id, { location: "westeurope", sku: { name: "Standard" }, tags: { theirs: "yes" }, properties });
      }
      return undefined;
    });
    const after = await pip.submit(tag("a"), forever());
    expect(after?.tags).toEqual({ a: "1", theirs: "yes" });
  });

  it("keeps what the SDK does not know, at every level", async () => {
    const w = await world();
    const id = w.id("networkSecurityGroups", "nsg");
    const rule = {
      protocol: "Tcp",
      access: "Allow",
      direction: "Inbound",
      priority: 500,
      sourcePortRange: "*",
      sourceAddressPrefix: "*",
      destinationAddressPrefix: "*",
    };
    w.simulator.put(id, { location: "westeurope", properties: { securityRules: [] } });
    w.simulator.intercept(({ stage, request, answer }) => {
      if (stage !== "committed" || request.method !== "GET" || answer?.body === undefined) return undefined;
      const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      const body = JSON.parse(text) as { properties?: { securityRules: Record<string, unknown>[] } };
      if (body.properties === undefined) return undefined;
      Object.assign(body, { newTop: { deep: [1] } });
      Object.assign(body.properties, { newLevel: "kept" });
      body.properties.securityRules = [
        { name: "theirs", newInRule: true, properties: { ...rule, newInside: 7, destinationPortRange: "22" } },
      ];
      return { answer: { ...answer, body } };
    });
    const group = w.arm.resource("networkSecurityGroups", id);
    await group.submit(
      { owner: "a", order: "a", apply: (current) => current && { ...current, tags: { touched: "yes" } } },
      forever(),
    );
    const sent = JSON.parse(w.simulator.journal.writes(/networkSecurityGroups/)[0]?.body ?? "{}");
    expect(sent).toMatchObject({
      tags: { touched: "yes" },
      newTop: { deep: [1] },
      properties: {
        newLevel: "kept",
        securityRules: [{ name: "theirs", newInRule: true, properties: { newInside: 7 } }],
      },
    });
  });

  it("removes what settle lets go", async () => {
    const w = await world();
    const { pip, id } = address(w);
    w.arm.govern("publicIPAddresses", { settle: ({ tags }) => (tags?.["gone"] ? "remove" : "keep") });
    await pip.submit(tag("a"), forever());
    expect(await pip.submit(tag("gone"), forever())).toBeUndefined();
    expect(w.simulator.resources.get(id)).toBeUndefined();
    const before = w.requests.length;
    expect(await pip.current(forever())).toBeUndefined();
    expect(w.requests.length).toBe(before);
  });
});

describe("a DELETE", () => {
  it("that is refused is an error, and the resource stays known", async () => {
    const w = await world();
    const { pip } = address(w);
    w.arm.govern("publicIPAddresses", { settle: ({ tags }) => (tags?.["gone"] ? "remove" : "keep") });
    await pip.submit(tag("a"), forever());
    const body = { error: { code: "PublicIPAddressCannotBeDeleted", message: "It is still allocated." } };
    w.simulator.faults.script({
      method: "DELETE",
      path: "pip",
      nth: "every",
      at: "received",
      with: { status: 400, body },
    });
    const error = await rejection(pip.submit(tag("gone"), forever()));
    expect(error).toMatchObject({ code: "Conflict", cloudCode: "PublicIPAddressCannotBeDeleted" });
    expect(await pip.current(forever())).toBeDefined();
  });
});

describe("an operation", () => {
  it("that fails is no success: its write is sent again", async () => {
    const w = await world();
    const { pip, puts } = address(w);
    w.simulator.faults.failOperation({
      method: "PUT",
      path: "publicIPAddresses/pip",
      status: "Failed",
      code: "InternalServerError",
    });
    const after = await pip.submit(tag("a"), forever());
    expect(after?.provisioningState).toBe("Succeeded");
    expect(puts()).toBe(2);
  });

  it("that fails keeps ARM's code and words when we give up", async () => {
    const w = await world();
    const { pip } = address(w);
    w.simulator.faults.failOperation({
      method: "PUT",
      path: "publicIPAddresses/pip",
      nth: "every",
      status: "Failed",
      code: "AllocationFailed",
      message: "There is no room for it.",
    });
    const error = await rejection(pip.submit(tag("a"), forever()));
    expect(error).toMatchObject({ code: "QuotaExceeded", cloudCode: "AllocationFailed" });
    expect(error.message).toContain("There is no room for it.");
  });

  it("that was superseded is sent again", async () => {
    const w = await world();
    const { pip, puts } = address(w);
    w.simulator.faults.failOperation({
      method: "PUT",
      path: "publicIPAddresses/pip",
      status: "Canceled",
      code: "Canceled",
      details: [{ code: "CanceledAndSupersededDueToAnotherOperation", message: "superseded" }],
    });
    await pip.submit(tag("a"), forever());
    expect(puts()).toBe(2);
  });

  it("survives hiccups of its polls", async () => {
    const w = await world();
    const { pip, puts } = standing(w);
    const hiccup = (nth: number, status: number, headers: Record<string, string> = {}) =>
      w.simulator.faults.script({ path: "/operations/", nth, at: "received", with: { status, headers, body: {} } });
    hiccup(1, 504);
    hiccup(1, 429, { "retry-after": "2" });
    hiccup(1, 500);
    await pip.submit(tag("a"), forever());
    expect(puts()).toBe(1);
  });

  it("is polled no sooner than ARM asks", async () => {
    const w = await world();
    const { pip } = standing(w);
    w.simulator.intercept(({ stage, request, answer }) =>
      stage === "committed" && request.method === "PUT" && answer
        ? { answer: { ...answer, headers: { ...answer.headers, "retry-after": "7" } } }
        : undefined,
    );
    await pip.submit(tag("a"), forever());
    const [write, poll] = w.simulator.journal
      .entries()
      .filter(({ method, path }) => method === "PUT" || path.includes("/operations/"));
    expect(poll!.atMs - write!.atMs).toBeGreaterThanOrEqual(7_000);
  });

  for (const [name, answer] of [
    ["forgotten by ARM", { status: 404, body: { error: { code: "OperationNotFound", message: "no such operation" } } }],
    ["that says nothing", { status: 200, body: {} }],
  ] as const) {
    it(`${name} is no success: its write is sent again`, async () => {
      const w = await world();
      const { pip, puts } = standing(w);
      w.simulator.faults.script({ path: "/operations/", at: "received", with: answer });
      const after = await pip.submit(tag("a"), forever());
      expect(after?.tags).toEqual({ a: "1" });
      expect(puts()).toBe(2);
    });
  }

  it("ends well although the first read after it says 404", async () => {
    const w = await world();
    const { pip, id, puts } = address(w);
    const absent = { status: 404, body: { error: { code: "ResourceNotFound", message: "not yet" } } };
    const at = { method: "GET", path: new RegExp(`${id}$`, "i"), at: "received" as const };
    w.simulator.faults.script({ ...at, nth: 2, with: absent });
    await pip.submit(tag("a"), forever());
    expect(puts()).toBe(1);
  });

  it("that never ends is given up, and said so", async () => {
    const w = await world({ arm: { queuePatience: impatient } });
    const { pip } = standing(w);
    w.simulator.faults.script({
      path: "/operations/",
      nth: "every",
      at: "received",
      with: { status: 200, body: { status: "InProgress" } },
    });
    const error = await rejection(pip.submit(tag("a"), forever()));
    expect(error).toMatchObject({ code: "Timeout", cloudCode: "OperationDeadlineExceeded" });
  });

  it("of a DELETE may be forgotten when the resource is gone", async () => {
    const w = await world();
    const { pip, id } = address(w);
    w.arm.govern("publicIPAddresses", { settle: ({ tags }) => (tags?.["gone"] ? "remove" : "keep") });
    await pip.submit(tag("a"), forever());
    w.simulator.faults.script({
      path: "/operations/",
      at: "received",
      with: { status: 404, body: { error: { code: "OperationNotFound" } } },
    });
    await pip.submit(tag("gone"), forever());
    expect(w.simulator.journal.writes(/pip$/).filter(({ method }) => method === "DELETE")).toHaveLength(1);
    expect(w.simulator.resources.get(id)).toBeUndefined();
  });

  it("never sends a poll to another host", async () => {
    const w = await world({ arm: { queuePatience: impatient } });
    const { pip } = standing(w);
    w.simulator.intercept(({ stage, request, answer }) =>
      stage === "committed" && request.method === "PUT" && answer
        ? {
            answer: {
              ...answer,
              headers: { ...answer.headers, "azure-asyncoperation": "https://evil.example/operations/1" },
            },
          }
        : undefined,
    );
    const error = await rejection(pip.submit(tag("a"), forever()));
    expect(error).toMatchObject({ code: "Internal" });
    expect(error.message).toContain("evil.example");
  });
});

describe("a refusal", () => {
  it("without an answer is not believed: the write is sent again", async () => {
    const w = await world();
    const { pip, puts } = address(w);
    w.simulator.faults.script({ method: "PUT", path: "publicIPAddresses/pip", at: "committed", with: "reset" });
    const after = await pip.submit(tag("a"), forever());
    expect(after?.tags).toEqual({ a: "1" });
    expect(puts()).toBe(1); // the first one was committed, and never answered
    expect(w.simulator.journal.count(({ method }) => method === "PUT")).toBe(2);
  });

  it("with 429 is sent again when ARM says", async () => {
    const w = await world();
    const { pip } = address(w);
    const started = w.clock.now();
    w.simulator.faults.script({
      method: "PUT",
      path: "publicIPAddresses/pip",
      at: "received",
      with: {
        status: 429,
        headers: { "retry-after": "40" },
        body: {
          error: {
            code: "RetryableError",
            message: "A retryable error occurred.",
            details: [{ code: "RetryableErrorDueToTooManyCalls", message: "too many" }],
          },
        },
      },
    });
    await pip.submit(tag("a"), forever());
    expect(w.clock.now() - started).toBeGreaterThanOrEqual(40_000);
    expect(w.events.some(({ event }) => event.kind === "waiting" && event.because === "throttled")).toBe(true);
  });

  it("because a referenced resource is not provisioned repairs that resource", async () => {
    const w = await world();
    const broken = address(w, "broken");
    w.simulator.faults.failOperation({
      method: "PUT",
      path: "publicIPAddresses/broken",
      status: "Failed",
      code: "InternalServerError",
    });
    await leaveBroken(w, broken.id);
    expect(w.simulator.resources.get(broken.id)).toMatchObject({ properties: { provisioningState: "Failed" } });
    const { pip } = address(w);
    w.simulator.faults.script({
      method: "PUT",
      path: "publicIPAddresses/pip",
      at: "received",
      with: {
        status: 429,
        body: {
          error: {
            code: "RetryableError",
            message: "A retryable error occurred.",
            details: [
              {
                code: "ReferencedResourceNotProvisioned",
                message: `Cannot proceed with operation because resource ${broken.id} used by resource ${broken.id}x is not in Succeeded state. Resource is in Failed state.`,
              },
            ],
          },
        },
      },
    });
    await pip.submit(tag("a"), forever());
    expect(w.simulator.resources.get(broken.id)).toMatchObject({ properties: { provisioningState: "Succeeded" } });
  });

  it("for a lock reaches the caller at once, with ARM's code and advice", async () => {
    const w = await world();
    const { pip } = address(w);
    const body = {
      error: { code: "ScopeLocked", message: "The scope cannot perform write operation because it is locked." },
    };
    w.simulator.faults.script({
      method: "PUT",
      path: "pip",
      nth: "every",
      at: "received",
      with: { status: 409, body },
    });
    const error = await rejection(pip.submit(tag("a"), forever()));
    expect(error).toMatchObject({ code: "Locked", cloudCode: "ScopeLocked" });
    expect(error.advice).toBeDefined();
    expect(w.simulator.journal.count(({ method }) => method === "PUT")).toBe(1);
  });
});

/** Leaves an address behind whose last operation failed, as somebody else's write would. */
async function leaveBroken(w: World, id: string): Promise<void> {
  const other = await openArm({
    endpoint: w.simulator.endpoint,
    tokenScope: "x/.default",
    credential: fakeCredential,
    userAgent: "other",
    clock: w.clock,
    queuePatience: impatient,
  });
  await rejection(other.resource("publicIPAddresses", id).submit(tag("a"), forever()));
  await other.close();
}

const impatient: Patience = {
  tries: { conflicted: 1, lost: 1, broken: 1, busy: 1, throttled: 1, unprovisioned: 1, unread: 1 },
  pauseMs: 1,
  longestPauseMs: 1,
};
