import { afterEach, describe, expect, it } from "vitest";
import {
  type ArmSimulatorOptions,
  parseState,
  type SimulatorState,
  seedCluster,
} from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startSlowWire, startWire, type Wire } from "./wire.ts";

const opened: Wire[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ arm }) => arm.close()));
});

async function wireWith(options: ArmSimulatorOptions = {}): Promise<Wire> {
  const wire = await startWire(options);
  opened.push(wire);
  return wire;
}

/** Through text and back, as a file would keep it. */
function kept(state: SimulatorState): SimulatorState {
  const parsed = parseState(JSON.stringify(state));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** Something of everything: a cluster, a balancer over an address, a pool of interfaces, routes, disks, tombstones. */
async function fill(wire: Wire): Promise<void> {
  const { arm, network, compute, put } = wire;
  seedCluster(arm, { resourceGroup: "rg", vmss: { name: "s", nodes: [{}, {}] }, vms: [{ name: "vm" }] });
  await put(`${network}/virtualNetworks/net`, smallNetwork);
  await put(`${network}/publicIPAddresses/gone`, standardAddress);
  await wire.delete(`${network}/publicIPAddresses/gone`);
  await put(`${network}/publicIPAddresses/pip`, standardAddress);
  const id = `${network}/loadBalancers/lb`;
  const spec = {
    frontends: { fe: `${network}/publicIPAddresses/pip` },
    rules: [{ name: "r", probe: "p" }],
    probes: ["p"],
  };
  await put(id, balancer(id, spec));
  const nic = arm.resources.get(`${network}/networkInterfaces/vm-nic`) as {
    properties: { ipConfigurations: object[] };
  };
  const [configuration] = nic.properties.ipConfigurations as { properties: object }[];
  const joined = {
    ...configuration?.properties,
    loadBalancerBackendAddressPools: [{ id: `${id}/backendAddressPools/pool` }],
  };
  const joining = await put(`${network}/networkInterfaces/vm-nic`, {
    location: "westeurope",
    properties: { ipConfigurations: [{ name: "ipconfig1", properties: joined }] },
  } as never);
  expect(joining.body.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools).toHaveLength(1);
  await put(`${network}/routeTables/rt`, { location: "westeurope", tags: { a: "b" }, properties: { routes: [] } });
  const disk = { location: "westeurope", properties: { creationData: { createOption: "Empty" }, diskSizeGB: 4 } };
  await put(`${compute}/disks/d`, disk);
}

const LISTS = [
  "Microsoft.Network/publicIPAddresses",
  "Microsoft.Network/loadBalancers",
  "Microsoft.Network/networkInterfaces",
  "Microsoft.Network/virtualNetworks",
  "Microsoft.Network/networkSecurityGroups",
  "Microsoft.Network/routeTables",
  "Microsoft.Compute/virtualMachineScaleSets",
  "Microsoft.Compute/virtualMachineScaleSets/s/virtualMachines",
  "Microsoft.Compute/virtualMachineScaleSets/s/networkInterfaces",
  "Microsoft.Compute/virtualMachines",
  "Microsoft.Compute/disks",
];

/** What every GET of a simulator answers, and what is in effect there. */
async function everything({ arm, group, subscription, get }: Wire): Promise<unknown> {
  const lists = await Promise.all(LISTS.map(async (list) => (await get(`${group}/providers/${list}`)).body.value));
  const resources = lists.flat() as { id: string }[];
  const single = await Promise.all(resources.map(async ({ id }) => (await get(id)).body));
  const groups = (await get(`${subscription}/resourceGroups`)).body;
  return { lists, single, groups, effect: resources.map(({ id }) => arm.resources.inEffect(id)) };
}

describe("a dump of the simulator's state", () => {
  it("ARM 132 that is loaded elsewhere answers the same GETs: load(dump(x)) is x", async () => {
    const first = await wireWith();
    await fill(first);
    const second = await wireWith();
    await second.put(`${second.network}/publicIPAddresses/other`, standardAddress);
    second.arm.load(kept(first.arm.dump()));
    const before = await everything(first);
    expect(await everything(second)).toEqual(before);
    expect((before as { single: unknown[] }).single.length).toBeGreaterThan(10);
    expect(second.arm.resources.get(`${second.network}/publicIPAddresses/other`)).toBeUndefined();
  });

  it("that was loaded dumps the same: dump(load(x)) is x", async () => {
    const first = await wireWith();
    await fill(first);
    const dump = kept(first.arm.dump());
    const second = await wireWith();
    second.arm.load(dump);
    expect({ ...kept(second.arm.dump()), savedAtMs: 0 }).toEqual({ ...dump, savedAtMs: 0 });
  });

  it("lets what follows be as it would have been: guids, addresses, conditions, references", async () => {
    const first = await wireWith();
    await fill(first);
    const second = await wireWith();
    second.arm.load(kept(first.arm.dump()));
    const go = async (wire: Wire): Promise<unknown> => {
      const { network, put, get } = wire;
      const held = await wire.delete(`${network}/publicIPAddresses/pip`);
      const reborn = await put(`${network}/publicIPAddresses/gone`, standardAddress);
      const { etag } = (await get(`${network}/routeTables/rt`)).body;
      const routes = { location: "westeurope", properties: { routes: [] } };
      const matched = await put(`${network}/routeTables/rt`, routes, { "if-match": etag });
      const reused = await put(`${network}/networkInterfaces/n`, {
        location: "westeurope",
        properties: {
          ipConfigurations: [
            { name: "c", properties: { subnet: { id: `${network}/virtualNetworks/net/subnets/nodes` } } },
          ],
        },
      });
      return [held, reborn, matched, reused].map(({ status, body }) => ({ status, body }));
    };
    const expected = await go(first);
    expect(await go(second)).toEqual(expected);
    expect((expected as { status: number }[]).map(({ status }) => status)).toEqual([400, 201, 200, 201]);
  });

  it("has always been there: a list that lags shows it at once, and nothing of what it replaced", async () => {
    const first = await wireWith();
    await first.put(`${first.network}/publicIPAddresses/pip`, standardAddress);
    const second = await wireWith({ behaviour: { listLagMs: 3_600_000 } });
    await second.put(`${second.network}/publicIPAddresses/other`, standardAddress);
    second.arm.load(kept(first.arm.dump()));
    const { value } = (await second.get(`${second.network}/publicIPAddresses`)).body as { value: { name: string }[] };
    expect(value.map(({ name }) => name)).toEqual(["pip"]);
  });

  it("keeps operations that ended readable", async () => {
    const first = await wireWith();
    const { headers } = await first.put(`${first.network}/publicIPAddresses/pip`, standardAddress);
    const second = await wireWith();
    second.arm.load(kept(first.arm.dump()));
    const poll = new URL(headers.get("azure-asyncoperation") ?? "");
    expect(await second.get(`${poll.pathname}${poll.search}`)).toMatchObject({
      status: 200,
      body: { status: "Succeeded" },
    });
  });

  it("has what ran as cancelled: the new body is shown as Failed, over the old effect, and can be written again", async () => {
    const slow = await startSlowWire();
    opened.push(slow);
    const { network, put, clock } = slow;
    await put(`${network}/routeTables/rt`, { location: "westeurope", properties: { routes: [] } });
    await clock.advance(10_000);
    const route = { name: "r", properties: { addressPrefix: "10.1.0.0/24", nextHopType: "None" } };
    const changed = { location: "westeurope", properties: { routes: [route] } };
    const { headers } = await put(`${network}/routeTables/rt`, changed);
    const dump = kept(slow.arm.dump());
    const running = await slow.get(`${network}/routeTables/rt`);
    expect(running.body.properties.provisioningState, "a dump changes nothing").toBe("Updating");

    const second = await wireWith();
    second.arm.load(dump);
    const shown = await second.get(`${network}/routeTables/rt`);
    expect(shown.body.properties).toMatchObject({ provisioningState: "Failed", routes: [{ name: "r" }] });
    expect(second.arm.resources.inEffect(`${network}/routeTables/rt`)).toMatchObject({ properties: { routes: [] } });
    const poll = new URL(headers.get("azure-asyncoperation") ?? "");
    expect((await second.get(`${poll.pathname}${poll.search}`)).body).toMatchObject({ status: "Canceled" });
    expect(await second.put(`${network}/routeTables/rt`, changed)).toMatchObject({ status: 200 });
    expect(second.arm.resources.inEffect(`${network}/routeTables/rt`)).toMatchObject({
      properties: { routes: [{ name: "r" }] },
    });
  });

  it("of another seed is refused, and nothing changes", async () => {
    const first = await wireWith({ seed: "one" });
    const second = await wireWith({ seed: "two" });
    await second.put(`${second.network}/publicIPAddresses/pip`, standardAddress);
    expect(() => second.arm.load(first.arm.dump())).toThrow(
      /seed: got "one", want two, which this simulator was started/,
    );
    expect(second.arm.resources.get(`${second.network}/publicIPAddresses/pip`)).toBeDefined();
  });

  const refused: readonly { name: string; change: object; says: RegExp }[] = [
    { name: "another version", change: { version: 2 }, says: /version 1/ },
    { name: "a type that is not served", change: { type: "Microsoft.Cache/redis" }, says: /resources\[0\]\.type: got/ },
    { name: "an id that is none", change: { id: "/x" }, says: /resources\[0\]\.id: got "\/x"/ },
  ];
  for (const { name, change, says } of refused) {
    it(`with ${name} is refused`, async () => {
      const wire = await wireWith();
      await wire.put(`${wire.network}/publicIPAddresses/pip`, standardAddress);
      const dump = wire.arm.dump();
      const broken =
        "version" in change ? { ...dump, ...change } : { ...dump, resources: [{ ...dump.resources[0], ...change }] };
      const answer = await wire.send("PUT", "/simulator/state", { body: broken as never, version: null });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "InvalidState" } } });
      expect(answer.body.error.message).toMatch(says);
    });
  }
});
