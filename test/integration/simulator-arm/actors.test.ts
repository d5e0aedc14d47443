import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deeds, type JsonObject } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
let pip: string;
let lb: string;
beforeEach(async () => {
  wire = await startWire();
  pip = `${wire.network}/publicIPAddresses/p`;
  lb = `${wire.network}/loadBalancers/lb`;
  wire.arm.put(pip, standardAddress);
  wire.arm.put(`${wire.network}/publicIPAddresses/q`, standardAddress);
  wire.arm.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
  wire.arm.put(lb, balancer(lb, { frontends: { fe: pip } }));
});
afterEach(() => wire.arm.close());

const names = (body: ReturnType<typeof JSON.parse>, list: string): string[] =>
  body.properties[list].map(({ name }: { name: string }) => name);

describe("a scripted actor", () => {
  it("ARM 133 writes between our read and our write, which then fails its condition", async () => {
    const { arm, get, put, network } = wire;
    const q = `${network}/publicIPAddresses/q`;
    const actor = arm.actors.script({
      when: { method: "PUT", path: lb, at: "received" },
      do: { addFrontend: lb, name: "theirs", publicIpId: q },
    });
    const { body } = await get(lb);
    const refused = await put(lb, body, { "if-match": body.etag });
    expect([refused.status, refused.body.error.code]).toEqual([412, "PreconditionFailed"]);
    const fresh = (await get(lb)).body;
    expect(names(fresh, "frontendIPConfigurations")).toEqual(["fe", "theirs"]);
    expect((await put(lb, fresh, { "if-match": fresh.etag })).status).toBe(200);
    expect([actor.acted(), actor.failures(), arm.journal.writes().length]).toEqual([1, [], 1]);
  });

  it("acts at each stage, for the nth request, and goes home", async () => {
    const { arm, get, put } = wire;
    const seen: string[] = [];
    const watch = (at: "received" | "committed" | "answered") =>
      arm.actors.script({
        when: { method: "PUT", path: pip, nth: 2, at },
        do: ({ resources }) => void seen.push(`${at} ${JSON.stringify(resources.get(pip)?.["tags"])}`),
      });
    const actors = [watch("received"), watch("committed"), watch("answered")];
    for (const n of ["1", "2", "3"]) await put(pip, { ...standardAddress, tags: { n } });
    await get(pip);
    expect(seen).toEqual(['received {"n":"1"}', 'committed {"n":"2"}', 'answered {"n":"2"}']);
    for (const actor of actors) actor.remove();
  });

  it("is refused as anybody would be, and the request takes its course", async () => {
    const { arm, get } = wire;
    const actor = arm.actors.script({ when: { path: lb, at: "received" }, do: { remove: pip } });
    expect((await get(lb)).status).toBe(200);
    const [failure] = actor.failures();
    expect(failure?.message).toContain("can not be deleted since it is still allocated");
  });
});

describe("ready-made deeds", () => {
  const act = async (deed: ReturnType<(typeof deeds)["remove"]>): Promise<void> => {
    await deed(wire.arm);
  };

  it("add a security rule, and replace the one of that name", async () => {
    const group = `${wire.network}/networkSecurityGroups/g`;
    wire.arm.put(group, { location: "westeurope" });
    await act(deeds.addSecurityRule(group, "ssh"));
    await act(deeds.addSecurityRule(group, "ssh", { destinationPortRange: "2222" }));
    const { body } = await wire.get(group);
    expect(names(body, "securityRules")).toEqual(["ssh"]);
    expect(body.properties.securityRules[0].properties).toMatchObject({ destinationPortRange: "2222", priority: 4000 });
  });

  it("add an internal frontend, tag an address, delete one", async () => {
    const internal = `${wire.network}/loadBalancers/internal`;
    wire.arm.put(internal, balancer(internal, {}));
    await act(deeds.addFrontend(internal, "fe", { subnetId: `${wire.network}/virtualNetworks/v/subnets/nodes` }));
    const { body } = await wire.get(internal);
    expect(body.properties.frontendIPConfigurations[0].properties.privateIPAddress).toBe("10.0.0.4");
    await act(deeds.tag(pip, { a: "1" }));
    await act(deeds.tag(pip, { b: "2" }));
    expect((await wire.get(pip)).body.tags).toEqual({ a: "1", b: "2" });
    await act(deeds.remove(`${wire.network}/publicIPAddresses/q`));
    expect((await wire.get(`${wire.network}/publicIPAddresses/q`)).status).toBe(404);
  });

  it("take an interface out of its pools, and off its machine", async () => {
    const nic = `${wire.network}/networkInterfaces/n`;
    const machine = `${wire.compute}/virtualMachines/vm`;
    const configuration: JsonObject = {
      subnet: { id: `${wire.network}/virtualNetworks/v/subnets/nodes` },
      loadBalancerBackendAddressPools: [{ id: `${lb}/backendAddressPools/pool` }],
    };
    wire.arm.put(nic, {
      location: "westeurope",
      properties: { ipConfigurations: [{ name: "ip", properties: configuration }] },
    });
    wire.arm.put(machine, {
      location: "westeurope",
      properties: { networkProfile: { networkInterfaces: [{ id: nic, properties: { primary: true } }] } },
    });
    const members = async (): Promise<number> =>
      ((await wire.get(lb)).body.properties.backendAddressPools[0].properties.backendIPConfigurations ?? []).length;
    expect(await members()).toBe(1);
    await act(deeds.leavePools(nic));
    expect(await members()).toBe(0);
    expect((await wire.get(nic)).body.properties.virtualMachine).toBeDefined();
    await act(deeds.detachInterface(nic));
    expect((await wire.get(nic)).body.properties.virtualMachine).toBeUndefined();
    await act(deeds.tag(`${wire.network}/publicIPAddresses/none`, { a: "1" }));
  });
});
