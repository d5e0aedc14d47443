import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type JsonObject, seedCluster } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startSlowWire, type Wire } from "./wire.ts";

let wire: Wire;
let clock: VirtualClock;
let lb: string;
let nsg: string;
let vnet: string;
let pip: string;
let nic: string;
beforeEach(async () => {
  const started = await startSlowWire({ behaviour: { deleteDuringPut: "accept" } });
  wire = started;
  clock = started.clock;
  lb = `${wire.network}/loadBalancers/lb`;
  nsg = `${wire.network}/networkSecurityGroups/nsg`;
  vnet = `${wire.network}/virtualNetworks/v`;
  pip = `${wire.network}/publicIPAddresses/p`;
  nic = `${wire.network}/networkInterfaces/nic`;
});
afterEach(() => wire.arm.close());

const done = (): Promise<void> => clock.advance(10_000);

/** `properties` of what is in effect; undefined when nothing is. */
function effect(id: string): JsonObject | undefined {
  return wire.arm.resources.inEffect(id)?.["properties"] as JsonObject | undefined;
}

function shown(id: string): JsonObject | undefined {
  return wire.arm.resources.get(id)?.["properties"] as JsonObject | undefined;
}

function names(id: string, list: string, look = effect): readonly string[] {
  return ((look(id)?.[list] ?? []) as unknown as readonly { readonly name: string }[]).map(({ name }) => name);
}

const address = (minutes: number): JsonObject => ({
  ...standardAddress,
  properties: { publicIPAllocationMethod: "Static", idleTimeoutInMinutes: minutes },
});

const pools = (...list: readonly string[]): JsonObject => balancer(lb, { pools: list });

function nicBody(extra: JsonObject = {}, own: JsonObject = {}): JsonObject {
  const configuration = { name: "c", properties: { subnet: { id: `${vnet}/subnets/nodes` }, ...extra } };
  return { location: "westeurope", properties: { ipConfigurations: [configuration], ...own } };
}

describe("the body in effect", () => {
  it("ARM 78 of a create, an update and a deletion changes when the operation ends", async () => {
    await wire.put(pip, address(4));
    assert.equal(effect(pip), undefined);
    await done();
    assert.equal(effect(pip)?.["idleTimeoutInMinutes"], 4);
    assert.equal(effect(pip)?.["ipAddress"], shown(pip)?.["ipAddress"]);
    await wire.put(pip, address(9));
    assert.equal(shown(pip)?.["idleTimeoutInMinutes"], 9);
    assert.equal(effect(pip)?.["idleTimeoutInMinutes"], 4);
    await done();
    assert.equal(effect(pip)?.["idleTimeoutInMinutes"], 9);
    await wire.delete(pip);
    assert.equal(effect(pip)?.["idleTimeoutInMinutes"], 9);
    await done();
    assert.equal(effect(pip), undefined);
  });

  it("ARM 58 a balancer says Succeeded long before it is in effect", async () => {
    const answer = await wire.put(lb, pools("one"));
    assert.equal(answer.body.properties.provisioningState, "Succeeded");
    assert.equal(effect(lb), undefined);
    await done();
    assert.deepEqual(names(lb, "backendAddressPools"), ["one"]);
  });

  for (const status of ["Failed", "Canceled"] as const) {
    it(`ARM 66, 77 of an operation that ends ${status} stays the old one, until a write succeeds`, async () => {
      wire.arm.put(lb, pools("one"));
      wire.arm.faults.failOperation({ method: "PUT", path: lb, status, code: "X" });
      await wire.put(lb, pools("two"));
      await done();
      assert.deepEqual(names(lb, "backendAddressPools", shown), ["two"]);
      assert.deepEqual(names(lb, "backendAddressPools"), ["one"]);
      await wire.put(lb, pools("two"));
      await done();
      assert.deepEqual(names(lb, "backendAddressPools"), ["two"]);
    });
  }

  it("ARM 77 of a create that failed is none", async () => {
    wire.arm.faults.failOperation({ method: "PUT", path: pip, status: "Failed", code: "X" });
    await wire.put(pip, address(4));
    await done();
    assert.equal(shown(pip)?.["provisioningState"], "Failed");
    assert.equal(effect(pip), undefined);
  });

  it("of a deletion that failed stays", async () => {
    wire.arm.put(pip, address(4));
    wire.arm.faults.failOperation({ method: "DELETE", path: pip, status: "Failed", code: "X" });
    await wire.delete(pip);
    await done();
    assert.equal(effect(pip)?.["idleTimeoutInMinutes"], 4);
  });

  it("ARM 121 of a superseded write never comes, not even for a moment", async () => {
    wire.arm.put(lb, pools("one"));
    await wire.put(lb, pools("two"));
    await clock.advance(5_000);
    await wire.put(lb, pools("three"));
    await clock.advance(5_000);
    assert.deepEqual(names(lb, "backendAddressPools"), ["one"], "the first write would have ended now");
    await clock.advance(5_000);
    assert.deepEqual(names(lb, "backendAddressPools"), ["three"]);
  });

  it("ARM 121 of a write that was superseded by one that fails stays the oldest", async () => {
    wire.arm.put(lb, pools("one"));
    await wire.put(lb, pools("two"));
    wire.arm.faults.failOperation({ method: "PUT", path: lb, status: "Failed", code: "X" });
    await wire.put(lb, pools("three"));
    await done();
    assert.deepEqual(names(lb, "backendAddressPools", shown), ["three"]);
    assert.deepEqual(names(lb, "backendAddressPools"), ["one"]);
  });

  it("ARM 122 of a machine's preempted write never comes", async () => {
    const machine = `${wire.compute}/virtualMachines/vm`;
    const body = (licenseType: string): JsonObject => ({ location: "westeurope", properties: { licenseType } });
    wire.arm.put(machine, body("a"));
    await wire.put(machine, body("b"));
    await clock.advance(5_000);
    await wire.put(machine, body("c"));
    await clock.advance(5_000);
    assert.equal(effect(machine)?.["licenseType"], "a");
    await clock.advance(5_000);
    assert.equal(effect(machine)?.["licenseType"], "c");
  });

  it("of a write that a deletion has overtaken never comes", async () => {
    wire.arm.put(lb, pools("one"));
    await wire.put(lb, pools("two"));
    await clock.advance(5_000);
    await wire.delete(lb);
    await clock.advance(5_000);
    assert.deepEqual(names(lb, "backendAddressPools"), ["one"]);
    await clock.advance(5_000);
    assert.equal(effect(lb), undefined);
  });

  it("of tags that are patched is there at once, and does not bring a body that waits", async () => {
    wire.arm.put(lb, pools("one"));
    await wire.put(lb, pools("two"));
    await wire.send("PATCH", lb, { body: { tags: { a: "b" } } });
    assert.deepEqual(wire.arm.resources.inEffect(lb)?.["tags"], { a: "b" });
    assert.deepEqual(names(lb, "backendAddressPools"), ["one"]);
    await done();
    assert.deepEqual(names(lb, "backendAddressPools"), ["two"]);
    assert.deepEqual(wire.arm.resources.inEffect(lb)?.["tags"], { a: "b" });
  });

  it("what was never written, or is no id, is not in effect", () => {
    assert.equal(effect(pip), undefined);
    assert.equal(wire.arm.resources.inEffect("nonsense"), undefined);
    assert.equal(effect(`${wire.network}/unheardOf/x`), undefined);
  });
});

describe("children", () => {
  it("ARM 91 a pool of its own is in effect when its PUT ends, and out when its DELETE ends", async () => {
    wire.arm.put(lb, pools("one"));
    await wire.put(`${lb}/backendAddressPools/two`, { properties: {} });
    assert.equal(wire.arm.resources.inEffect(`${lb}/backendAddressPools/two`), undefined);
    await done();
    assert.equal(wire.arm.resources.inEffect(`${lb}/backendAddressPools/TWO`)?.["id"], `${lb}/backendAddressPools/two`);
    await wire.delete(`${lb}/backendAddressPools/two`);
    assert.deepEqual(names(lb, "backendAddressPools"), ["one", "two"]);
    await done();
    assert.deepEqual(names(lb, "backendAddressPools"), ["one"]);
  });

  it("a child that is being deleted takes nothing with it that came meanwhile", async () => {
    wire.arm.put(nsg, { location: "westeurope", properties: { securityRules: [rule("a", 100), rule("b", 101)] } });
    await wire.delete(`${nsg}/securityRules/a`);
    await wire.send("PATCH", nsg, { body: { tags: { team: "net" } } });
    await done();
    assert.deepEqual(names(nsg, "securityRules"), ["b"]);
    assert.deepEqual(wire.arm.resources.inEffect(nsg)?.["tags"], { team: "net" });
    assert.deepEqual(wire.arm.resources.get(nsg)?.["tags"], { team: "net" });
  });

  it("a security rule of its own that fails is shown and not in effect", async () => {
    wire.arm.put(nsg, { location: "westeurope", properties: { securityRules: [rule("a", 100)] } });
    wire.arm.faults.failOperation({ method: "PUT", path: "/securityRules/b", status: "Failed", code: "X" });
    await wire.put(`${nsg}/securityRules/b`, rule("b", 101));
    await done();
    assert.deepEqual(names(nsg, "securityRules", shown), ["a", "b"]);
    assert.deepEqual(names(nsg, "securityRules"), ["a"]);
  });

  it("a second child superseding the first brings both: the model is one", async () => {
    wire.arm.put(nsg, { location: "westeurope", properties: { securityRules: [] } });
    await wire.put(`${nsg}/securityRules/a`, rule("a", 100));
    await clock.advance(5_000);
    await wire.put(`${nsg}/securityRules/b`, rule("b", 101));
    await clock.advance(5_000);
    assert.deepEqual(names(nsg, "securityRules"), []);
    await clock.advance(5_000);
    assert.deepEqual(names(nsg, "securityRules"), ["a", "b"]);
  });
});

describe("back-references between what is in effect", () => {
  it("ARM 81 an address is a frontend's when the balancer's operation has ended, and until it is out", async () => {
    wire.arm.put(pip, standardAddress);
    const fe = { id: `${lb}/frontendIPConfigurations/fe` };
    await wire.put(lb, balancer(lb, { frontends: { fe: pip } }));
    assert.deepEqual(shown(pip)?.["ipConfiguration"], fe);
    assert.equal(effect(pip)?.["ipConfiguration"], undefined);
    await done();
    assert.deepEqual(effect(pip)?.["ipConfiguration"], fe);
    await wire.put(lb, balancer(lb, { frontends: {} }));
    assert.equal(shown(pip)?.["ipConfiguration"], undefined);
    assert.deepEqual(effect(pip)?.["ipConfiguration"], fe);
    await done();
    assert.equal(effect(pip)?.["ipConfiguration"], undefined);
  });

  it("ARM 88 an interface is in a pool as soon as its PUT is answered, unless that failed", async () => {
    wire.arm.put(vnet, smallNetwork);
    wire.arm.put(lb, pools("one"));
    wire.arm.put(nic, nicBody());
    const one = `${lb}/backendAddressPools/one`;
    const joined = nicBody({ loadBalancerBackendAddressPools: [{ id: one }] });
    wire.arm.faults.failOperation({ method: "PUT", path: nic, status: "Failed", code: "X" });
    await wire.put(nic, joined);
    assert.equal(effect(one)?.["backendIPConfigurations"], undefined);
    await wire.put(nic, joined);
    assert.deepEqual(effect(one)?.["backendIPConfigurations"], [{ id: `${nic}/ipConfigurations/c` }]);
    await wire.put(nic, nicBody());
    assert.equal(effect(one)?.["backendIPConfigurations"], undefined);
  });

  it("a balancer that goes leaves to a failed interface the body that was in effect", async () => {
    wire.arm.put(vnet, smallNetwork);
    wire.arm.put(lb, pools("one"));
    const joined = { loadBalancerBackendAddressPools: [{ id: `${lb}/backendAddressPools/one` }] };
    wire.arm.put(nic, nicBody(joined));
    wire.arm.faults.failOperation({ method: "PUT", path: nic, status: "Failed", code: "X" });
    await wire.put(nic, nicBody(joined, { enableIPForwarding: true }));
    wire.arm.remove(lb);
    assert.equal(shown(nic)?.["enableIPForwarding"], true);
    assert.equal(effect(nic)?.["enableIPForwarding"], false);
    assert.ok(!JSON.stringify([effect(nic), shown(nic)]).includes("loadBalancerBackendAddressPools"));
  });

  it("ARM 89 an instance is in a pool when its operation has ended", async () => {
    seedCluster(wire.arm, { resourceGroup: "rg", vmss: { name: "nodes", nodes: [{}, {}] } });
    wire.arm.put(lb, pools("one"));
    const instance = `${wire.compute}/virtualMachineScaleSets/nodes/virtualMachines/1`;
    const configuration = `${instance}/networkInterfaces/nodes/ipConfigurations/ipconfig1`;
    const one = `${lb}/backendAddressPools/one`;
    const body = JSON.parse(JSON.stringify((await wire.get(instance)).body));
    const [config] = body.properties.networkProfileConfiguration.networkInterfaceConfigurations;
    config.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = [{ id: one }];
    await wire.put(instance, { location: body.location, properties: body.properties });
    assert.equal(effect(one)?.["backendIPConfigurations"], undefined);
    await done();
    assert.deepEqual(effect(one)?.["backendIPConfigurations"], [{ id: configuration }]);
    const nicOfInstance = wire.arm.resources.inEffect(`${instance}/networkInterfaces/nodes`);
    assert.ok(JSON.stringify(nicOfInstance).includes(one));
  });

  it("ARM 97 a group is a subnet's when the network's operation has ended, an interface's at once", async () => {
    wire.arm.put(nsg, { location: "westeurope", properties: {} });
    wire.arm.put(vnet, smallNetwork);
    const subnet = `${vnet}/subnets/nodes`;
    await wire.put(subnet, { properties: { addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: nsg } } });
    assert.deepEqual(shown(nsg)?.["subnets"], [{ id: subnet }]);
    assert.equal(effect(nsg)?.["subnets"], undefined);
    await done();
    assert.deepEqual(effect(nsg)?.["subnets"], [{ id: subnet }]);
    await wire.put(nic, nicBody({}, { networkSecurityGroup: { id: nsg } }));
    assert.deepEqual(effect(nsg)?.["networkInterfaces"], [{ id: nic }]);
    assert.deepEqual(effect(subnet)?.["ipConfigurations"], [{ id: `${nic}/ipConfigurations/c` }]);
  });

  it("ARM 100 a machine is its interface's when its operation has ended", async () => {
    wire.arm.put(vnet, smallNetwork);
    wire.arm.put(nic, nicBody());
    const machine = `${wire.compute}/virtualMachines/vm`;
    const properties = { networkProfile: { networkInterfaces: [{ id: nic, properties: { primary: true } }] } };
    await wire.put(machine, { location: "westeurope", properties });
    assert.equal(effect(nic)?.["virtualMachine"], undefined);
    await done();
    assert.deepEqual(effect(nic)?.["virtualMachine"], { id: machine });
  });
});

function rule(name: string, priority: number): JsonObject {
  return {
    name,
    properties: {
      priority,
      direction: "Inbound",
      access: "Allow",
      protocol: "*",
      sourceAddressPrefix: "*",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "*",
    },
  };
}
