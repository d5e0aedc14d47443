import { Agent, request as httpRequest } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import {
  type ArmSimulatorOptions,
  FAULT_CATALOGUE,
  FAULT_NAMES,
  type FaultName,
  type FaultRow,
  type JournalEntry,
  seedCluster,
} from "../../../src/simulator/index.ts";
import { balancer, standardAddress, startSlowWire, startWire, type Wire, type WireAnswer } from "./wire.ts";

const opened: Wire[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ arm }) => arm.close()));
});

async function wired(options: ArmSimulatorOptions = {}): Promise<Wire> {
  const wire = await startWire(options);
  opened.push(wire);
  return wire;
}

/** A path that a row of the catalogue can strike. */
function pathFor({ path }: FaultRow, wire: Wire): string {
  const tenant = wire.arm.tenantId;
  const candidates = [
    `${wire.network}/publicIPAddresses/p`,
    `${wire.compute}/virtualMachines/vm`,
    `/${tenant}/oauth2/v2.0/token`,
    "/metadata/identity/oauth2/token",
    `${wire.subscription}/providers/Microsoft.Network/locations/westeurope/operations/some-operation`,
  ];
  return candidates.find((candidate) => path === undefined || path.test(candidate)) ?? "";
}

async function strike(wire: Wire, name: FaultName): Promise<WireAnswer> {
  const row = FAULT_CATALOGUE[name];
  const method = row.methods?.[0] ?? "GET";
  const options = method === "GET" || method === "DELETE" || method === "HEAD" ? {} : { body: standardAddress };
  return await wire.send(method, pathFor(row, wire), options);
}

function textOf({ body }: WireAnswer): string {
  return JSON.stringify(body);
}

const refusals = FAULT_NAMES.filter((name) => FAULT_CATALOGUE[name].effect.kind === "refuse" && name !== "F65");

describe("the catalogue", () => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire();
  });
  afterAll(() => wire.arm.close());

  it("has every fault of the table", () => {
    const numbers = FAULT_NAMES.filter((name) => /^F\d/.test(name));
    expect(numbers).toEqual(Array.from({ length: 74 }, (_, i) => `F${String(i + 1).padStart(2, "0")}`));
  });

  for (const name of refusals) {
    it(`ARM 129 ${name}: ${FAULT_CATALOGUE[name].title}`, async () => {
      const { effect } = FAULT_CATALOGUE[name];
      const fault = wire.arm.faults.catalogue(name, { about: `${wire.network}/publicIPAddresses/other` });
      const answer = await strike(wire, name);
      expect(answer.status).toBe(effect.kind === "refuse" && effect.refusal.status);
      expect(textOf(answer)).not.toMatch(/\{\w+\}/);
      if (pathFor(FAULT_CATALOGUE[name], wire).startsWith("/subscriptions")) {
        expect(answer.headers.get("x-ms-correlation-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      }
      await strike(wire, name);
      expect(fault.fired()).toBe(1);
      fault.remove();
    });
  }

  it("ARM 124 speaks with the voice of each layer", async () => {
    const { arm, get, put, network, compute } = await wired();
    const pip = `${network}/publicIPAddresses/p`;
    arm.faults.catalogue("F01", { retryAfterSeconds: 7 });
    const byArm = await get(pip);
    expect([byArm.headers.get("retry-after"), byArm.headers.get("x-ms-failure-cause")]).toEqual(["7", "gateway"]);
    expect(byArm.body.error.message).toContain("Please try again after '7' seconds.");
    arm.faults.catalogue("F03");
    const byNetwork = await get(pip);
    expect([byNetwork.headers.get("retry-after"), byNetwork.headers.get("x-ms-failure-cause")]).toEqual(["39", null]);
    expect(byNetwork.body.error.details[0].message).toContain("The call can be retried in 39 seconds.");
    arm.faults.catalogue("F04");
    const byCompute = await get(`${compute}/virtualMachines`);
    expect(byCompute.headers.get("retry-after")).toBe("1200");
    expect(JSON.parse(byCompute.body.error.details[0].message).operationGroup).toBe("HighCostGet30Min");
    arm.faults.catalogue("F06");
    expect((await get(pip)).headers.get("retry-after")).toBeNull();
    arm.faults.catalogue("F07");
    expect(Date.parse((await get(pip)).headers.get("retry-after") ?? "")).toBeGreaterThan(0);
    arm.faults.catalogue("F08", { nth: "every" });
    const write = { ...standardAddress };
    expect((await put(pip, write)).body.error.details[0].code).toBe("PreconditionFailedEtagMismatch");
    expect((await put(`${compute}/virtualMachines/vm`, write)).body.error).not.toHaveProperty("details");
  });

  it("F12 names the address that is not provisioned", async () => {
    const { arm, put, network } = await wired();
    const pip = `${network}/publicIPAddresses/p`;
    arm.faults.catalogue("F12", { path: /loadBalancers\/lb$/, about: pip });
    const answer = await put(`${network}/loadBalancers/lb`, balancer(`${network}/loadBalancers/lb`, {}));
    const [detail] = answer.body.error.details;
    expect([answer.status, detail.code]).toEqual([429, "ReferencedResourceNotProvisioned"]);
    expect(detail.message).toContain(`because resource ${pip} used by resource ${network}/loadBalancers/lb`);
  });
});

describe("stages", () => {
  it("ARM 129 before the check of the token, past it, and after the effect is in", async () => {
    const { arm, put, get, network } = await wired();
    const pip = (name: string): string => `${network}/publicIPAddresses/${name}`;
    for (const at of ["received", "admitted", "committed"] as const) {
      arm.faults.catalogue("F44", { at, path: pip(at) });
    }
    const anonymous = { authorization: "" };
    expect((await put(pip("received"), standardAddress, anonymous)).status).toBe(504);
    expect((await put(pip("admitted"), standardAddress, anonymous)).status).toBe(401);
    expect((await put(pip("admitted"), standardAddress)).status).toBe(504);
    expect((await put(pip("committed"), standardAddress)).status).toBe(504);
    const there = ["received", "admitted", "committed"].map(async (name) => (await get(pip(name))).status);
    expect(await Promise.all(there)).toEqual([404, 404, 200]);
  });

  it("ARM 129 on a poll of one resource's operation, and on the GET after it", async () => {
    const { arm, put, get, send, network } = await wired();
    const [first, second] = [`${network}/publicIPAddresses/a`, `${network}/publicIPAddresses/b`];
    arm.faults.catalogue("F46", { path: second, phase: "poll" });
    arm.faults.catalogue("F49", { path: second, phase: "finalGet" });
    const urls: string[] = [];
    for (const id of [first, second]) {
      const answer = await put(id, standardAddress);
      urls.push(answer.headers.get("azure-asyncoperation") ?? "");
      expect((await get(id)).status).toBe(200);
    }
    const poll = async (url = ""): Promise<number> => (await send("GET", url)).status;
    expect([await poll(urls[0]), await poll(urls[1]), await poll(urls[1])]).toEqual([200, 404, 200]);
    const reads = [await get(first), await get(second), await get(second)];
    expect(reads.map(({ status }) => status)).toEqual([200, 404, 200]);
  });
});

describe("answers that are not as they should be", () => {
  it("F50 has no body, F53 shouts resource groups, F67 lives in the future, F73 says new things, F74 is nearly empty", async () => {
    const { arm, get, put, network } = await wired();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, { ...standardAddress, tags: { a: "b" } });
    const struck = async (name: FaultName): Promise<WireAnswer> => {
      arm.faults.catalogue(name, { path: pip });
      return await get(pip);
    };
    expect((await struck("F50")).body).toBeUndefined();
    expect((await struck("F53")).body.id).toContain("/resourceGroups/RG/");
    expect(Date.parse((await struck("F67")).headers.get("date") ?? "") - Date.now()).toBeGreaterThan(3_000_000);
    expect((await struck("F73")).body).toMatchObject({ novelMember: "NovelValue", name: "p" });
    expect((await struck("F74")).headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("12");
    expect((await struck("F70")).body).not.toHaveProperty("tags");
    expect((await get(pip)).body.tags).toEqual({ a: "b" });
  });

  it("F13 leaves a resource Failed until it is written again", async () => {
    const { arm, get, put, network } = await wired();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    arm.faults.catalogue("F13", { path: pip });
    const state = async (): Promise<string> => (await get(pip)).body.properties.provisioningState;
    expect([await state(), await state()]).toEqual(["Failed", "Failed"]);
    await put(pip, standardAddress);
    expect(await state()).toBe("Succeeded");
  });

  it("F47 says nothing, F51 shows the list from before, F52 an empty page first", async () => {
    const { arm, get, put, send, network } = await wired();
    const list = `${network}/publicIPAddresses`;
    arm.faults.catalogue("F51", { path: /publicIPAddresses$/, nth: 2 });
    const names = async (): Promise<string[]> => (await get(list)).body.value.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual([]);
    const written = await put(`${list}/p`, standardAddress);
    expect([await names(), await names()]).toEqual([[], ["p"]]);
    arm.faults.catalogue("F52", { path: list });
    const page = await get(list);
    expect(page.body.value).toEqual([]);
    expect((await send("GET", page.body.nextLink)).body.value).toHaveLength(1);
    arm.faults.catalogue("F47");
    expect((await send("GET", written.headers.get("azure-asyncoperation") ?? "")).body).toEqual({});
  });

  it("F65 is HTML, F72 deletes with 200", async () => {
    const { arm, put, network, delete: remove } = await wired();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    arm.faults.catalogue("F65", { path: pip });
    const edge = await fetch(`${arm.endpoint}${pip}?api-version=2025-05-01`);
    expect([edge.status, edge.headers.get("content-type")]).toEqual([502, "text/html"]);
    arm.faults.catalogue("F72", { path: pip });
    const gone = await remove(pip);
    expect([gone.status, gone.headers.has("azure-asyncoperation")]).toEqual([200, true]);
  });
});

describe("operations that do not end well", () => {
  const ends: readonly (readonly [FaultName, string, string])[] = [
    ["F09", "Canceled", "CanceledAndSupersededDueToAnotherOperation"],
    ["F10", "Canceled", "OperationPreempted"],
    ["F58", "Failed", "DetachDiskWhileBeingDetached"],
    ["F63", "Failed", "ZonalAllocationFailed"],
    ["F69", "Failed", "InternalServerError"],
  ];
  for (const [name, status, code] of ends) {
    it(`${name}: ${FAULT_CATALOGUE[name].title}`, async () => {
      const { arm, put, send, network } = await wired();
      arm.faults.catalogue(name, { path: "publicIPAddresses/p" });
      const answer = await put(`${network}/publicIPAddresses/p`, standardAddress);
      const document = await send("GET", answer.headers.get("azure-asyncoperation") ?? "");
      expect([document.status, document.body.status]).toEqual([200, status]);
      expect(textOf(document)).toContain(code);
    });
  }

  it("F48 never ends, until another write takes over", async () => {
    const wire = await startSlowWire();
    opened.push(wire);
    const { arm, clock, put, send, network } = wire;
    arm.faults.catalogue("F48", { path: "publicIPAddresses/p" });
    const first = await put(`${network}/publicIPAddresses/p`, standardAddress);
    await clock.advance(86_400_000);
    const url = first.headers.get("azure-asyncoperation") ?? "";
    expect((await send("GET", url)).body.status).toBe("InProgress");
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    expect((await send("GET", url)).body.status).toBe("Canceled");
  });
});

describe("connections", () => {
  it("F45 and F64 cut the line after and before the effect", async () => {
    const { arm, put, get, network } = await wired();
    const [early, late] = [`${network}/publicIPAddresses/early`, `${network}/publicIPAddresses/late`];
    arm.faults.catalogue("F64", { path: early });
    arm.faults.catalogue("F45", { path: late });
    for (const id of [early, late]) await expect(put(id, standardAddress)).rejects.toThrow();
    expect([(await get(early)).status, (await get(late)).status]).toEqual([404, 200]);
  });

  it("hang never answers", async () => {
    const { arm, network } = await wired();
    arm.faults.catalogue("hang");
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${arm.endpoint}${network}/loadBalancers?api-version=2025-05-01`, { signal })).rejects.toThrow();
  });

  it("F66 ends before the answer does", async () => {
    const { arm, get, network } = await wired();
    arm.faults.catalogue("F66");
    await expect(get(`${network}/loadBalancers`)).rejects.toThrow();
    expect((await get(`${network}/loadBalancers`)).status).toBe(200);
  });

  it("slow trickles by the simulator's clock and arrives whole", async () => {
    const clock = new VirtualClock("auto");
    const { arm, get, put, network } = await wired({ clock });
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    const before = clock.now();
    arm.faults.catalogue("slow");
    const { body } = await get(`${network}/publicIPAddresses/p`);
    expect(body.name).toBe("p");
    expect(clock.now() - before).toBeGreaterThanOrEqual(5000);
    clock.stop();
  });

  it("half-open answers once and then never again on that connection", async () => {
    const { arm, network } = await wired();
    arm.faults.catalogue("half-open");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (timeoutMs: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: "Bearer t" };
        const url = `${arm.endpoint}${network}/loadBalancers?api-version=2025-05-01`;
        const sent = httpRequest(url, { agent, headers, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode ?? 0));
        });
        sent.on("error", reject).end();
      });
    expect(await ask(5000)).toBe(200);
    await expect(ask(50)).rejects.toThrow();
    expect(await ask(5000)).toBe(200);
    agent.destroy();
    expect(arm.journal.count()).toBe(2);
  });
});

/** What happened to each resource, in its own order. */
function perResource(entries: readonly JournalEntry[]): Readonly<Record<string, readonly string[]>> {
  const byPath = Object.groupBy(entries, ({ path }) => path);
  return Object.fromEntries(
    Object.entries(byPath)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, list = []]) => [path, list.map(({ method, status }) => `${method} ${status}`)]),
  );
}

const swallow = async (work: Promise<WireAnswer>): Promise<WireAnswer | undefined> => work.catch(() => undefined);

/** Each resource is written, polled, read and deleted in order; resources are interleaved as `order` says. */
async function history(order: (names: readonly string[]) => readonly string[], seed: string) {
  const wire = await startWire({
    seed: "world",
    faults: { seed, rate: 0.3 },
    subscriptionId: "11111111-2222-4333-8444-555555555555",
  });
  try {
    const live = async (name: string): Promise<void> => {
      const id = `${wire.network}/publicIPAddresses/${name}`;
      for (let round = 0; round < 4; round++) {
        const answer = await swallow(wire.put(id, { ...standardAddress, tags: { round: String(round) } }));
        const url = answer?.headers.get("azure-asyncoperation");
        if (url) await swallow(wire.send("GET", url));
        await swallow(wire.get(id));
      }
      await swallow(wire.delete(id));
    };
    const names = Array.from({ length: 12 }, (_, i) => `p${i}`);
    await Promise.all(order(names).map(live));
    return perResource(wire.arm.journal.entries());
  } finally {
    await wire.arm.close();
  }
}

describe("faults drawn from a seed", () => {
  it("ARM 131 the same seed gives the same journal for each resource, whatever order requests arrive in", async () => {
    const forwards = await history((names) => names, "s");
    const backwards = await history((names) => names.toReversed(), "s");
    expect(backwards).toEqual(forwards);
    const statuses = Object.values(forwards).flat();
    expect(new Set(statuses).size).toBeGreaterThan(6);
    expect(await history((names) => names, "other")).not.toEqual(forwards);
  });

  it("ARM 131 strikes at the rate that was asked for, and not at all at zero", async () => {
    const counts = await Promise.all(
      [0, 0.2].map(async (rate) => {
        const { arm, get, network } = await wired();
        const fault = arm.faults.seeded({ seed: "r", rate, kinds: ["internal-error", "F01"] });
        for (let i = 0; i < 200; i++) await get(`${network}/loadBalancers/l${i}`);
        return fault.fired();
      }),
    );
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBeGreaterThan(25);
    expect(counts[1]).toBeLessThan(60);
  });

  it("leaves what is no ARM request alone, and ends when taken away", async () => {
    const { arm, send, network } = await wired({ faults: { rate: 1, kinds: ["F65"] } });
    seedCluster(arm);
    const metadata = await send("GET", "/metadata/endpoints?api-version=2019-05-01");
    expect(metadata.status).toBe(200);
    const edge = await fetch(`${arm.endpoint}${network}/loadBalancers?api-version=2025-05-01`);
    expect(edge.status).toBe(502);
    const { arm: other, get: getOther, network: otherNetwork } = await wired();
    const fault = other.faults.seeded({ rate: 1, kinds: ["internal-error"] });
    expect((await getOther(`${otherNetwork}/loadBalancers`)).status).toBe(500);
    fault.remove();
    expect((await getOther(`${otherNetwork}/loadBalancers`)).status).toBe(200);
  });
});
