import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type ClusterFacts, type JsonObject, seedCluster } from "../../../src/simulator/index.ts";
import { balancer, standardAddress, startSlowWire, startWire, type Wire } from "./wire.ts";

let wire: Wire;
let lb: string;
let pool: string;
let scaleSet: string;
afterEach(() => wire.arm.close());

function prepare(started: Wire, vms = false): ClusterFacts {
  wire = started;
  lb = `${wire.network}/loadBalancers/lb`;
  pool = `${lb}/backendAddressPools/pool`;
  scaleSet = `${wire.compute}/virtualMachineScaleSets/nodes-vmss`;
  const machines = [
    { name: "vm-a", zone: "1" },
    { name: "vm-b", zone: "2", address: "10.240.0.4" },
  ];
  const facts = seedCluster(wire.arm, { resourceGroup: "rg", ...(vms && { vms: machines }) });
  wire.arm.put(lb, balancer(lb, {}));
  return facts;
}

/** The body with which Kubernetes' cloud provider moves an instance in and out of pools. */
function withPools(instance: JsonObject, ...pools: readonly string[]): JsonObject {
  const text = JSON.stringify(instance["properties"]);
  const { hardwareProfile, networkProfileConfiguration } = JSON.parse(text);
  const [nic] = networkProfileConfiguration.networkInterfaceConfigurations;
  nic.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = pools.map((id) => ({ id }));
  return {
    location: instance["location"],
    properties: { hardwareProfile, networkProfileConfiguration },
    etag: instance["etag"],
  };
}

describe("instances of a scale set", () => {
  let clock: VirtualClock;
  beforeEach(async () => {
    const started = await startSlowWire();
    clock = started.clock;
    prepare(started);
  });

  it("ARM 88 ARM 89 join a pool when their operation ends, with ids in the scale set's form", async () => {
    const instance = `${scaleSet}/virtualMachines/0`;
    const ipConfiguration = `${instance}/networkInterfaces/nodes-vmss/ipConfigurations/ipconfig1`;
    const before = (await wire.get(lb)).body.etag;
    const { body } = await wire.get(instance);
    const answer = await wire.put(instance, withPools(body, pool), { "if-match": body.etag });
    expect([answer.status, answer.body.properties.provisioningState]).toEqual([200, "Updating"]);
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
    const view = `${instance}/networkInterfaces`;
    const running = (await wire.get(view, { version: "2018-10-01" })).body.value[0];
    expect(running.properties.ipConfigurations[0].properties).not.toHaveProperty("loadBalancerBackendAddressPools");
    await clock.advance(10_000);
    const joined = (await wire.get(pool)).body;
    expect(joined.properties.backendIPConfigurations).toEqual([{ id: ipConfiguration }]);
    expect(joined.properties.loadBalancerBackendAddresses[0].properties.networkInterfaceIPConfiguration).toEqual({
      id: ipConfiguration,
    });
    expect(joined.etag).not.toBe(before);
    const done = (await wire.get(view, { version: "2018-10-01" })).body.value[0];
    expect(done.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools).toEqual([{ id: pool }]);
    const shown = (await wire.get(instance)).body;
    expect(shown.properties.modelDefinitionApplied).toBe("VirtualMachine");
    await wire.put(instance, withPools(shown));
    await clock.advance(10_000);
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
  });

  it("ARM 87 ARM 94 stay members through a PUT of the balancer, and pin pool and balancer", async () => {
    const instance = `${scaleSet}/virtualMachines/1`;
    await wire.put(instance, withPools((await wire.get(instance)).body, pool));
    const early = await wire.delete(lb);
    expect(early.body.error.code).toBe("LoadBalancerInUseByVirtualMachineScaleSet");
    await clock.advance(10_000);
    await wire.put(lb, (await wire.get(lb)).body);
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(1);
    await clock.advance(10_000);
    const refused = await wire.delete(lb);
    expect(refused.status).toBe(400);
    expect(refused.body.error).toEqual({
      code: "LoadBalancerInUseByVirtualMachineScaleSet",
      message: `Cannot delete load balancer ${lb} since its child resources pool are in use by virtual machine scale set ${scaleSet}.`,
      details: [],
    });
    const dropped = await wire.put(lb, balancer(lb, { pools: [] }));
    expect(dropped.body.error.message).toBe(
      `Cannot remove backend address pool ${pool} from load balancer since it is in use by virtual machine scale set ${scaleSet}.`,
    );
    const byAddress = {
      properties: {
        virtualNetwork: { id: `${wire.network}/virtualNetworks/kubernetes-vnet` },
        loadBalancerBackendAddresses: [{ name: "x", properties: { ipAddress: "10.240.0.9" } }],
      },
    };
    expect((await wire.put(pool, byAddress)).body.error.code).toBe(
      "BackendAddressPoolMixesIpAddressesAndNetworkInterfaces",
    );
  });

  it("a failed update leaves the old membership in effect", async () => {
    const instance = `${scaleSet}/virtualMachines/0`;
    wire.arm.faults.failOperation({
      method: "PUT",
      path: instance,
      status: "Failed",
      code: "NetworkingInternalOperationError",
    });
    await wire.put(instance, withPools((await wire.get(instance)).body, pool));
    await clock.advance(10_000);
    expect((await wire.get(instance)).body.properties.provisioningState).toBe("Failed");
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
    expect(JSON.stringify((await wire.get(instance)).body)).toContain(pool);
  });

  it("join one balancer of each kind only", async () => {
    const other = `${wire.network}/loadBalancers/other`;
    wire.arm.put(other, balancer(other, {}));
    const instance = `${scaleSet}/virtualMachines/0`;
    const { body } = await wire.get(instance);
    const answer = await wire.put(instance, withPools(body, pool, `${other}/backendAddressPools/pool`));
    expect([answer.status, answer.body.error.code]).toEqual([400, "AnotherPublicLoadBalancerExists"]);
    const missing = await wire.put(instance, withPools(body, `${lb}/backendAddressPools/none`));
    expect([missing.status, missing.body.error.code]).toEqual([400, "InvalidResourceReference"]);
  });

  it("are not written while their scale set is being deleted, and go with it", async () => {
    const instance = `${scaleSet}/virtualMachines/0`;
    const { body } = await wire.get(instance);
    expect((await wire.delete(scaleSet)).status).toBe(202);
    const answer = await wire.put(instance, withPools(body, pool));
    expect([answer.status, answer.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    expect(answer.body.error.message).toContain("'nodes-vmss' since it is marked for deletion");
    await clock.advance(10_000);
    expect((await wire.get(instance)).body.error.code).toBe("ResourceNotFound");
    expect(
      (await wire.get(`${wire.network}/virtualNetworks/kubernetes-vnet/subnets/nodes`)).body.properties,
    ).not.toHaveProperty("ipConfigurations");
  });

  it("ARM 101 have interfaces in the network's view under 2018-10-01", async () => {
    const all = await wire.get(`${scaleSet}/networkInterfaces`, { version: "2018-10-01" });
    expect(all.body.value.map((nic: { id: string }) => nic.id)).toEqual(
      [0, 1, 2].map((i) => `${scaleSet}/virtualMachines/${i}/networkInterfaces/nodes-vmss`),
    );
    const [first] = all.body.value;
    expect(first.properties.virtualMachine).toEqual({ id: `${scaleSet}/virtualMachines/0` });
    expect(first.properties.macAddress).toMatch(/^00-0D-3A(-[0-9A-F]{2}){3}$/);
    expect(first.properties.ipConfigurations[0].properties).toMatchObject({
      privateIPAddress: "10.240.0.4",
      primary: true,
      privateIPAddressVersion: "IPv4",
    });
    const one = await wire.get(first.id, { version: "2018-10-01" });
    expect(one.body).toEqual(first);
    const configurations = await wire.get(`${first.id}/ipConfigurations`, { version: "2018-10-01" });
    expect(configurations.body.value.map((item: { name: string }) => item.name)).toEqual(["ipconfig1"]);
    const gone = await wire.get(`${scaleSet}/virtualMachines/7/networkInterfaces`, { version: "2018-10-01" });
    expect(gone.body.error).toEqual({
      code: "InvalidParameter",
      message: "The provided instanceId 7 is not an active Virtual Machine Scale Set VM instanceId.",
      target: "instanceIds",
    });
  });

  it("are named after their scale set, have an instance view, and are not made by PUT", async () => {
    const { body } = await wire.get(`${scaleSet}/virtualMachines`);
    expect(body.value.map((item: { name: string; instanceId: string }) => [item.name, item.instanceId])).toEqual([
      ["nodes-vmss_0", "0"],
      ["nodes-vmss_1", "1"],
      ["nodes-vmss_2", "2"],
    ]);
    expect(body.value[1]).toMatchObject({
      zones: ["2"],
      properties: { osProfile: { computerName: "nodes-vmss000001" } },
    });
    const view = await wire.get(`${scaleSet}/virtualMachines/1/instanceView`);
    expect(view.body.computerName).toBe("nodes-vmss000001");
    const expanded = await wire.get(`${scaleSet}/virtualMachines?$expand=instanceView`);
    expect(expanded.body.value[0].properties.instanceView.statuses).toHaveLength(2);
    expect((await wire.get(`${scaleSet}/instanceView`)).body.virtualMachine.statusesSummary[0].count).toBe(3);
    const made = await wire.put(`${scaleSet}/virtualMachines/9`, { location: "westeurope", properties: {} });
    expect([made.status, made.body.error.code]).toEqual([404, "ResourceNotFound"]);
  });

  it("ARM 109 a PUT of the network profile keeps everything else of the model", async () => {
    const before = (await wire.get(scaleSet)).body;
    const [nic] = before.properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations;
    nic.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = [{ id: pool }];
    const body = {
      location: before.location,
      properties: { virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [nic] } } },
    };
    await wire.put(scaleSet, body, { "if-match": before.etag });
    await clock.advance(10_000);
    const after = (await wire.get(scaleSet)).body;
    expect(after.sku).toEqual(before.sku);
    expect(after.properties.virtualMachineProfile.osProfile).toEqual(before.properties.virtualMachineProfile.osProfile);
    expect(
      after.properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0].properties
        .ipConfigurations[0].properties.loadBalancerBackendAddressPools,
    ).toEqual([{ id: pool }]);
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
    expect((await wire.delete(lb)).body.error.code).toBe("LoadBalancerInUseByVirtualMachineScaleSet");
  });

  it("ARM 98 a subnet used by a scale set prints the interface with pipes", async () => {
    const subnet = `${wire.network}/virtualNetworks/kubernetes-vnet/subnets/nodes`;
    const answer = await wire.delete(subnet);
    expect(answer.body.error.code).toBe("InUseSubnetCannotBeDeleted");
    expect(answer.body.error.message).toContain(
      `${wire.network}/networkInterfaces/|providers|Microsoft.Compute|virtualMachineScaleSets|nodes-vmss|virtualMachines|0|networkInterfaces|nodes-vmss/ipConfigurations/ipconfig1`,
    );
    expect((await wire.get(subnet)).body.properties.ipConfigurations).toHaveLength(3);
  });
});

describe("standalone machines", () => {
  let facts: ClusterFacts;
  beforeEach(async () => {
    facts = prepare(await startWire(), true);
  });

  async function join(name: string, ...pools: readonly string[]) {
    const nic = `${wire.network}/networkInterfaces/${name}-nic`;
    const { body } = await wire.get(nic);
    body.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = pools.map((id) => ({ id }));
    return wire.put(nic, body);
  }

  it("ARM 100 take the lowest free address, and their interface stays while they live", async () => {
    expect(facts.nodes.map(({ name, internalIP }) => [name, internalIP])).toEqual([
      ["vm-a", "10.240.0.5"],
      ["vm-b", "10.240.0.4"],
    ]);
    const nic = `${wire.network}/networkInterfaces/vm-a-nic`;
    const { body } = await wire.get(nic);
    expect(body.properties).toMatchObject({
      primary: true,
      virtualMachine: { id: `${wire.compute}/virtualMachines/vm-a` },
      macAddress: expect.stringMatching(/^00-0D-3A/),
    });
    const refused = await wire.delete(nic);
    expect([refused.status, refused.body.error.code]).toEqual([400, "NicInUse"]);
    expect((await wire.delete(`${wire.compute}/virtualMachines/vm-a`)).status).toBe(202);
    expect((await wire.get(nic)).body.properties).not.toHaveProperty("virtualMachine");
    expect((await wire.delete(nic)).status).toBe(200);
  });

  it("ARM 88 join and leave a pool at once, under the interface's name", async () => {
    const before = (await wire.get(lb)).body.etag;
    expect((await join("vm-a", pool)).status).toBe(200);
    const joined = (await wire.get(pool)).body;
    const ipConfiguration = `${wire.network}/networkInterfaces/vm-a-nic/ipConfigurations/ipconfig1`;
    expect(joined.properties.backendIPConfigurations).toEqual([{ id: ipConfiguration }]);
    expect(joined.properties.loadBalancerBackendAddresses[0].name).toBe("rg_vm-a-nicipconfig1");
    expect(joined.etag).not.toBe(before);
    await join("vm-a");
    expect((await wire.get(pool)).body.properties).not.toHaveProperty("backendIPConfigurations");
  });

  it("leave the pools of a balancer that is deleted", async () => {
    await join("vm-a", pool);
    expect((await wire.delete(lb)).status).toBe(202);
    const { body } = await wire.get(`${wire.network}/networkInterfaces/vm-a-nic`);
    expect(body.properties.ipConfigurations[0].properties).not.toHaveProperty("loadBalancerBackendAddressPools");
  });

  it("are refused pools of two public balancers", async () => {
    const other = `${wire.network}/loadBalancers/other`;
    wire.arm.put(other, balancer(other, {}));
    expect((await join("vm-a", pool, `${other}/backendAddressPools/pool`)).body.error.code).toBe(
      "AnotherPublicLoadBalancerExists",
    );
  });

  it("are refused an address that another one has, a second primary and a taken public address", async () => {
    const subnet = { id: `${wire.network}/virtualNetworks/kubernetes-vnet/subnets/nodes` };
    const nic = (properties: JsonObject, ...more: readonly JsonObject[]): JsonObject => ({
      location: "westeurope",
      properties: { ipConfigurations: [{ name: "c", properties: { subnet, ...properties } }, ...more] },
    });
    const path = `${wire.network}/networkInterfaces/n`;
    const taken = await wire.put(path, nic({ privateIPAllocationMethod: "Static", privateIPAddress: "10.240.0.4" }));
    expect(taken.body.error).toMatchObject({
      code: "PrivateIPAddressIsAllocated",
      message: `IP configuration ${path}/ipConfigurations/c is using the private IP address 10.240.0.4 which is already allocated to resource ${wire.network}/networkInterfaces/vm-b-nic/ipConfigurations/ipconfig1.`,
    });
    const primaries = await wire.put(
      path,
      nic({ primary: true }, { name: "d", properties: { subnet, primary: true } }),
    );
    expect(primaries.body.error.code).toBe("NetworkInterfaceMustHaveOnePrimaryIPConfiguration");
    const pip = `${wire.network}/publicIPAddresses/p`;
    wire.arm.put(pip, standardAddress);
    wire.arm.put(lb, balancer(lb, { frontends: { fe: pip } }));
    const inUse = await wire.put(path, nic({ publicIPAddress: { id: pip } }));
    expect(inUse.body.error.code).toBe("PublicIPAddressInUse");
  });

  it("never show their password", async () => {
    const vm = `${wire.compute}/virtualMachines/new`;
    const answer = await wire.put(vm, {
      location: "westeurope",
      properties: { osProfile: { computerName: "new", adminPassword: "secret" } },
    });
    expect(answer.body.properties.osProfile).toMatchObject({ computerName: "new", allowExtensionOperations: true });
    expect(answer.body.properties.osProfile).not.toHaveProperty("adminPassword");
  });
});

describe("the switches", () => {
  it("membership leaves the balancer's etag alone where told", async () => {
    prepare(await startWire({ behaviour: { membershipChangesEtag: false } }), true);
    const before = (await wire.get(lb)).body.etag;
    const nic = `${wire.network}/networkInterfaces/vm-a-nic`;
    const { body } = await wire.get(nic);
    body.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = [{ id: pool }];
    await wire.put(nic, body);
    const after = (await wire.get(lb)).body;
    expect(after.etag).toBe(before);
    expect(after.properties.backendAddressPools[0].properties.backendIPConfigurations).toHaveLength(1);
  });

  it("standalone interfaces pin a balancer where told", async () => {
    prepare(await startWire({ behaviour: { deleteBalancerWithInterfaces: "refuse" } }), true);
    const nic = `${wire.network}/networkInterfaces/vm-a-nic`;
    const { body } = await wire.get(nic);
    body.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = [{ id: pool }];
    await wire.put(nic, body);
    expect((await wire.delete(lb)).body.error.code).toBe("LoadBalancerInUseByNetworkInterface");
  });
});
