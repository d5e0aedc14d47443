import { afterEach, describe, expect, it } from "vitest";
import type { ArmSimulatorOptions, JsonObject } from "../../../src/simulator/index.ts";
import { balancer, standardAddress, startWire, type Wire, type WireAnswer } from "./wire.ts";

const opened: Wire[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ arm }) => arm.close()));
});

interface Controlled extends Wire {
  /** A request below `/simulator`, without token and api-version. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<WireAnswer>;
}

async function start(options: ArmSimulatorOptions = {}): Promise<Controlled> {
  const wire = await startWire(options);
  opened.push(wire);
  const ask: Controlled["ask"] = (method, path, body) =>
    wire.send(method, `/simulator${path}`, {
      version: null,
      headers: { authorization: "" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return { ...wire, ask };
}

const about = (id: string): string => `?id=${encodeURIComponent(id)}`;

describe("a reset", () => {
  it("begins anew as a scenario says: nothing is left of what was", async () => {
    const { ask, put, get, network, arm } = await start();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    await ask("POST", "/faults", { fault: "F02", path: "loadBalancers" });
    await ask("POST", "/behaviour", { secondPut: "refuse" });
    const scenario = {
      clock: "manual",
      startAt: "2030-01-01T00:00:00Z",
      limits: "documented",
      cluster: { vms: [{ name: "vm" }] },
    };
    const { status, body } = await ask("POST", "/reset", scenario);
    expect([status, body.endpoint, body.cluster.nodes.length]).toEqual([200, arm.endpoint, 1]);
    expect((await get(pip)).body.error.code).toBe("ResourceGroupNotFound");
    expect((await ask("GET", "/faults")).body.faults).toEqual([]);
    expect((await ask("GET", "/behaviour")).body.secondPut).toBe("supersede");
    expect((await ask("GET", "/clock")).body).toMatchObject({ clock: "manual", now: "2030-01-01T00:00:00.000Z" });
    expect((await ask("GET", "/limits")).body).toEqual({ limits: "documented", refused: {} });
    expect((await ask("GET", "/journal/counts")).body.requests).toBe(1);
  });

  it("cuts the requests that wait for an answer, and they are in no journal", async () => {
    const { ask, arm, network } = await start();
    await ask("POST", "/faults", { cut: "hang", path: "loadBalancers" });
    const hanging = fetch(`${arm.endpoint}${network}/loadBalancers?api-version=2025-05-01`).then(
      () => "answered",
      () => "cut",
    );
    while ((await ask("GET", "/faults")).body.faults[0].fired === 0) await new Promise(setImmediate);
    await ask("POST", "/reset", {});
    expect(await hanging).toBe("cut");
    expect((await ask("GET", "/journal/counts")).body.requests).toBe(0);
  });

  it("changes nothing when the scenario is wrong", async () => {
    const { ask, put, get, network } = await start();
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    const { status, body } = await ask("POST", "/reset", { sed: "x", faults: [{ fault: "F99" }] });
    expect([status, body.error.code]).toEqual([400, "InvalidScenario"]);
    expect(body.error.message).toMatch(/^sed: got "sed", want a known field; faults\[0\]\.fault: got "F99"/);
    expect((await get(`${network}/publicIPAddresses/p`)).status).toBe(200);
  });

  it("gives other ids with another seed, and tells of them", async () => {
    const { ask } = await start();
    const before = (await ask("GET", "")).body;
    const after = (await ask("POST", "/reset", { seed: "other" })).body;
    expect(after.endpoint).toBe(before.endpoint);
    for (const id of ["subscriptionId", "tenantId", "clientId", "clientSecret", "identityHeader"]) {
      expect(after[id], id).not.toBe(before[id]);
    }
    expect((await ask("GET", "")).body).toEqual(after);
  });
});

describe("faults", () => {
  it("strike no request of the control surface, whatever their path", async () => {
    const { ask, get, network } = await start();
    await ask("POST", "/faults", { cut: "reset", nth: "every" });
    await expect(get(`${network}/loadBalancers`)).rejects.toThrow();
    expect((await ask("DELETE", "/faults")).body).toEqual({ removed: 1 });
    expect((await get(`${network}/loadBalancers`)).status).toBe(200);
  });
});

describe("limits", () => {
  it("are set, told of with those who were refused, and used up", async () => {
    const { ask, get, network } = await start();
    const limits = { budgets: { "arm.reads": { kind: "bucket", size: 1, perSecond: 0.001 } } };
    expect((await ask("POST", "/limits", limits)).body).toEqual({ limits, refused: {} });
    const statuses = [await get(`${network}/loadBalancers`), await get(`${network}/loadBalancers`)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 429]);
    expect((await ask("GET", "/limits")).body.refused).toEqual({ "arm.reads": 1 });
    await ask("POST", "/limits", "none");
    expect((await get(`${network}/publicIPAddresses`)).status).toBe(200);
    await ask("POST", "/limits", "documented");
    await ask("POST", "/limits/drain", { budget: "arm.reads" });
    expect((await get(`${network}/publicIPAddresses`)).status).toBe(429);
  });
});

describe("identity", () => {
  it("is told of, and changed", async () => {
    const { ask, get, network } = await start();
    const list = (authorization: string) => get(`${network}/loadBalancers`, { headers: { authorization } });
    await ask("POST", "/identity", {
      applications: [{ clientId: "mine", secrets: [{ value: "s" }] }],
      managedIdentities: [{ clientId: "machine", objectId: "o" }],
      tokens: "checked",
      allowedActions: ["*/read"],
    });
    const facts = (await ask("GET", "/identity")).body;
    expect(facts).toMatchObject({ tokens: "checked", allowedActions: ["*/read"], tokenLifetimeSeconds: 86_399 });
    expect(facts.applications).toContain("mine");
    expect((await list("Bearer any")).status).toBe(401);
    const { token } = (await ask("POST", "/identity/tokens", {})).body;
    expect((await list(`Bearer ${token}`)).status).toBe(200);
    await ask("POST", "/identity", { allowedActions: [] });
    expect((await list(`Bearer ${token}`)).status).toBe(403);
    await ask("POST", "/identity", { allowedActions: null, unassign: ["machine"] });
    expect((await list(`Bearer ${token}`)).status).toBe(200);
    const ids = (await ask("GET", "/identity")).body.managedIdentities.map((one: JsonObject) => one["clientId"]);
    expect(ids).not.toContain("machine");
  });

  for (const [as, code] of [
    ["revoked", "InvalidAuthenticationToken"],
    ["expired", "ExpiredAuthenticationToken"],
  ] as const) {
    it(`lets tokens be ${as} that were issued before`, async () => {
      const { ask, get, network } = await start({ tokens: "checked" });
      const issue = async () => ({ authorization: `Bearer ${(await ask("POST", "/identity/tokens")).body.token}` });
      const old = await issue();
      await ask("POST", "/identity/tokens/end", { as });
      const refused = await get(`${network}/loadBalancers`, { headers: old });
      expect([refused.status, refused.body.error.code]).toEqual([401, code]);
      expect((await get(`${network}/loadBalancers`, { headers: await issue() })).status).toBe(200);
    });
  }
});

describe("actors", () => {
  it("write when a request comes by, are counted with what went wrong, and are sent home", async () => {
    const { ask, get, put, network, arm } = await start();
    const pip = `${network}/publicIPAddresses/p`;
    arm.put(pip, standardAddress);
    const tagging = {
      when: { method: "PUT", path: "loadBalancers", at: "received" },
      do: { tag: pip, tags: { a: "b" } },
    };
    const removing = {
      when: { method: "PUT", path: "loadBalancers", at: "committed" },
      do: { remove: pip },
    };
    const ids = [(await ask("POST", "/actors", tagging)).body.id, (await ask("POST", "/actors", removing)).body.id];
    const id = `${network}/loadBalancers/lb`;
    expect((await put(id, balancer(id, { frontends: { fe: pip } }))).status).toBe(201);
    expect((await get(pip)).body.tags).toEqual({ a: "b" });
    const { actors } = (await ask("GET", "/actors")).body;
    expect(actors[0]).toEqual({ id: ids[0], actor: tagging, acted: 1, failures: [] });
    expect(actors[1]).toMatchObject({ id: ids[1], acted: 1 });
    expect(actors[1].failures[0]).toContain("can not be deleted");
    expect((await ask("DELETE", `/actors?id=${ids[0]}`)).body).toEqual({ removed: 1 });
    expect((await ask("DELETE", "/actors")).body).toEqual({ removed: 1 });
  });
});

describe("oracles", () => {
  it("are armed, asked and silenced, and report what went wrong", async () => {
    const { ask, send, network, arm } = await start();
    const pip = `${network}/publicIPAddresses/p`;
    arm.put(pip, standardAddress);
    expect((await ask("POST", "/oracles/asks", { name: "a", ports: [] })).body.error.code).toBe("NotArmed");
    expect((await ask("POST", "/oracles", { only: ["foreign", "published"] })).body.armed).toBe(true);
    await send("PATCH", pip, { body: { tags: { a: "b" } } });
    await ask("POST", "/oracles/asks", { name: "shop/web", ports: [{ port: 80 }] });
    await ask("POST", "/oracles/published", { name: "shop/web", addresses: ["203.0.113.9"] });
    const { violations, report } = (await ask("POST", "/oracles/conclude")).body;
    expect(violations.map(({ oracle }: { oracle: string }) => oracle)).toEqual(["foreign", "published"]);
    expect(report).toMatch(/^2 violations\n/);
    expect((await ask("DELETE", "/oracles/asks?name=shop/web")).status).toBe(200);
    expect((await ask("DELETE", "/oracles")).body).toMatchObject({ armed: false });
  });
});

describe("page sizes", () => {
  it("are one number for all, or one for each", async () => {
    const { ask, get, network, arm } = await start();
    for (const name of ["a", "b", "c"]) arm.put(`${network}/publicIPAddresses/${name}`, standardAddress);
    const length = async () => (await get(`${network}/publicIPAddresses`)).body.value.length;
    expect((await ask("POST", "/page-sizes", 1)).body).toEqual({ arm: 1, network: 1, compute: 1, storage: 1 });
    expect(await length()).toBe(1);
    expect((await ask("POST", "/page-sizes", { network: 2 })).body).toMatchObject({ arm: 1, network: 2 });
    expect(await length()).toBe(2);
    expect((await ask("GET", "/page-sizes")).body).toMatchObject({ arm: 1, network: 2 });
  });
});

describe("resources", () => {
  it("are written, read and deleted past conditions and journal", async () => {
    const { ask, network } = await start();
    const pip = `${network}/publicIPAddresses/p`;
    expect((await ask("PUT", `/resources${about(pip)}`, standardAddress)).body.name).toBe("p");
    expect((await ask("GET", `/resources${about(pip)}`)).body.properties.provisioningState).toBe("Succeeded");
    expect((await ask("GET", `/resources${about(pip)}&view=effect`)).body.properties.ipAddress).toMatch(/^\d/);
    const all = await ask("GET", "/resources?type=Microsoft.Network/publicIPAddresses");
    expect(all.body.value).toHaveLength(1);
    expect((await ask("DELETE", `/resources${about(pip)}`)).body).toEqual({ removed: true });
    expect((await ask("DELETE", `/resources${about(pip)}`)).body).toEqual({ removed: false });
    expect((await ask("GET", `/resources${about(pip)}`)).status).toBe(404);
    expect((await ask("GET", "/journal/counts")).body.requests).toBe(0);
  });

  it("have the addresses that they were given in their subnet", async () => {
    const { ask, network, arm } = await start();
    arm.put(`${network}/virtualNetworks/v`, {
      location: "westeurope",
      properties: {
        addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
        subnets: [{ name: "s", properties: { addressPrefix: "10.0.0.0/24" } }],
      },
    });
    const id = `${network}/loadBalancers/lb`;
    arm.put(id, balancer(id, { frontends: { fe: `${network}/virtualNetworks/v/subnets/s` } }));
    const frontend = `${id}/frontendIPConfigurations/fe`;
    expect((await ask("GET", `/addresses${about(frontend)}`)).body).toEqual({ address: "10.0.0.4" });
    expect((await ask("GET", `/addresses${about(`${id}/x/y`)}`)).status).toBe(404);
  });

  it("are refused in ARM's own words", async () => {
    const { ask, network } = await start();
    const id = `${network}/loadBalancers/lb`;
    const body = balancer(id, { frontends: { fe: `${network}/publicIPAddresses/none` } });
    const refused = await ask("PUT", `/resources${about(id)}`, body);
    expect([refused.status, refused.body.error.code]).toEqual([400, "InvalidResourceReference"]);
  });
});

describe("a body that is wrong is refused with field, value and what is accepted", () => {
  const cases: readonly (readonly [method: string, path: string, body: unknown, says: string])[] = [
    ["POST", "/limits", { netwrok: "bucket" }, 'netwrok: got "netwrok", want a known field'],
    ["POST", "/limits", "some", 'document: got "some", want none, documented, or'],
    ["POST", "/limits/drain", { budget: "x" }, 'budget: got "x", want the name of a budget'],
    ["POST", "/identity", { tokens: "maybe" }, 'tokens: got "maybe", want any or checked'],
    ["POST", "/identity", { applications: [{}] }, "applications[0].clientId is missing, want text"],
    ["POST", "/identity/tokens/end", { as: "burnt" }, 'as: got "burnt", want revoked or expired'],
    ["POST", "/actors", { when: { at: "late" }, do: {} }, 'when.at: got "late", want received, admitted, committed'],
    [
      "POST",
      "/actors",
      { when: { at: "received" }, do: { paint: "/x" } },
      'do: got "{\\"paint\\":\\"/x\\"}", want one of put',
    ],
    ["POST", "/oracles", { only: ["luck"] }, 'only[0]: got "luck", want foreign, unknown'],
    ["POST", "/oracles", { gaps: ["any"] }, 'gaps[0]: got "any", want address-moves'],
    ["POST", "/oracles", { unanswered: [{}] }, "want an object with a node's name, a port, or both"],
    ["POST", "/oracles/asks", { name: "a", ports: [{ port: 1e6 }] }, "ports[0].port: got"],
    ["POST", "/oracles/published", { name: "a" }, "addresses is missing, want a list of addresses"],
    ["POST", "/page-sizes", { network: 0 }, 'network: got "0", want a whole number from 1'],
    ["PUT", "/resources?id=/x", [], 'document: got "[]", want a JSON object'],
    ["PUT", "/resources?id=/x", {}, 'id: "/x" is no ARM resource id'],
    ["PUT", "/resources", {}, "id is missing from the query"],
    ["GET", "/resources?id=/x&view=past", undefined, 'view: got "past", want shown or effect'],
    ["POST", "/reset", { clock: "sundial" }, 'clock: got "sundial", want'],
  ];
  for (const [method, path, body, says] of cases) {
    it(`${method} ${path} ${JSON.stringify(body) ?? ""}`, async () => {
      const { ask } = await start();
      const answer = await ask(method, path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain(says);
    });
  }
});

describe("a simulator in this process", () => {
  it("is reset without sockets: what follows sees only the new world", async () => {
    const { arm, put, network, group } = await start();
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    arm.reset({ seed: "other", behaviour: { secondPut: "refuse" } });
    expect(arm.resources.get(group)).toBeUndefined();
    expect(arm.journal.entries()).toEqual([]);
    expect(() => arm.reset({ script: [{ nth: 3 }] })).toThrow(/faults\[0\]: got/);
  });
});
