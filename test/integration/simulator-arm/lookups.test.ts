import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seedCluster } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
beforeEach(async () => {
  wire = await startWire({ pageSize: 2 });
});
afterEach(() => wire.arm.close());

describe("what is not there", () => {
  it("ARM 38 names a missing resource group for every verb", async () => {
    const path = `${wire.subscription}/resourceGroups/none/providers/Microsoft.Network/loadBalancers`;
    const answers = [
      await wire.get(path),
      await wire.get(`${path}/lb`),
      await wire.put(`${path}/lb`, { location: "westeurope" }),
      await wire.delete(`${path}/lb`),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body.error).toEqual({
        code: "ResourceGroupNotFound",
        message: "Resource group 'none' could not be found.",
      });
    }
  });

  it("ARM 39 names a missing top-level resource, also for what lies below it", async () => {
    const suffix = "was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix";
    const balancers = await wire.get(`${wire.network}/loadBalancers/lb`);
    expect(balancers.body.error.message).toBe(
      `The Resource 'Microsoft.Network/loadBalancers/lb' under resource group 'rg' ${suffix}`,
    );
    for (const below of ["instanceView", "virtualMachines", "virtualMachines/0", "networkInterfaces"]) {
      const answer = await wire.get(`${wire.compute}/virtualMachineScaleSets/s/${below}`);
      expect([answer.status, answer.body.error.code]).toEqual([404, "ResourceNotFound"]);
      expect(answer.body.error.message).toContain("'Microsoft.Compute/virtualMachineScaleSets/s'");
    }
    const patch = await wire.send("PATCH", `${wire.network}/loadBalancers/lb`, { body: { tags: {} } });
    expect([patch.status, patch.body.error.code]).toEqual([404, "ResourceNotFound"]);
  });

  it("ARM 40 names a missing child in the network provider's words", async () => {
    const id = `${wire.network}/loadBalancers/lb`;
    await wire.put(id, balancer(id, {}));
    const answer = await wire.get(`${id}/backendAddressPools/none`);
    expect(answer.status).toBe(404);
    expect(answer.body.error).toEqual({
      code: "NotFound",
      message: `Resource ${id}/backendAddressPools/none not found.`,
      details: [],
    });
  });

  it("ARM 41 refuses a child whose parent is missing", async () => {
    const parent = `${wire.network}/virtualNetworks/none`;
    const answer = await wire.put(`${parent}/subnets/s`, { properties: { addressPrefix: "10.0.0.0/24" } });
    expect([answer.status, answer.body.error.code]).toEqual([404, "ParentResourceNotFound"]);
    expect(answer.body.error.message).toContain(`the parent resource '${parent}' could not be found`);
  });

  it("ARM 42 answers 204 to the deletion of nothing, but 404 for a resource group", async () => {
    expect((await wire.delete(`${wire.network}/loadBalancers/none`)).status).toBe(204);
    expect((await wire.delete(`${wire.network}/virtualNetworks/none/subnets/none`)).status).toBe(204);
    const group = await wire.send("DELETE", `${wire.subscription}/resourceGroups/none`, { version: "2021-04-01" });
    expect([group.status, group.body.error.code]).toEqual([404, "ResourceGroupNotFound"]);
  });

  it("ARM 44 refuses an instance id that is no number", async () => {
    seedCluster(wire.arm, { resourceGroup: "rg", vmss: { name: "s", nodes: [{}] } });
    const answer = await wire.get(`${wire.compute}/virtualMachineScaleSets/s/virtualMachines/0x`);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toEqual({
      code: "InvalidParameter",
      message: "Virtual Machine Scale Set VM instanceId must be a number.",
      target: "instanceId",
    });
  });
});

describe("conditions", () => {
  it("ARM 45 refuses a stale etag in the provider's own words", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, standardAddress);
    const { etag } = (await wire.get(pip)).body;
    const network = await wire.put(pip, standardAddress, { "if-match": "invalid" });
    expect(network.status).toBe(412);
    expect(network.body.error).toEqual({
      code: "PreconditionFailed",
      message: "Precondition failed.",
      details: [
        {
          code: "PreconditionFailedEtagMismatch",
          message: `Etag provided in if-match header W/"invalid" does not match etag ${etag} of resource ${pip} in NRP data store.`,
        },
      ],
    });
    const machine = `${wire.compute}/virtualMachines/vm`;
    await wire.put(machine, { location: "westeurope", properties: {} });
    const compute = await wire.put(machine, { location: "westeurope", properties: {} }, { "if-match": "invalid" });
    expect(compute.body.error).toEqual({
      code: "PreconditionFailed",
      message: 'Etag provided in if-match header "invalid" does not match etag "2" of resource.',
    });
  });

  it("ARM 46 lets an equal etag pass and changes it", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, standardAddress);
    const { etag } = (await wire.get(pip)).body;
    const answer = await wire.put(pip, { ...standardAddress, tags: { a: "b" } }, { "if-match": etag });
    expect(answer.status).toBe(200);
    expect((await wire.get(pip)).body.etag).not.toBe(etag);
    expect((await wire.delete(pip, { "if-match": etag })).status).toBe(412);
  });

  it("ARM 47 refuses If-Match: * on nothing and If-None-Match: * on something", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    expect((await wire.put(pip, standardAddress, { "if-match": "*" })).status).toBe(412);
    expect((await wire.get(pip)).status).toBe(404);
    expect((await wire.put(pip, standardAddress, { "if-none-match": "*" })).status).toBe(201);
    expect((await wire.put(pip, standardAddress, { "if-none-match": "*" })).status).toBe(412);
    expect((await wire.put(pip, standardAddress, { "if-match": "*" })).status).toBe(200);
  });

  it("ARM 48 has guid etags in the network and counting ones in compute", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    expect((await wire.put(pip, standardAddress)).body.etag).toMatch(/^W\/"[0-9a-f-]{36}"$/);
    const machine = `${wire.compute}/virtualMachines/vm`;
    expect((await wire.put(machine, { location: "westeurope", properties: {} })).body.etag).toBe('"1"');
    expect((await wire.get(machine)).body.etag).toBe('"2"');
  });

  it("ARM 49, 50 gives children their parent's etag, and a child's write changes it", async () => {
    const id = `${wire.network}/virtualNetworks/v`;
    await wire.put(id, smallNetwork);
    const before = (await wire.get(id)).body;
    expect(before.properties.subnets[0].etag).toBe(before.etag);
    const child = await wire.put(`${id}/subnets/two`, { properties: { addressPrefix: "10.0.1.0/24" } });
    expect(child.status).toBe(201);
    const after = (await wire.get(id)).body;
    expect(after.etag).not.toBe(before.etag);
    expect(after.properties.subnets.map((subnet: { etag: string }) => subnet.etag)).toEqual([after.etag, after.etag]);
    const refused = await wire.put(
      `${id}/subnets/two`,
      { properties: { addressPrefix: "10.0.1.0/24" } },
      { "if-match": before.etag },
    );
    expect(refused.status).toBe(412);
  });
});

describe("lists", () => {
  async function fill(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await wire.put(`${wire.network}/publicIPAddresses/p${i}`, standardAddress);
  }

  it("ARM 51 leads from page to page with absolute links that keep the query", async () => {
    await fill(5);
    const names: string[] = [];
    let next: string | undefined = `${wire.network}/publicIPAddresses?api-version=2025-05-01&$filter=x%20eq%20'1'`;
    let pages = 0;
    while (next !== undefined) {
      const { body } = await wire.get(next);
      names.push(...body.value.map((item: { name: string }) => item.name));
      next = body.nextLink;
      pages++;
      if (next === undefined) {
        expect(body).not.toHaveProperty("nextLink");
        continue;
      }
      const link = new URL(next);
      expect(link.origin).toBe(wire.arm.endpoint);
      expect(link.searchParams.get("api-version")).toBe("2025-05-01");
      expect(link.searchParams.get("$filter")).toBe("x eq '1'");
    }
    expect(names).toEqual(["p0", "p1", "p2", "p3", "p4"]);
    expect(pages).toBe(3);
  });

  it("ARM 52 takes the token in any spelling of its key, and survives deletions between pages", async () => {
    await fill(4);
    const first = await wire.get(`${wire.network}/publicIPAddresses`);
    wire.arm.remove(`${wire.network}/publicIPAddresses/p1`);
    for (const key of ["$skiptoken", "%24skiptoken", "$skipToken"]) {
      const { body } = await wire.get(first.body.nextLink.replace("$skiptoken", key));
      expect(body.value.map((item: { name: string }) => item.name)).toEqual(["p2", "p3"]);
    }
  });

  it("ARM 54 shows an empty list for an empty group", async () => {
    const answer = await wire.get(`${wire.network}/loadBalancers`);
    expect(answer.body).toEqual({ value: [] });
  });

  it("ARM 55 filters machines by scale set with the quoted property name", async () => {
    const scaleSet = `${wire.compute}/virtualMachineScaleSets/flex`;
    await wire.put(scaleSet, { location: "westeurope", properties: { orchestrationMode: "Flexible" } });
    const member = { location: "westeurope", properties: { virtualMachineScaleSet: { id: scaleSet } } };
    await wire.put(`${wire.compute}/virtualMachines/in`, member);
    await wire.put(`${wire.compute}/virtualMachines/out`, { location: "westeurope", properties: {} });
    const filter = encodeURIComponent(`'virtualMachineScaleSet/id' eq '${scaleSet.toUpperCase()}'`);
    const plain = await wire.get(`${wire.compute}/virtualMachines?$filter=${filter}`);
    expect(plain.body.value.map((vm: { name: string }) => vm.name)).toEqual(["in"]);
    expect(plain.body.value[0].properties).not.toHaveProperty("instanceView");
    const expanded = await wire.get(`${wire.compute}/virtualMachines?$filter=${filter}&$expand=instanceView`);
    expect(
      expanded.body.value[0].properties.instanceView.statuses.map((status: { code: string }) => status.code),
    ).toEqual(["ProvisioningState/succeeded", "PowerState/running"]);
  });

  it("lists over the subscription and lists children", async () => {
    wire.arm.put(
      `${wire.subscription}/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/w`,
      smallNetwork,
    );
    await wire.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    const all = await wire.get(`${wire.subscription}/providers/Microsoft.Network/virtualNetworks`);
    expect(all.body.value.map((item: { name: string }) => item.name)).toEqual(["w", "v"]);
    const subnets = await wire.get(`${wire.network}/virtualNetworks/v/subnets`);
    expect(subnets.body.value.map((item: { name: string }) => item.name)).toEqual(["nodes"]);
  });
});
