import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, startSlowWire, type Wire } from "./wire.ts";

let wire: Wire;
let clock: VirtualClock;
let scaleSet: string;
let pool: string;
let subnet: string;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  const started = await startSlowWire();
  wire = started;
  clock = started.clock;
  scaleSet = `${wire.compute}/virtualMachineScaleSets/s`;
  subnet = `${wire.network}/virtualNetworks/v/subnets/nodes`;
  pool = `${wire.network}/loadBalancers/lb/backendAddressPools/pool`;
  wire.arm.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
  wire.arm.put(`${wire.network}/loadBalancers/lb`, balancer(`${wire.network}/loadBalancers/lb`, {}));
});

function interfaces(...pools: readonly string[]): readonly JsonObject[] {
  const joined = pools.length === 0 ? {} : { loadBalancerBackendAddressPools: pools.map((id) => ({ id })) };
  const ipConfigurations = [{ name: "ipc", properties: { primary: true, subnet: { id: subnet }, ...joined } }];
  return [{ name: "nic", properties: { primary: true, ipConfigurations } }];
}

function model(capacity: number, more: JsonObject = {}, properties: JsonObject = {}): JsonObject {
  return {
    location: "westeurope",
    sku: { name: "Standard_D2s_v3", tier: "Standard", capacity },
    ...more,
    properties: {
      virtualMachineProfile: {
        osProfile: { computerNamePrefix: "node", adminUsername: "azureuser", adminPassword: "secret" },
        storageProfile: {
          imageReference: { publisher: "Canonical", offer: "ubuntu", sku: "server", version: "latest" },
        },
        networkProfile: { networkInterfaceConfigurations: interfaces(pool), networkApiVersion: "2020-11-01" },
      },
      ...properties,
    },
  };
}

async function write(body: JsonObject): Promise<void> {
  expect((await wire.put(scaleSet, body)).status).toBeLessThan(300);
  await clock.advance(10_000);
}

async function names(): Promise<readonly (readonly [string, string, string])[]> {
  const { body } = await wire.get(`${scaleSet}/virtualMachines`);
  return body.value.map((item: ReturnType<typeof JSON.parse>) => [
    item.instanceId,
    item.properties.osProfile.computerName,
    item.properties.provisioningState,
  ]);
}

const post = (path: string, body: JsonObject) => wire.send("POST", path, { body });

describe("a uniform scale set", () => {
  it("ARM 110 makes instances with increasing numbers and names to base 36", async () => {
    await wire.put(scaleSet, model(2));
    expect(await names()).toEqual([
      ["0", "node000000", "Creating"],
      ["1", "node000001", "Creating"],
    ]);
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
    const early = await wire.put(`${scaleSet}/virtualMachines/1`, { tags: { too: "early" } });
    expect([early.status, early.body.error.code]).toEqual([409, "Conflict"]);
    await clock.advance(10_000);
    await write(model(12));
    expect(
      (await names())
        .map(([, name]) => name)
        .toSorted()
        .slice(-2),
    ).toEqual(["node00000a", "node00000b"]);
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(12);
    const { body } = await wire.get(`${scaleSet}/virtualMachines/11`);
    expect(body.properties.storageProfile.osDisk.name).toMatch(/^s_s_11_OS__1_[0-9a-f]{32}$/);
    expect((await wire.get(body.properties.storageProfile.osDisk.managedDisk.id)).body.managedBy).toBe(
      `${scaleSet}/virtualMachines/s_11`,
    );
    expect(JSON.stringify((await wire.get(scaleSet)).body)).not.toContain("adminPassword");
  });

  it("ARM 110 never uses a number twice, and takes disks and addresses of what leaves with it", async () => {
    await write(model(3));
    await wire.put(scaleSet, { location: "westeurope", sku: { name: "Standard_D2s_v3", capacity: 1 } });
    expect((await names()).map(([number, , state]) => [number, state])).toEqual([
      ["0", "Succeeded"],
      ["1", "Deleting"],
      ["2", "Deleting"],
    ]);
    const late = await wire.send("POST", `${scaleSet}/virtualMachines/2/restart`);
    expect([late.status, late.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    await clock.advance(10_000);
    expect((await wire.get(`${wire.compute}/disks`)).body.value).toHaveLength(1);
    expect((await wire.get(subnet)).body.properties.ipConfigurations).toHaveLength(1);
    await write(model(2));
    expect((await names()).map(([number]) => number)).toEqual(["0", "3"]);
    expect((await wire.get(`${scaleSet}/virtualMachines/3/networkInterfaces`)).body.value[0].properties).toMatchObject({
      ipConfigurations: [{ properties: { privateIPAddress: "10.0.0.5" } }],
    });
  });

  it("spreads its instances over its zones", async () => {
    await write(model(4, { zones: ["1", "2", "3"] }));
    const { body } = await wire.get(`${scaleSet}/virtualMachines`);
    expect(body.value.map((item: { zones: string[] }) => item.zones)).toEqual([["1"], ["2"], ["3"], ["1"]]);
  });

  it("ARM 110 a failed operation leaves failed instances, and the next one goes on from there", async () => {
    wire.arm.faults.failOperation({ method: "PUT", path: scaleSet, status: "Failed", code: "AllocationFailed" });
    await write(model(1));
    expect(await names()).toEqual([["0", "node000000", "Failed"]]);
    const view = await wire.get(`${scaleSet}/virtualMachines/0/instanceView`);
    expect(view.body.statuses[0].code).toBe("ProvisioningState/failed/AllocationFailed");
    await write(model(0));
    expect(await names()).toEqual([]);
  });

  it("ARM 111 deleteInstances takes them away and the capacity down", async () => {
    await write(model(3));
    const answer = await post(`${scaleSet}/delete`, { instanceIds: ["1"] });
    expect(answer.status).toBe(202);
    expect((await names()).map(([number, , state]) => [number, state])).toContainEqual(["1", "Deleting"]);
    await clock.advance(10_000);
    expect((await names()).map(([number]) => number)).toEqual(["0", "2"]);
    expect((await wire.get(scaleSet)).body.sku.capacity).toBe(2);
    for (const [action, instanceIds] of [
      ["delete", ["1"]],
      ["manualupgrade", ["9"]],
    ] as const) {
      const refused = await post(`${scaleSet}/${action}`, { instanceIds });
      expect([refused.status, refused.body.error.code, refused.body.error.target]).toEqual([
        400,
        "InvalidParameter",
        "instanceIds",
      ]);
    }
    expect((await wire.delete(`${scaleSet}/virtualMachines/2`)).status).toBe(202);
    await clock.advance(10_000);
    expect((await wire.get(scaleSet)).body.sku.capacity).toBe(1);
  });

  it("ARM 109 with policy Manual a new model is for new instances until updateInstances", async () => {
    await write(model(2, {}, { upgradePolicy: { mode: "Manual" } }));
    const before = (await wire.get(scaleSet)).body;
    const profile = { networkProfile: { networkInterfaceConfigurations: interfaces() } };
    await write({ location: "westeurope", properties: { virtualMachineProfile: profile } });
    const latest = async (): Promise<readonly boolean[]> =>
      (await wire.get(`${scaleSet}/virtualMachines`)).body.value.map(
        (item: { properties: { latestModelApplied: boolean } }) => item.properties.latestModelApplied,
      );
    const after = (await wire.get(scaleSet)).body;
    expect([after.sku, after.properties.virtualMachineProfile.osProfile]).toEqual([
      before.sku,
      before.properties.virtualMachineProfile.osProfile,
    ]);
    expect(await latest()).toEqual([false, false]);
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(2);
    expect((await post(`${scaleSet}/manualupgrade`, { instanceIds: ["1"] })).status).toBe(202);
    await clock.advance(10_000);
    expect(await latest()).toEqual([false, true]);
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(1);
    await write({ location: "westeurope", sku: { name: "Standard_D2s_v3", capacity: 3 } });
    expect(await latest()).toEqual([false, true, true]);
  });

  it("ARM 109 with policy Automatic every instance has the new model at the end", async () => {
    await write(model(2, {}, { upgradePolicy: { mode: "Automatic" } }));
    const profile = { networkProfile: { networkInterfaceConfigurations: interfaces() } };
    await write({ location: "westeurope", properties: { virtualMachineProfile: profile } });
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
  });

  it("ARM 101 gives its instances public addresses that exist in views only", async () => {
    const publicIPAddressConfiguration = { name: "pub", properties: { idleTimeoutInMinutes: 15 } };
    const ipConfigurations = [{ name: "ipc", properties: { subnet: { id: subnet }, publicIPAddressConfiguration } }];
    const networkInterfaceConfigurations = [{ name: "nic", properties: { primary: true, ipConfigurations } }];
    await write(model(2, {}, { virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations } } }));
    const configuration = `${scaleSet}/virtualMachines/1/networkInterfaces/nic/ipConfigurations/ipc`;
    const version = "2018-10-01";
    const all = (await wire.get(`${scaleSet}/publicipaddresses`, { version })).body.value;
    expect(all).toHaveLength(2);
    const one = await wire.get(`${configuration}/publicipaddresses/pub`, { version });
    expect(one.body).toEqual(all[1]);
    expect(one.body).toMatchObject({
      id: `${configuration}/publicIPAddresses/pub`,
      location: "westeurope",
      properties: {
        ipAddress: expect.stringMatching(/^\d+(\.\d+){3}$/),
        idleTimeoutInMinutes: 15,
        ipConfiguration: { id: configuration },
      },
    });
    const nic = await wire.get(`${scaleSet}/virtualMachines/1/networkInterfaces/nic`, { version });
    expect(nic.body.properties.ipConfigurations[0].properties.publicIPAddress).toEqual({ id: one.body.id });
    expect((await wire.get(`${wire.network}/publicIPAddresses`)).body.value).toEqual([]);
  });

  it("counts its instances by state", async () => {
    await write(model(1));
    await wire.put(scaleSet, model(3));
    expect((await wire.get(`${scaleSet}/instanceView`)).body.virtualMachine.statusesSummary).toEqual([
      { code: "ProvisioningState/creating", count: 2 },
      { code: "ProvisioningState/succeeded", count: 1 },
    ]);
  });

  it("a deletion takes instances and disks along", async () => {
    await write(model(2));
    await wire.delete(scaleSet);
    await clock.advance(10_000);
    expect((await wire.get(`${wire.compute}/disks`)).body.value).toEqual([]);
    expect((await wire.get(subnet)).body.properties).not.toHaveProperty("ipConfigurations");
  });

  const refused: readonly (readonly [string, () => JsonObject, number, string])[] = [
    ["more instances than the subnet has addresses for", () => model(252), 400, "SubnetIsFull"],
    ["a size that is none", () => ({ ...model(1), sku: { name: "Huge", capacity: 1 } }), 400, "InvalidParameter"],
    ["a capacity below zero", () => model(-1), 400, "InvalidParameter"],
    [
      "a pool that is not there",
      () => ({
        ...model(0),
        properties: {
          virtualMachineProfile: {
            networkProfile: { networkInterfaceConfigurations: interfaces(`${pool}x`) },
          },
        },
      }),
      400,
      "InvalidResourceReference",
    ],
  ];
  for (const [what, body, status, code] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await wire.put(scaleSet, body());
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    });
  }

  it("refuses a health probe that no rule uses, and keeps the rule of one that it uses", async () => {
    const lb = `${wire.network}/loadBalancers/lb`;
    const withProbe = (probe: string): JsonObject => ({
      ...model(0),
      properties: { virtualMachineProfile: { networkProfile: { healthProbe: { id: `${lb}/probes/${probe}` } } } },
    });
    const pip = `${wire.network}/publicIPAddresses/p`;
    wire.arm.put(pip, {
      location: "westeurope",
      sku: { name: "Standard" },
      properties: { publicIPAllocationMethod: "Static" },
    });
    const spec = { frontends: { fe: pip }, probes: ["used", "idle"] };
    wire.arm.put(lb, balancer(lb, { ...spec, rules: [{ name: "r", probe: "used" }] }));
    expect((await wire.put(scaleSet, withProbe("idle"))).body.error.code).toBe("CannotUseInactiveHealthProbe");
    await write(withProbe("used"));
    const dropped = await wire.put(lb, balancer(lb, spec));
    expect(dropped.body.error).toMatchObject({
      code: "CannotRemoveRuleUsedByProbeUsedByVMSS",
      message: expect.stringContaining(`that is used as health probe by VM scale set ${scaleSet}.`),
    });
  });
});

describe("a flexible scale set", () => {
  const flexible = { orchestrationMode: "Flexible", platformFaultDomainCount: 2 };

  async function machines(): Promise<readonly ReturnType<typeof JSON.parse>[]> {
    const filter = encodeURIComponent(`'virtualMachineScaleSet/id' eq '${scaleSet}'`);
    return (await wire.get(`${wire.compute}/virtualMachines?$filter=${filter}&$expand=instanceView`)).body.value;
  }

  it("has ordinary machines with interfaces and disks of their own", async () => {
    await wire.put(scaleSet, model(2, {}, flexible));
    expect((await machines()).map((vm) => vm.properties.provisioningState)).toEqual(["Creating", "Creating"]);
    await clock.advance(10_000);
    const [first] = await machines();
    expect(first.name).toMatch(/^s_[0-9a-f]{8}$/);
    expect(first.properties).toMatchObject({
      provisioningState: "Succeeded",
      virtualMachineScaleSet: { id: scaleSet },
      hardwareProfile: { vmSize: "Standard_D2s_v3" },
      osProfile: { computerName: expect.stringMatching(/^node[0-9a-f]{6}$/) },
      instanceView: { platformFaultDomain: 0 },
    });
    const [nic] = first.properties.networkProfile.networkInterfaces;
    expect((await wire.get(nic.id)).body.properties.virtualMachine).toEqual({ id: first.id });
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(2);
    expect((await wire.get(`${scaleSet}/networkInterfaces`)).body.value).toEqual([]);
    expect((await wire.get(`${scaleSet}/virtualMachines`)).body.value).toEqual([]);
    expect((await wire.get(scaleSet)).body.properties).toMatchObject({
      orchestrationMode: "Flexible",
      singlePlacementGroup: false,
    });
  });

  it("scales in with all that belongs to a machine, and counts one that somebody deletes", async () => {
    await write(model(3, {}, flexible));
    await write({ location: "westeurope", sku: { name: "Standard_D2s_v3", capacity: 2 } });
    expect(await machines()).toHaveLength(2);
    expect((await wire.get(`${wire.network}/networkInterfaces`)).body.value).toHaveLength(2);
    expect((await wire.get(`${wire.compute}/disks`)).body.value).toHaveLength(2);
    const [first, second] = await machines();
    await wire.delete(first.id);
    await clock.advance(10_000);
    expect((await wire.get(scaleSet)).body.sku.capacity).toBe(1);
    await post(`${scaleSet}/delete`, { instanceIds: [second.name] });
    await clock.advance(10_000);
    expect(await machines()).toEqual([]);
    expect((await wire.get(`${wire.network}/networkInterfaces`)).body.value).toEqual([]);
  });

  it("counts a machine that somebody puts into it", async () => {
    await write(model(0, {}, flexible));
    await wire.put(`${wire.compute}/virtualMachines/mine`, {
      location: "westeurope",
      properties: { virtualMachineScaleSet: { id: scaleSet } },
    });
    await clock.advance(10_000);
    expect((await wire.get(scaleSet)).body.sku.capacity).toBe(1);
    const nowhere = await wire.put(`${wire.compute}/virtualMachines/lost`, {
      location: "westeurope",
      properties: { virtualMachineScaleSet: { id: `${scaleSet}x` } },
    });
    expect([nowhere.status, nowhere.body.error.code]).toEqual([404, "NotFound"]);
  });

  it("says which version of the network's API it is written in, and stays flexible", async () => {
    const profile = { networkProfile: { networkInterfaceConfigurations: interfaces() } };
    const body = model(0, {}, { ...flexible, virtualMachineProfile: profile });
    const answer = await wire.put(scaleSet, body);
    expect([answer.status, answer.body.error.target]).toEqual([400, "networkProfile.networkApiVersion"]);
    await write(model(0, {}, flexible));
    const changed = await wire.put(scaleSet, model(0, {}, { orchestrationMode: "Uniform" }));
    expect([changed.status, changed.body.error.code]).toEqual([409, "PropertyChangeNotAllowed"]);
  });
});
