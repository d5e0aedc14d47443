import { afterEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type ArmSimulatorOptions, type JsonObject, type ProfileName, profile } from "../../../src/simulator/index.ts";
import {
  balancer,
  smallNetwork,
  standardAddress,
  startSlowWire,
  startWire,
  type Wire,
  type WireAnswer,
} from "./wire.ts";

const opened: Wire[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ arm }) => arm.close()));
});

async function wired(options: ArmSimulatorOptions = {}): Promise<Wire> {
  const wire = await startWire(options);
  opened.push(wire);
  return wire;
}

async function slow(options: ArmSimulatorOptions = {}) {
  const wire = await startSlowWire(options);
  opened.push(wire);
  return wire;
}

describe("switches for what the evidence leaves open", () => {
  it("ARM 121 a second PUT supersedes the first, or is refused with 409", async () => {
    const results: string[] = [];
    for (const secondPut of ["supersede", "refuse"] as const) {
      const { put, send, network, clock } = await slow({ behaviour: { secondPut } });
      const pip = `${network}/publicIPAddresses/p`;
      const first = await put(pip, standardAddress);
      const second = await put(pip, { ...standardAddress, tags: { a: "b" } });
      await clock.advance(10_000);
      const poll = await send("GET", first.headers.get("azure-asyncoperation") ?? "");
      results.push(`${second.status} ${poll.body.status}`);
    }
    expect(results).toEqual(["200 Canceled", "409 Succeeded"]);
  });

  it("ARM 47 If-None-Match protects what exists, or is ignored", async () => {
    const results: number[] = [];
    for (const ifNoneMatch of ["honour", "ignore"] as const) {
      const { put, network } = await wired({ behaviour: { ifNoneMatch } });
      await put(`${network}/publicIPAddresses/p`, standardAddress);
      results.push((await put(`${network}/publicIPAddresses/p`, standardAddress, { "if-none-match": "*" })).status);
    }
    expect(results).toEqual([412, 200]);
  });

  it("ARM 88 an interface that joins changes the balancer's etag, or does not", async () => {
    const results: boolean[] = [];
    for (const membershipChangesEtag of [true, false]) {
      const { arm, get, network } = await wired({ behaviour: { membershipChangesEtag } });
      const lb = `${network}/loadBalancers/lb`;
      arm.put(`${network}/virtualNetworks/v`, smallNetwork);
      arm.put(lb, balancer(lb, {}));
      const before = (await get(lb)).body.etag;
      const properties: JsonObject = {
        subnet: { id: `${network}/virtualNetworks/v/subnets/nodes` },
        loadBalancerBackendAddressPools: [{ id: `${lb}/backendAddressPools/pool` }],
      };
      arm.put(`${network}/networkInterfaces/n`, {
        location: "westeurope",
        properties: { ipConfigurations: [{ name: "ip", properties }] },
      });
      const after = (await get(lb)).body;
      expect(after.properties.backendAddressPools[0].properties.backendIPConfigurations).toHaveLength(1);
      results.push(after.etag !== before);
    }
    expect(results).toEqual([true, false]);
  });

  it("ARM 51 pages are as long as each provider's setting", async () => {
    const { arm, get, network, compute, subscription } = await wired({ pageSize: { network: 2, compute: 1, arm: 1 } });
    arm.put(`${subscription}/resourceGroups/second`, { location: "westeurope" });
    for (const n of ["a", "b", "c"]) {
      arm.put(`${network}/publicIPAddresses/${n}`, standardAddress);
      arm.put(`${compute}/virtualMachines/${n}`, { location: "westeurope", properties: {} });
    }
    const lengths = async (path: string): Promise<number[]> => {
      const found: number[] = [];
      for (let url: string | undefined = path; url !== undefined; ) {
        const { body }: WireAnswer = await get(url, path.endsWith("resourceGroups") ? { version: "2021-04-01" } : {});
        found.push(body.value.length);
        url = body.nextLink;
      }
      return found;
    };
    expect(await lengths(`${network}/publicIPAddresses`)).toEqual([2, 1]);
    expect(await lengths(`${compute}/virtualMachines`)).toEqual([1, 1, 1]);
    expect(await lengths(`${subscription}/resourceGroups`)).toEqual([1, 1]);
  });
});

describe("lists that lag behind", () => {
  const list = async ({ get, network }: Wire): Promise<string[]> =>
    (await get(`${network}/publicIPAddresses`)).body.value.map(
      ({
        name,
        tags,
        properties,
      }: {
        name: string;
        tags?: { n?: string };
        properties: { provisioningState: string };
      }) => `${name} ${tags?.n ?? "-"} ${properties.provisioningState}`,
    );

  it("show creation, change, state and deletion late, while GET is up to date", async () => {
    const wire = await slow({ behaviour: { listLagMs: 3000 } });
    const { clock, put, get, network, delete: remove } = wire;
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    expect([await list(wire), (await get(pip)).status]).toEqual([[], 200]);
    await clock.advance(3000);
    expect(await list(wire)).toEqual(["p - Updating"]);
    await clock.advance(8000);
    expect((await get(pip)).body.properties.provisioningState).toBe("Succeeded");
    expect(await list(wire)).toEqual(["p - Updating"]);
    await clock.advance(2000);
    expect(await list(wire)).toEqual(["p - Succeeded"]);
    await put(pip, { ...standardAddress, tags: { n: "2" } });
    expect(await list(wire)).toEqual(["p - Succeeded"]);
    await clock.advance(13_000);
    expect(await list(wire)).toEqual(["p 2 Succeeded"]);
    await remove(pip);
    await clock.advance(10_000);
    expect([await list(wire), (await get(pip)).status]).toEqual([["p 2 Deleting"], 404]);
    await clock.advance(3000);
    expect(await list(wire)).toEqual([]);
  });

  it("can be turned on and off while it runs; what was there before stays in sight", async () => {
    const wire = await slow();
    const { arm, clock, network } = wire;
    arm.put(`${network}/publicIPAddresses/a`, standardAddress);
    arm.behave({ listLagMs: 5000 });
    arm.put(`${network}/publicIPAddresses/b`, standardAddress);
    expect(await list(wire)).toEqual(["a - Succeeded"]);
    arm.behave({ listLagMs: 0 });
    expect(await list(wire)).toEqual(["a - Succeeded", "b - Succeeded"]);
    arm.behave({ listLagMs: 5000 });
    await clock.advance(5000);
    expect(await list(wire)).toEqual(["a - Succeeded", "b - Succeeded"]);
  });
});

describe("profiles", () => {
  /** Virtual milliseconds that a PUT takes and its operation after it. */
  async function paceOf(
    name: ProfileName,
    path: string,
    body: JsonObject,
  ): Promise<readonly (number | string | null)[]> {
    const clock = new VirtualClock("auto");
    const wire = await wired({ clock, ...profile(name), faults: { rate: 0 } });
    wire.arm.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    const start = clock.now();
    const answer = await wire.put(`${wire.network}/${path}`, body);
    const answered = clock.now();
    const url = answer.headers.get("azure-asyncoperation") ?? "";
    while ((await wire.send("GET", url)).body.status === "InProgress") await clock.sleep(250);
    const total = clock.now() - answered;
    clock.stop();
    return [answered - start, Math.floor(total / 1000), answer.headers.get("retry-after")];
  }

  const address = ["publicIPAddresses/p", standardAddress] as const;
  const group = ["networkSecurityGroups/g", { location: "westeurope" }] as const;
  const cases: readonly (readonly [ProfileName, number, number, string | null])[] = [
    ["P1", 1, 2, null],
    ["P2", 1, 2, "10"],
    ["P3", 2, 4, null],
    ["P4", 2, 4, null],
    ["P5", 2, 4, null],
  ];
  for (const [name, addressSeconds, groupSeconds, retryAfter] of cases) {
    it(`${name} takes ${addressSeconds} s for an address and ${groupSeconds} s for a security group`, async () => {
      expect(await paceOf(name, ...address)).toEqual([100, addressSeconds, retryAfter]);
      expect(await paceOf(name, ...group)).toEqual([100, groupSeconds, retryAfter]);
    });
  }

  it("P4 enforces the documented budgets, and P5 lets one request in twenty go wrong", async () => {
    const { limits = "none" } = profile("P4");
    const { arm, get, network } = await wired({ clock: new VirtualClock("manual"), limits });
    const answers = await Promise.all(Array.from({ length: 300 }, () => get(`${network}/loadBalancers`)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
    expect([...arm.limits.refused()]).toEqual([["arm.reads", 50]]);
    expect(profile("P5").faults?.rate).toBe(0.05);
  });
});
