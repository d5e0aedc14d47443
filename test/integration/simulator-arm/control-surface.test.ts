import { afterEach, describe, expect, it } from "vitest";
import { type ArmSimulatorOptions, type JsonObject, startArmSimulator } from "../../../src/simulator/index.ts";
import { standardAddress, startSlowWire, startWire, type Wire, type WireAnswer } from "./wire.ts";

const opened: Wire[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ arm }) => arm.close()));
});

interface Controlled extends Wire {
  /** A request below `/simulator`, without token and api-version. */
  readonly ask: (method: string, path: string, body?: JsonObject | string) => Promise<WireAnswer>;
  readonly putAddress: (name?: string) => Promise<WireAnswer>;
}

function controlled(wire: Wire): Controlled {
  opened.push(wire);
  const ask: Controlled["ask"] = (method, path, body) =>
    wire.send(method, `/simulator${path}`, { version: null, headers: { authorization: "" }, ...(body && { body }) });
  const putAddress = (name = "pip"): Promise<WireAnswer> =>
    wire.put(`${wire.network}/publicIPAddresses/${name}`, standardAddress);
  return { ...wire, ask, putAddress };
}

async function start(options: ArmSimulatorOptions = {}): Promise<Controlled> {
  return controlled(await startWire(options));
}

describe("faults over the control surface", () => {
  it("strike, are counted, and are taken away", async () => {
    const { ask, putAddress } = await start();
    const fault = { fault: "F01", method: "PUT", path: "publicIPAddresses", nth: "every", retryAfterSeconds: 7 };
    expect(await ask("POST", "/faults", fault)).toMatchObject({ status: 201, body: { ids: ["1"] } });
    const struck = await putAddress();
    expect([struck.status, struck.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await ask("GET", "/faults")).body).toEqual({ faults: [{ id: "1", fault, fired: 1 }] });
    expect((await ask("DELETE", "/faults?id=1")).body).toEqual({ removed: 1 });
    expect((await putAddress()).status).toBe(201);
    expect((await ask("DELETE", "/faults?id=1")).status).toBe(404);
  });

  it("come several at once, or none of them when one is wrong", async () => {
    const { ask, putAddress } = await start();
    const answer = { status: 503, headers: { "x-own": "1" }, body: { error: { code: "Busy" } } };
    const faults = [
      { answer, pattern: "/publicIPAddresses/a$", nth: 1 },
      { operation: "Failed", code: "InternalServerError", path: "publicIPAddresses/b" },
      { cut: "reset", path: "publicIPAddresses/c", at: "committed" },
    ];
    const refused = await ask("POST", "/faults", { faults: [...faults, { fault: "F99" }] });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "InvalidFault" } } });
    expect(refused.body.error.message).toMatch(/^faults\[3\]\.fault: got "F99"/);
    expect((await ask("GET", "/faults")).body).toEqual({ faults: [] });

    expect((await ask("POST", "/faults", { faults })).body).toEqual({ ids: ["1", "2", "3"] });
    expect(await putAddress("a")).toMatchObject({ status: 503, body: answer.body });
    expect((await putAddress("a")).status).toBe(201);
    await putAddress("b");
    const [b] = opened;
    expect(b?.arm.resources.get(`${b.network}/publicIPAddresses/b`)?.["properties"]).toMatchObject({
      provisioningState: "Failed",
    });
    await expect(putAddress("c")).rejects.toThrow();
    expect((await ask("DELETE", "/faults")).body).toEqual({ removed: 3 });
  });

  it("are set from the start by a script; a wrong one keeps the simulator from starting", async () => {
    const { ask, putAddress } = await start({ script: [{ rate: 1, kinds: ["F02"] }] });
    expect((await putAddress()).status).toBe(429);
    expect((await ask("GET", "/faults")).body.faults[0].fired).toBe(1);
    await expect(startArmSimulator({ script: [{ nth: 3 }] })).rejects.toThrow(/faults\[0\]: got/);
  });

  for (const [name, body, says] of [
    ["no JSON", "{", "the body must be a JSON object"],
    ["no kind", { path: "x" }, "want an object with one of fault, operation, rate, answer and cut"],
    ["a method that is none", { fault: "F01", method: "LIST" }, 'method: got "LIST", want GET, HEAD'],
    ["a status that is none", { answer: { status: 20 } }, 'answer.status: got "20", want an HTTP status'],
  ] as const) {
    it(`are refused with ${name}`, async () => {
      const { ask } = await start();
      const answer = await ask("POST", "/faults", body);
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain(says);
    });
  }
});

describe("the journal over the control surface", () => {
  it("has a line for each request of a client, and counts them; its own requests are none", async () => {
    const { ask, putAddress, get, network } = await start();
    await putAddress();
    await get(`${network}/publicIPAddresses/pip`);
    await get(`${network}/publicIPAddresses/no`);
    const counts = await ask("GET", "/journal/counts");
    const type = "Microsoft.Network/publicIPAddresses";
    expect(counts.body).toEqual({
      requests: 3,
      counts: [
        { method: "GET", type, status: 200, count: 1 },
        { method: "GET", type, status: 404, count: 1 },
        { method: "PUT", type, status: 201, count: 1 },
      ],
    });
    const response = await fetch(`${opened[0]?.arm.endpoint}/simulator/journal`);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).method)).toEqual(["PUT", "GET", "GET"]);
  });
});

describe("the clock over the control surface", () => {
  it("that is manual moves when it is told to: operations end", async () => {
    const { ask, putAddress, get, network } = controlled(await startSlowWire());
    await putAddress();
    const state = async (): Promise<string> =>
      (await get(`${network}/publicIPAddresses/pip`)).body.properties.provisioningState;
    expect((await ask("GET", "/clock")).body).toMatchObject({ clock: "manual", now: "2026-01-01T00:00:00.000Z" });
    expect((await ask("POST", "/clock/advance", { ms: 9_999 })).status).toBe(200);
    expect(await state()).toBe("Updating");
    expect((await ask("POST", "/clock/advance", { ms: 1 })).body).toMatchObject({ now: "2026-01-01T00:00:10.000Z" });
    expect(await state()).toBe("Succeeded");
  });

  it("does not jump by itself for programs it does not know", async () => {
    const { ask } = controlled(await startSlowWire());
    const answer = await ask("POST", "/clock/advance", { automatic: true });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "AutomaticJumpRefused" } } });
    expect(answer.body.error.message).toContain("cannot know whether a foreign program is idle");
  });

  it("that is the system's is told of, and cannot be moved", async () => {
    const { ask } = await start();
    expect((await ask("GET", "/clock")).body.clock).toBe("system");
    expect(await ask("POST", "/clock/advance", { ms: 1 })).toMatchObject({
      status: 409,
      body: { error: { code: "SystemClock" } },
    });
  });

  for (const ms of [-1, "1", 1e12, undefined]) {
    it(`takes no step of ${ms}`, async () => {
      const { ask } = controlled(await startSlowWire());
      const answer = await ask("POST", "/clock/advance", ms === undefined ? {} : { ms });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "InvalidStep" } } });
    });
  }
});

describe("switches over the control surface", () => {
  it("are turned, and told of", async () => {
    const { ask } = await start();
    expect((await ask("GET", "/behaviour")).body).toMatchObject({ secondPut: "supersede", listLagMs: 0 });
    const turned = await ask("POST", "/behaviour", { secondPut: "refuse" });
    expect(turned).toMatchObject({ status: 200, body: { secondPut: "refuse", listLagMs: 0 } });
    expect((await ask("GET", "/behaviour")).body.secondPut).toBe("refuse");
  });

  it("that do not exist are refused", async () => {
    const { ask } = await start();
    const answer = await ask("POST", "/behaviour", { secondPut: "maybe", x: 1 });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toBe(
      'secondPut: got "maybe", want supersede or refuse; x: got "x", want a known field',
    );
  });
});

describe("state over the control surface", () => {
  it("ARM 132 is dumped, and loaded into what runs", async () => {
    const first = await start();
    await first.putAddress();
    const dump = (await first.ask("GET", "/state")).body;
    await first.delete(`${first.network}/publicIPAddresses/pip`);
    expect(await first.ask("PUT", "/state", dump)).toMatchObject({ status: 200, body: { resources: 1 } });
    expect((await first.get(`${first.network}/publicIPAddresses/pip`)).status).toBe(200);
  });
});

it("a path that the control surface does not have is told of with those that it has", async () => {
  const { ask } = await start();
  const answer = await ask("GET", "/nothing");
  expect(answer.status).toBe(404);
  expect(answer.body.error.message).toContain(
    "the control surface has DELETE /simulator/actors, DELETE /simulator/faults, ",
  );
});
