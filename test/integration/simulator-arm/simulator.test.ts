import { afterEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type ArmSimulator, seedCluster, startArmSimulator } from "../../../src/simulator/index.ts";
import { balancer, standardAddress, startWire, type Wire } from "./wire.ts";

const open: ArmSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((arm) => arm.close()));
});

async function wire(options: Parameters<typeof startWire>[0] = {}): Promise<Wire> {
  const started = await startWire(options);
  open.push(started.arm);
  return started;
}

describe("a seeded cluster", () => {
  it("has the facts that a controller needs", async () => {
    const { arm } = await wire();
    const facts = seedCluster(arm);
    expect(facts).toMatchObject({
      subscriptionId: arm.subscriptionId,
      tenantId: arm.tenantId,
      resourceGroup: "kubernetes",
      location: "westeurope",
      virtualNetwork: "kubernetes-vnet",
      subnet: "nodes",
      securityGroup: "kubernetes-nsg",
      scaleSet: "nodes-vmss",
    });
    const prefix = `azure:///subscriptions/${arm.subscriptionId}/resourceGroups/kubernetes/providers/Microsoft.Compute/virtualMachineScaleSets/nodes-vmss/virtualMachines`;
    expect(facts.nodes).toEqual([
      { name: "nodes-vmss000000", providerId: `${prefix}/0`, internalIP: "10.240.0.4", zone: "1" },
      { name: "nodes-vmss000001", providerId: `${prefix}/1`, internalIP: "10.240.0.5", zone: "2" },
      { name: "nodes-vmss000002", providerId: `${prefix}/2`, internalIP: "10.240.0.6", zone: "3" },
    ]);
    const subnet = arm.resources.get(
      `/subscriptions/${arm.subscriptionId}/resourceGroups/kubernetes/providers/Microsoft.Network/virtualNetworks/kubernetes-vnet/subnets/nodes`,
    );
    expect(JSON.stringify(subnet)).toContain("networkSecurityGroups/kubernetes-nsg");
    expect(arm.journal.count()).toBe(0);
  });

  it("gives fixed addresses first and lower-cases the resource group in provider ids", async () => {
    const { arm } = await wire();
    const facts = seedCluster(arm, {
      resourceGroup: "MyRG",
      vmss: { name: "s", nodes: [{}, { address: "10.240.0.4", name: "b" }] },
      securityGroup: { rules: [{ name: "ssh", priority: 300, ports: "22" }] },
    });
    expect(facts.nodes.map(({ name, internalIP }) => [name, internalIP])).toEqual([
      ["s000000", "10.240.0.5"],
      ["b", "10.240.0.4"],
    ]);
    expect(facts.nodes[0]?.providerId).toContain("/resourceGroups/myrg/providers/");
    const [group] = arm.resources.list("Microsoft.Network/networkSecurityGroups");
    expect(JSON.stringify(group)).toContain('"destinationPortRange":"22"');
  });

  it("is refused with every problem in the message", async () => {
    const { arm } = await wire();
    expect(() => seedCluster(arm, { vms: [{ name: "a", address: "1.2.3.4" }] })).toThrow(
      /vms\[0\]\.address: got "1\.2\.3\.4"/,
    );
  });
});

describe("somebody else's hands", () => {
  it("write at once, past conditions and journal, and change the etag", async () => {
    const { arm, network, put, get } = await wire();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    const before = (await get(pip)).body.etag;
    const written = arm.put(pip, { ...standardAddress, tags: { by: "hand" } });
    expect(written).toMatchObject({ tags: { by: "hand" }, properties: { provisioningState: "Succeeded" } });
    expect((await put(pip, standardAddress, { "if-match": before })).status).toBe(412);
    expect(arm.journal.writes()).toHaveLength(1);
  });

  it("are refused what ARM refuses", async () => {
    const { arm, network } = await wire();
    const id = `${network}/loadBalancers/lb`;
    expect(() => arm.put(id, balancer(id, { frontends: { fe: `${network}/publicIPAddresses/none` } }))).toThrow(
      /was not found/,
    );
    expect(() => arm.put("/nonsense", {})).toThrow(/no ARM resource id/);
    expect(() => arm.put(`${network}/routeTablesX/x`, {})).toThrow(/does not serve Microsoft.Network\/routeTablesX/);
  });

  it("delete at once, even what is being deleted", async () => {
    const clock = new VirtualClock("manual");
    const latency = { operationMs: 1000 };
    const { arm, network, put, get, delete: remove } = await wire({ clock, latency });
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    await clock.advance(1000);
    await remove(pip);
    expect(arm.remove(pip)).toBe(true);
    expect((await get(pip)).status).toBe(404);
    expect(arm.remove(pip)).toBe(false);
    await clock.advance(1000);
  });

  it("write children", async () => {
    const { arm, network } = await wire();
    const id = `${network}/loadBalancers/lb`;
    arm.put(id, balancer(id, {}));
    arm.put(`${id}/backendAddressPools/two`, {});
    expect(arm.resources.get(`${id}/backendAddressPools/two`)).toMatchObject({ name: "two" });
    expect(arm.remove(`${id}/backendAddressPools/two`)).toBe(true);
    expect(arm.resources.get(`${id}/backendAddressPools/two`)).toBeUndefined();
  });
});

describe("determinism", () => {
  async function history(order: readonly number[]): Promise<readonly unknown[]> {
    const { arm, network, put } = await wire({ seed: "same" });
    for (const i of order) await put(`${network}/publicIPAddresses/p${i}`, standardAddress);
    return arm.resources.list("Microsoft.Network/publicIPAddresses");
  }

  it("ARM 131 the order of requests changes no guid, etag or address", async () => {
    expect(await history([3, 1, 2])).toEqual(await history([1, 2, 3]));
  });

  it("another seed gives other addresses", async () => {
    const addresses = await Promise.all(
      ["one", "two"].map(async (seed) => {
        const { arm, network } = await wire({ seed, subscriptionId: "11111111-2222-4333-8444-555555555555" });
        return arm.put(`${network}/publicIPAddresses/p`, standardAddress)["properties"];
      }),
    );
    expect(addresses[0]).not.toEqual(addresses[1]);
  });
});

describe("time", () => {
  it("ARM 130 zero, scaled and custom latency end in the same state", async () => {
    const states = await Promise.all(
      (["zero", "second", 0.5, 1] as const).map(async (latency) => {
        const clock = new VirtualClock("auto");
        const { arm, network, put, get } = await wire({ clock, latency });
        const pip = `${network}/publicIPAddresses/p`;
        const answer = await put(pip, standardAddress);
        const url = answer.headers.get("azure-asyncoperation") ?? "";
        let polls = 0;
        while ((await get(url)).body.status === "InProgress" && polls++ < 1000) await clock.sleep(100);
        clock.stop();
        return arm.resources.list("Microsoft.Network/publicIPAddresses");
      }),
    );
    for (const state of states) expect(state).toEqual(states[0]);
  });

  it("waits on the clock it was given, answers included", async () => {
    const clock = new VirtualClock("manual");
    const started = clock.now();
    const latency = { answerMs: 3000, operationMs: 0 };
    const { network, put } = await wire({ clock, latency });
    let done = false;
    const write = put(`${network}/publicIPAddresses/p`, standardAddress).then((answer) => {
      done = true;
      return answer;
    });
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    await clock.advance(3000);
    const answer = await write;
    expect(answer.status).toBe(201);
    expect(Date.parse(answer.headers.get("date") ?? "")).toBe(started + 3000);
  });
});

describe("ARM 133 concurrent writes", () => {
  it("let one of many conditional writes through", async () => {
    const { network, put, get } = await wire();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    const { etag } = (await get(pip)).body;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        put(pip, { ...standardAddress, tags: { writer: `${i}` } }, { "if-match": etag }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array(19).fill(412)]);
  });

  it("create a resource once", async () => {
    const { network, put } = await wire();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        put(`${network}/publicIPAddresses/p`, standardAddress, { "if-none-match": "*" }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});

it("closes twice, and with requests under way", async () => {
  const arm = await startArmSimulator();
  const arrived = new Promise<void>((resolve) => {
    arm.intercept(() => {
      resolve();
      return undefined;
    });
  });
  arm.faults.script({ path: "/subscriptions", at: "received", with: "hang" });
  const hanging = fetch(`${arm.endpoint}/subscriptions?api-version=2021-01-01`).then(
    () => "answered",
    () => "cut",
  );
  await arrived;
  await arm.close();
  await arm.close();
  expect(await hanging).toBe("cut");
});
