import type { PublicIPAddress } from "@azure/arm-network";
import { afterEach, describe, expect, it } from "vitest";
import type { Edit } from "../../../src/azure/arm/port.ts";
import { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { LatencyProfile } from "../../../src/simulator/index.ts";
import { forever, startWorld, type World, type WorldOptions } from "./fixture.ts";

/** Operations on addresses take so long, answers a tenth of a second. */
function taking(operationMs: number, retryAfter?: number): LatencyProfile {
  return { answerMs: () => 100, operationMs: () => operationMs, retryAfterSeconds: () => retryAfter };
}

const opened: World[] = [];

/** A world in which a balancer's second is an address's, and which knows its (empty) list of addresses. */
async function world({ simulator, ...others }: WorldOptions = {}): Promise<World> {
  const w = await startWorld({ simulator: { latency: taking(1_000), ...simulator }, ...others });
  opened.push(w);
  await w.arm.list("publicIPAddresses", scopeOf(w), forever());
  return w;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function scopeOf({ group }: World): string {
  return `/subscriptions/${group.subscriptionId}/resourceGroups/${group.resourceGroup}`;
}

function tag(name: string): Edit<PublicIPAddress> {
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
      current.tags?.[name] === undefined ? { ...current, tags: { ...current.tags, [name]: "1" } } : current,
  };
}

function submit(w: World, name: string, owner = "a"): Promise<PublicIPAddress | undefined> {
  return w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", name)).submit(tag(owner), forever());
}

interface Made {
  readonly name: string;
  /** Undefined when the write failed. */
  readonly resource: PublicIPAddress | undefined;
  readonly error: CloudError | undefined;
  /** Milliseconds until it was told. */
  readonly ms: number;
}

/** Makes so many addresses at once; resolves when all are told. */
function make(w: World, count: number): Promise<readonly Made[]> {
  const startedMs = w.clock.now();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const name = `pip-${String(index).padStart(3, "0")}`;
      const told = await submit(w, name).then(
        (resource) => ({ resource, error: undefined }),
        (reason: unknown) => ({ resource: undefined, error: reason as CloudError }),
      );
      return { name, ...told, ms: w.clock.now() - startedMs };
    }),
  );
}

/** What was asked of ARM since `from`, by kind. */
function asked(w: World, from = 0) {
  const entries = w.simulator.journal.entries().slice(from);
  const of = (method: string, path: RegExp): number =>
    entries.filter((each) => each.method === method && path.test(each.path)).length;
  return {
    puts: of("PUT", /publicIPAddresses\//),
    lists: of("GET", /publicIPAddresses$/),
    gets: of("GET", /publicIPAddresses\//),
    polls: of("GET", /\/operations\//),
  };
}

/** That what was told is what ARM has: the etag and the address of now. */
function expectTrue(w: World, made: readonly Made[]): void {
  for (const { name, resource, error } of made) {
    expect(error).toBeUndefined();
    const there = w.simulator.resources.get(w.id("publicIPAddresses", name)) as {
      etag: string;
      tags: Record<string, string>;
      properties: { ipAddress: string; provisioningState: string };
    };
    expect({ name, etag: resource?.etag, ip: resource?.ipAddress, tags: resource?.tags }).toEqual({
      name,
      etag: there.etag,
      ip: there.properties.ipAddress,
      tags: there.tags,
    });
    expect(there.properties.provisioningState).toBe("Succeeded");
  }
}

describe("many addresses made at once", () => {
  it("cost a PUT each and a handful of lists", async () => {
    const w = await world();
    const made = await make(w, 12);
    expectTrue(w, made);
    expect(asked(w)).toEqual({ puts: 12, lists: 5, gets: 0, polls: 0 });
    expect(Math.max(...made.map(({ ms }) => ms))).toBeLessThanOrEqual(1_400);
  });

  it("cost hardly more lists when they are five times as many, though the gate lets the first ones go before", async () => {
    const w = await world();
    expectTrue(w, await make(w, 60));
    const { puts, lists, gets, polls } = asked(w);
    expect({ puts, polls }).toEqual({ puts: 60, polls: 0 });
    expect(lists + gets).toBeLessThanOrEqual(10);
  });

  it("are known from then on, with the etags that the next writes need", async () => {
    const w = await world();
    const made = await make(w, 20);
    const before = w.requests.length;
    for (const { name } of made) {
      const id = w.id("publicIPAddresses", name);
      expect(await w.arm.resource("publicIPAddresses", id).current(forever())).toMatchObject({ tags: { a: "1" } });
    }
    expect(w.requests.length).toBe(before);
    await Promise.all(made.map(({ name }) => submit(w, name, "b")));
    expect(w.simulator.journal.count(({ status }) => status === 412)).toBe(0);
  });

  it("keep what the SDK does not know", async () => {
    const w = await world({ simulator: { latency: taking(1_000), behaviour: { unknownProperties: "keep" } } });
    w.simulator.intercept(({ stage, request, answer }) => {
      if (stage !== "committed" || request.method !== "GET" || typeof answer?.body !== "string") return undefined;
      const body = JSON.parse(answer.body) as { value?: { properties: Record<string, unknown> }[] };
      for (const each of body.value ?? []) each.properties["news"] = "kept";
      return { answer: { ...answer, body: JSON.stringify(body) } };
    });
    await make(w, 5);
    await submit(w, "pip-000", "b");
    const [last] = w.simulator.journal.writes(/pip-000$/).slice(-1);
    expect(JSON.parse(last?.body ?? "{}")).toMatchObject({ tags: { a: "1", b: "1" }, properties: { news: "kept" } });
  });

  it("are not looked at before ARM says", async () => {
    const w = await world({ simulator: { latency: taking(1_000, 7) } });
    expectTrue(w, await make(w, 12));
    const entries = w.simulator.journal.entries();
    const firstPut = entries.findIndex(({ method }) => method === "PUT");
    const looks = entries.slice(firstPut).filter(({ method }) => method === "GET");
    expect(looks).toHaveLength(1);
    expect(looks[0]!.atMs - entries[firstPut]!.atMs).toBeGreaterThanOrEqual(7_000);
  });

  it("are not looked at again before ARM says", async () => {
    const w = await world({ simulator: { latency: taking(10_000, 7) } });
    const lone = await make(w, 1);
    expectTrue(w, lone);
    const entries = w.simulator.journal.entries();
    const put = entries.findIndex(({ method }) => method === "PUT");
    const [first, second, ...more] = entries.slice(put + 1).map(({ atMs }) => atMs - entries[put]!.atMs);
    expect(more).toEqual([]);
    expect(first).toBeGreaterThanOrEqual(7_000);
    expect(second).toBeGreaterThanOrEqual(first! + 7_000);
  });

  it("are asked about one by one when that takes fewer requests than the pages of a list", async () => {
    const w = await world({ simulator: { latency: taking(1_000), pageSize: 1 } });
    for (let index = 0; index < 8; index++) {
      const properties = { publicIPAllocationMethod: "Static" };
      w.simulator.put(w.id("publicIPAddresses", `other-${index}`), {
        location: "westeurope",
        sku: { name: "Standard" },
        properties,
      });
    }
    await w.arm.refresh("publicIPAddresses", scopeOf(w), forever());
    const before = w.simulator.journal.count();
    expectTrue(w, await make(w, 4));
    expect(asked(w, before)).toMatchObject({ puts: 4, lists: 0, polls: 0 });
  });
});

describe("a list that lags", () => {
  for (const listLagMs of [300, 1_500, 60_000]) {
    it(`by ${listLagMs} ms is never taken for the truth`, async () => {
      const w = await world({ simulator: { latency: taking(1_000), behaviour: { listLagMs } } });
      expectTrue(w, await make(w, 12));
      expect(asked(w).puts).toBe(12);
    });
  }

  it("shows the address of an earlier incarnation, and nobody is told of it", async () => {
    const w = await world({ simulator: { latency: taking(1_000), behaviour: { listLagMs: 2_000 } } });
    w.arm.govern("publicIPAddresses", { settle: ({ tags }) => (tags?.["gone"] ? "remove" : "keep") });
    const first = await make(w, 6);
    await w.clock.sleep(5_000);
    await Promise.all(first.map(({ name }) => submit(w, name, "gone")));
    const second = await make(w, 6);
    expectTrue(w, second);
    for (const [index, { resource }] of second.entries()) {
      expect(resource?.ipAddress).not.toBe(first[index]?.resource?.ipAddress);
    }
  });

  it("is no evidence that what we have made is gone, even when ARM ignores If-None-Match", async () => {
    const behaviour = { listLagMs: 60_000, ifNoneMatch: "ignore" } as const;
    const w = await world({ simulator: { latency: taking(1_000), behaviour } });
    const made = await make(w, 6);
    for (const { name } of made) {
      const id = w.id("publicIPAddresses", name);
      w.simulator.put(id, { ...w.simulator.resources.get(id), tags: { a: "1", theirs: "yes" } });
    }
    await w.arm.refresh("publicIPAddresses", scopeOf(w), forever()); // which shows none of them
    await Promise.all(made.map(({ name }) => submit(w, name, "b")));
    for (const { name } of made) {
      expect(w.simulator.resources.get(w.id("publicIPAddresses", name))?.["tags"]).toEqual({
        a: "1",
        b: "1",
        theirs: "yes",
      });
    }
  });
});

describe("the evidence for many creates", () => {
  it("is a list that began after they were asked for: what appeared before is not overwritten", async () => {
    const w = await world({ simulator: { latency: taking(1_000), behaviour: { ifNoneMatch: "ignore" } } });
    const id = w.id("publicIPAddresses", "pip-003");
    const properties = { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4" };
    w.simulator.put(id, { location: "westeurope", sku: { name: "Standard" }, tags: { theirs: "yes" }, properties });
    expectTrue(w, await make(w, 8));
    expect(w.simulator.resources.get(id)?.["tags"]).toEqual({ a: "1", theirs: "yes" });
  });

  it("is a direct GET for each when no list can be read", async () => {
    const w = await world({ arm: { patience: { retry: { retries: 0, baseMs: 1, longestMs: 1 } } } });
    w.simulator.faults.script({ path: /publicIPAddresses$/, nth: "every", at: "received", with: broken });
    expectTrue(w, await make(w, 8));
  });
});

const forbidden = { error: { code: "AuthorizationFailed", message: "no" } };

const tooMany = { error: { code: "TooManyRequests", message: "slow" } };

const broken = { status: 500, body: { error: { code: "InternalServerError", message: "An error occurred." } } };

describe("one address among many", () => {
  /** What `spoil` does to the address number 3 of ten, and when the others were told. */
  async function tenWith(spoil: (w: World) => void, options: WorldOptions = {}) {
    const w = await world(options);
    spoil(w);
    const made = await make(w, 10);
    const others = made.filter(({ name }) => name !== "pip-003");
    expectTrue(w, others);
    expect(Math.max(...others.map(({ ms }) => ms))).toBeLessThanOrEqual(1_400);
    return { w, bad: made[3]! };
  }

  it("that fails keeps ARM's code and words, and delays nobody", async () => {
    const { bad } = await tenWith((w) =>
      w.simulator.faults.failOperation({
        method: "PUT",
        path: "pip-003",
        nth: "every",
        status: "Failed",
        code: "AllocationFailed",
        message: "There is no room for it.",
      }),
    );
    expect(bad.error).toMatchObject({ code: "QuotaExceeded", cloudCode: "AllocationFailed" });
    expect(bad.error?.message).toContain("There is no room for it.");
  });

  it("that fails once is written again, and ends well", async () => {
    const { w, bad } = await tenWith((each) =>
      each.simulator.faults.failOperation({
        method: "PUT",
        path: "pip-003",
        status: "Failed",
        code: "InternalServerError",
      }),
    );
    expectTrue(w, [bad]);
    expect(w.simulator.journal.writes(/pip-003$/)).toHaveLength(2);
  });

  it("that stays Updating delays nobody, and is given up in the end", async () => {
    const { bad } = await tenWith(
      (w) =>
        w.simulator.faults.failOperation({ method: "PUT", path: "pip-003", nth: "every", status: "Never" } as never),
      { arm: { queuePatience: once } },
    );
    expect(bad.error).toMatchObject({ code: "Timeout", cloudCode: "OperationDeadlineExceeded" });
  });

  it("that somebody else overwrites meanwhile ends as both want it", async () => {
    const { w, bad } = await tenWith((each) => {
      const id = each.id("publicIPAddresses", "pip-003");
      each.simulator.intercept(({ stage, request }) => {
        if (stage !== "committed" || request.method !== "PUT" || !request.url.pathname.endsWith("pip-003"))
          return undefined;
        if (overwritten) return undefined;
        overwritten = true;
        each.clock.schedule(500, () => {
          each.simulator.put(id, { ...each.simulator.resources.get(id), tags: { theirs: "yes" } });
        });
        return undefined;
      });
      let overwritten = false;
    });
    expectTrue(w, [bad]);
    expect(bad.resource?.tags).toEqual({ a: "1", theirs: "yes" });
  });
});

const once = {
  tries: { conflicted: 1, lost: 1, broken: 1, busy: 1, throttled: 1, unprovisioned: 1, unread: 1 },
  pauseMs: 1,
  longestPauseMs: 1,
};

describe("lists that go wrong while many are watched", () => {
  for (const [name, fault] of [
    ["are refused", broken],
    ["are forbidden, as to a role on single addresses", { status: 403, body: forbidden }],
    [
      "are throttled",
      { status: 429, headers: { "retry-after": "5" }, body: { error: { code: "TooManyRequests", message: "slow" } } },
    ],
    ["are cut off", "reset"],
  ] as const) {
    it(`${name}: everybody asks for themselves`, async () => {
      const w = await world({ arm: { patience: { retry: { retries: 0, baseMs: 1, longestMs: 1 } } } });
      w.simulator.faults.script({ path: /publicIPAddresses$/, nth: "every", at: "received", with: fault });
      expectTrue(w, await make(w, 8));
      expect(asked(w).puts).toBe(8);
    });
  }

  for (const [name, fault] of [
    ["are throttled for 50 s", { status: 429, headers: { "retry-after": "50" }, body: tooMany }],
    ["are throttled for longer than they wait", { status: 429, headers: { "retry-after": "600" }, body: tooMany }],
    ["are never answered", "hang"],
    ["fail, and are tried again after pauses", broken],
  ] as const) {
    it(`${name}: creates neither wait for the evidence of one, nor for their end in one`, async () => {
      const w = await world();
      w.simulator.faults.script({ path: /publicIPAddresses$/, nth: "every", at: "received", with: fault });
      const made = await make(w, 20);
      expectTrue(w, made);
      // Each list is waited for as long as the twenty requests are worth that it would spare, and no longer
      expect(Math.max(...made.map(({ ms }) => ms))).toBeLessThanOrEqual(2 * 43_300 + 4_000);
      expect(asked(w).puts).toBe(20);
    });
  }

  it("show nothing once, or what was: nobody is told anything wrong", async () => {
    const w = await world();
    w.simulator.faults.script({
      path: /publicIPAddresses$/,
      nth: 3,
      at: "received",
      with: { status: 200, body: { value: [] } },
    });
    expectTrue(w, await make(w, 8));
    expect(asked(w).puts).toBe(8);
  });
});

describe("whatever goes wrong", () => {
  for (const seed of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
    it(`what is told is what ARM has (seed ${seed})`, async () => {
      const lagging = seed > "d" ? { behaviour: { listLagMs: 700 } } : {};
      const w = await world({ simulator: { latency: taking(1_000), seed, faults: { rate: 0.05, seed }, ...lagging } });
      const made = await make(w, 20);
      for (const { error } of made) if (error !== undefined) expect(error).toBeInstanceOf(CloudError);
      expectTrue(
        w,
        made.filter(({ error }) => error === undefined),
      );
      expect(made.filter(({ error }) => error === undefined).length).toBeGreaterThanOrEqual(18);
    });
  }
});

describe("requests that are not needed", () => {
  it("a lone create looks at what it makes, and reads nothing afterwards", async () => {
    const w = await world();
    const [made] = await make(w, 1);
    expectTrue(w, [made!]);
    expect(asked(w)).toMatchObject({ puts: 1, gets: 1 + 3, polls: 0 }); // before the PUT, and after 0.1, 0.4 and 1 s
  });

  it("a lone create that ARM wants to be asked about tomorrow is looked at when its patience ends", async () => {
    const w = await world({ simulator: { latency: taking(1_000, 86_400) } });
    const [made] = await make(w, 1);
    expectTrue(w, [made!]);
    expect(made!.ms).toBeLessThanOrEqual(901_000);
  });

  it("a balancer is not read after its operation: the answer to its PUT has the etag", async () => {
    const w = await world();
    const id = w.id("loadBalancers", "lb");
    const balancer = w.arm.resource("loadBalancers", id);
    const edit = (owner: string) => ({
      owner,
      order: owner,
      apply: (current: object = { location: "westeurope", sku: { name: "Standard" } }) => ({
        ...current,
        tags: { ...(current as { tags?: Record<string, string> }).tags, [owner]: "1" },
      }),
    });
    const made = await balancer.submit(edit("a"), forever());
    expect(made?.etag).toBe(w.simulator.resources.get(id)?.["etag"]);
    await balancer.submit(edit("b"), forever());
    const gets = w.requests.filter(({ method, path }) => method === "GET" && path.endsWith("/lb"));
    expect(gets.map(({ status }) => status)).toEqual([404]);
    expect(w.simulator.resources.get(id)?.["tags"]).toEqual({ a: "1", b: "1" });
  });

  it("what a list has shown while the operation of a balancer ran is newer than the answer to its PUT", async () => {
    const w = await world({ simulator: { latency: taking(8_000) } });
    w.simulator.intercept(({ stage, request, answer }) => {
      if (stage !== "committed" || !request.url.pathname.endsWith("/loadBalancers")) return undefined;
      if (typeof answer?.body !== "string") return undefined;
      const { value } = JSON.parse(answer.body) as { value: object[] };
      const changed = value.map((each) => ({ ...each, tags: { theirs: "yes" } }));
      return { answer: { ...answer, body: JSON.stringify({ value: changed }) } };
    });
    const balancer = w.arm.resource("loadBalancers", w.id("loadBalancers", "lb"));
    const apply = (): object => ({ location: "westeurope", sku: { name: "Standard" } });
    const sent = balancer.submit({ owner: "a", order: "a", apply }, forever());
    await w.clock.sleep(4_000);
    await w.arm.refresh("loadBalancers", scopeOf(w), forever());
    expect((await sent)?.tags).toBeUndefined();
    expect((await balancer.current(forever()))?.tags).toEqual({ theirs: "yes" });
  });

  it("what was read while a list was under way is newer than what that shows of a create", async () => {
    const w = await world();
    const address = w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", "pip-000"));
    w.simulator.intercept(async ({ stage, request, answer }) => {
      if (stage !== "committed" || request.method !== "GET" || typeof answer?.body !== "string") return undefined;
      const { pathname } = request.url;
      if (pathname.endsWith("/publicIPAddresses") && answer.body.includes('"Succeeded"')) {
        await w.clock.parked(address.read(forever()));
      }
      if (!pathname.endsWith("/pip-000")) return undefined;
      return { answer: { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), tags: { theirs: "yes" } }) } };
    });
    const made = await make(w, 2);
    expect(asked(w).gets).toBeGreaterThan(0);
    expect(made.map(({ resource }) => resource?.tags)).toEqual([{ a: "1" }, { a: "1" }]);
    expect((await address.current(forever()))?.tags).toEqual({ theirs: "yes" });
  });

  it("a write is confirmed only when the operation of its balancer has ended", async () => {
    const w = await world({ simulator: { latency: taking(8_000) } });
    const startedMs = w.clock.now();
    const balancer = w.arm.resource("loadBalancers", w.id("loadBalancers", "lb"));
    const apply = (): object => ({ location: "westeurope", sku: { name: "Standard" } });
    await balancer.submit({ owner: "a", order: "a", apply }, forever());
    expect(w.clock.now() - startedMs).toBeGreaterThanOrEqual(8_000);
  });

  it("many that are renewed at once share a list, a lone one is read", async () => {
    const w = await world();
    const made = await make(w, 10);
    const renew = (name: string): Promise<PublicIPAddress | undefined> =>
      w.arm.resource("publicIPAddresses", w.id("publicIPAddresses", name)).renew(forever());
    for (const { name } of made) {
      const id = w.id("publicIPAddresses", name);
      w.simulator.put(id, { ...w.simulator.resources.get(id), tags: { theirs: "yes" } });
    }
    const before = w.simulator.journal.count();
    const renewed = await Promise.all(made.map(({ name }) => renew(name)));
    expect(renewed.map((each) => each?.tags)).toEqual(made.map(() => ({ theirs: "yes" })));
    expect(asked(w, before)).toMatchObject({ lists: 1, gets: 0 });
    await w.clock.sleep(5_000);
    expect((await renew("pip-000"))?.tags).toEqual({ theirs: "yes" });
    await w.clock.sleep(5_000);
    expect(await renew("missing")).toBeUndefined();
    expect(asked(w, before)).toMatchObject({ lists: 1, gets: 2 });
  });
});

describe("the end of the engine", () => {
  it("waits for what was sent, and leaves no timer", async () => {
    const w = await world();
    const making = make(w, 8);
    while (asked(w).puts < 8) await new Promise((resolve) => setImmediate(resolve));
    await w.arm.close();
    expectTrue(w, await making);
    expect(w.clock.pending).toBe(0);
  });

  it("gives up on it when its patience ends, and leaves no timer", async () => {
    const w = await world({ simulator: { latency: taking(60_000) } });
    const making = make(w, 8);
    while (asked(w).puts < 8) await new Promise((resolve) => setImmediate(resolve));
    await w.arm.close(AbortSignal.abort(new Error("no time")));
    for (const { error } of await making) expect(error).toBeInstanceOf(CloudError);
  });
});
