import type { VirtualMachineScaleSetNetworkConfiguration } from "@azure/arm-compute";
import { afterEach, describe, expect, it } from "vitest";
import { type ArmSimulator, seedCluster } from "../../../src/simulator/index.ts";
import { fast, httpClients, httpsClients, type SdkClients } from "./sdk.ts";
import { startArm } from "./wire.ts";

const simulators: ArmSimulator[] = [];
afterEach(async () => {
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
});

interface Session extends SdkClients {
  readonly arm: ArmSimulator;
  /** `{group}/providers/Microsoft.Network` */
  readonly ids: string;
  readonly subnet: string;
}

async function session(scheme: "http" | "https"): Promise<Session> {
  const arm = await startArm({ tls: scheme === "https", pageSize: 1 });
  simulators.push(arm);
  seedCluster(arm, { resourceGroup: "rg", vms: [{ name: "vm" }] });
  const ids = `/subscriptions/${arm.subscriptionId}/resourceGroups/rg/providers/Microsoft.Network`;
  const clients = scheme === "https" ? httpsClients(arm) : httpClients(arm);
  return { ...clients, arm, ids, subnet: `${ids}/virtualNetworks/kubernetes-vnet/subnets/nodes` };
}

async function names(items: AsyncIterable<{ readonly name?: string }>): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const { name } of items) found.push(name);
  return found;
}

const location = "westeurope";

for (const scheme of ["http", "https"] as const) {
  describe(`ARM 73 ARM 74 Microsoft's clients over ${scheme}`, () => {
    it("route tables and routes: create, update, list, page, delete", async () => {
      const { network } = await session(scheme);
      for (const name of ["a", "b"]) await network.routeTables.createOrUpdate("rg", name, { location }, fast);
      const hop = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.0.4" } as const;
      for (const [name, addressPrefix] of [
        ["one", "10.244.0.0/24"],
        ["two", "10.244.1.0/24"],
      ] as const) {
        const made = await network.routes.createOrUpdate("rg", "a", name, { addressPrefix, ...hop }, fast);
        expect(made.provisioningState).toBe("Succeeded");
      }
      expect(await names(network.routes.list("rg", "a"))).toEqual(["one", "two"]);
      await network.routes.delete("rg", "a", "one", fast);
      expect((await network.routeTables.get("rg", "a")).routes?.map(({ name }) => name)).toEqual(["two"]);
      expect((await network.routeTables.updateTags("rg", "a", { tags: { x: "y" } })).tags).toEqual({ x: "y" });
      expect(await names(network.routeTables.listAll())).toEqual(["a", "b"]);
      await network.routeTables.delete("rg", "a", fast);
      expect(await names(network.routeTables.list("rg"))).toEqual(["b"]);
    });

    it("prefixes and private link services: create, update, list, page, delete", async () => {
      const { network, ids, subnet } = await session(scheme);
      const sku = { name: "Standard" } as const;
      for (const name of ["a", "b"]) {
        const made = await network.publicIPPrefixes.createOrUpdate(
          "rg",
          name,
          { location, sku, prefixLength: 30 },
          fast,
        );
        expect(made.ipPrefix).toMatch(/\/30$/);
      }
      expect(await names(network.publicIPPrefixes.listAll())).toEqual(["a", "b"]);
      expect((await network.publicIPPrefixes.updateTags("rg", "a", { tags: { x: "y" } })).tags).toEqual({ x: "y" });
      await network.publicIPPrefixes.delete("rg", "a", fast);
      const frontends = [{ name: "fe", subnet: { id: subnet } }];
      await network.loadBalancers.createOrUpdate(
        "rg",
        "lb",
        { location, sku, frontendIPConfigurations: frontends },
        fast,
      );
      const nat = { addressPrefix: "10.240.9.0/24", privateLinkServiceNetworkPolicies: "Disabled" } as const;
      const made = await network.subnets.createOrUpdate("rg", "kubernetes-vnet", "nat", nat, fast);
      const service = {
        location,
        loadBalancerFrontendIpConfigurations: [{ id: `${ids}/loadBalancers/lb/frontendIPConfigurations/fe` }],
        ipConfigurations: [{ name: "c", subnet: { id: made.id ?? "" } }],
      };
      const { alias } = await network.privateLinkServices.createOrUpdate("rg", "p", service, fast);
      expect(alias).toMatch(/\.azure\.privatelinkservice$/);
      expect(await names(network.privateLinkServices.list("rg"))).toEqual(["p"]);
      expect(await names(network.privateLinkServices.listPrivateEndpointConnections("rg", "p"))).toEqual([]);
      await network.privateLinkServices.delete("rg", "p", fast);
      await expect(network.privateLinkServices.get("rg", "p")).rejects.toMatchObject({ code: "ResourceNotFound" });
    });

    it("disks: create, resize, attach, list, page, detach, delete", async () => {
      const { compute } = await session(scheme);
      for (const name of ["a", "b"]) {
        const body = { location, diskSizeGB: 10, creationData: { createOption: "Empty" } } as const;
        const made = await compute.disks.createOrUpdate("rg", name, body, fast);
        expect([made.provisioningState, made.diskState]).toEqual(["Succeeded", "Unattached"]);
      }
      expect((await compute.disks.update("rg", "a", { diskSizeGB: 20 }, fast)).diskSizeGB).toBe(20);
      const { id } = await compute.disks.get("rg", "a");
      const attached = await compute.virtualMachines.createOrUpdate(
        "rg",
        "vm",
        {
          location,
          storageProfile: { dataDisks: [{ lun: 0, createOption: "Attach", managedDisk: { id: id ?? "" } }] },
        },
        fast,
      );
      expect(attached.storageProfile?.dataDisks?.map(({ name }) => name)).toEqual(["a"]);
      expect((await compute.disks.get("rg", "a")).managedBy).toBe(attached.id);
      await expect(compute.disks.delete("rg", "a", fast)).rejects.toMatchObject({ code: "OperationNotAllowed" });
      const request = { dataDisksToDetach: [{ diskId: id ?? "" }] };
      await compute.virtualMachines.attachDetachDataDisks("rg", "vm", request, fast);
      await compute.disks.delete("rg", "a", fast);
      const left = await names(compute.disks.listByResourceGroup("rg"));
      expect(left).toEqual(["b", expect.stringMatching(/^vm_OsDisk_1_/)]);
      expect(await names(compute.disks.list())).toEqual(left);
    });

    it("machines and availability sets: create, update, power, list, page, delete", async () => {
      const { compute } = await session(scheme);
      const sets = compute.availabilitySets;
      const set = await sets.createOrUpdate("rg", "as", { location, sku: { name: "Aligned" } });
      expect((await sets.update("rg", "as", { tags: { x: "y" } })).tags).toEqual({ x: "y" });
      const body = { location, availabilitySet: { id: set.id ?? "" }, hardwareProfile: { vmSize: "Standard_D2s_v3" } };
      await compute.virtualMachines.createOrUpdate("rg", "new", body, fast);
      const updated = await compute.virtualMachines.update("rg", "new", { tags: { a: "b" } }, fast);
      expect([updated.tags, updated.provisioningState]).toEqual([{ a: "b" }, "Succeeded"]);
      await compute.virtualMachines.deallocate("rg", "new", fast);
      const view = await compute.virtualMachines.instanceView("rg", "new");
      expect(view.statuses?.map(({ code }) => code)).toContain("PowerState/deallocated");
      await compute.virtualMachines.start("rg", "new", fast);
      await compute.virtualMachines.restart("rg", "new", fast);
      await compute.virtualMachines.powerOff("rg", "new", fast);
      const { instanceView } = await compute.virtualMachines.get("rg", "new", { expand: "instanceView" });
      expect(instanceView?.statuses?.map(({ code }) => code)).toContain("PowerState/stopped");
      const output = await compute.virtualMachines.runCommand("rg", "new", { commandId: "RunShellScript" }, fast);
      expect(output.value).toHaveLength(2);
      expect(await names(compute.virtualMachines.listAll())).toEqual(["new", "vm"]);
      expect((await sets.get("rg", "as")).virtualMachines).toHaveLength(1);
      await expect(sets.delete("rg", "as")).rejects.toMatchObject({ statusCode: 409, code: "OperationNotAllowed" });
      await compute.virtualMachines.delete("rg", "new", fast);
      await sets.delete("rg", "as");
      expect(await names(sets.list("rg"))).toEqual([]);
    });

    it("scale sets of both kinds: create, scale, update, power, delete instances, list, page, delete", async () => {
      const { compute, subnet } = await session(scheme);
      const networkInterfaceConfigurations: VirtualMachineScaleSetNetworkConfiguration[] = [
        { name: "nic", primary: true, ipConfigurations: [{ name: "c", primary: true, subnet: { id: subnet } }] },
      ];
      const networkProfile = { networkApiVersion: "2020-11-01", networkInterfaceConfigurations };
      const osProfile = { computerNamePrefix: "n", adminUsername: "u" };
      const body = { location, virtualMachineProfile: { osProfile, networkProfile } };
      const sku = { name: "Standard_D2s_v3", tier: "Standard" };
      const scaleSets = compute.virtualMachineScaleSets;
      const uniform = { ...body, orchestrationMode: "Uniform", sku: { ...sku, capacity: 2 } };
      await scaleSets.createOrUpdate("rg", "u", uniform, fast);
      expect(await names(compute.virtualMachineScaleSetVMs.list("rg", "u"))).toEqual(["u_0", "u_1"]);
      expect((await scaleSets.update("rg", "u", { sku: { ...sku, capacity: 3 } }, fast)).sku?.capacity).toBe(3);
      await scaleSets.deallocate("rg", "u", fast);
      await scaleSets.start("rg", "u", fast);
      await scaleSets.updateInstances("rg", "u", { instanceIds: ["0"] }, fast);
      await scaleSets.deleteInstances("rg", "u", { instanceIds: ["1"] }, fast);
      await compute.virtualMachineScaleSetVMs.powerOff("rg", "u", "2", fast);
      const view = await compute.virtualMachineScaleSetVMs.getInstanceView("rg", "u", "2");
      expect(view.statuses?.map(({ code }) => code)).toContain("PowerState/stopped");
      await compute.virtualMachineScaleSetVMs.delete("rg", "u", "2", fast);
      expect((await scaleSets.get("rg", "u")).sku?.capacity).toBe(1);
      const flexible = { ...body, orchestrationMode: "Flexible", sku: { ...sku, capacity: 2 } };
      const { id } = await scaleSets.createOrUpdate("rg", "f", flexible, fast);
      const filter = `'virtualMachineScaleSet/id' eq '${id ?? ""}'`;
      expect(await names(compute.virtualMachines.list("rg", { filter }))).toHaveLength(2);
      expect(await names(scaleSets.listAll())).toEqual(["f", "u"]);
      for await (const { sku: size } of scaleSets.listSkus("rg", "u")) expect(size?.name).toMatch(/^Standard_/);
      for (const name of ["f", "u"]) await scaleSets.delete("rg", name, fast);
      expect(await names(compute.virtualMachines.list("rg"))).toEqual(["vm"]);
      await expect(scaleSets.deleteInstances("rg", "u", { instanceIds: ["1"] }, fast)).rejects.toMatchObject({
        statusCode: 404,
      });
    });

    it("SKUs, and the migration of a pool", async () => {
      const { compute, network } = await session(scheme);
      const sizes = await names(compute.resourceSkus.list({ filter: "location eq 'westeurope'" }));
      expect(sizes).toContain("Standard_D2s_v3");
      const body = { location, sku: { name: "Standard" }, backendAddressPools: [{ name: "pool" }] } as const;
      await network.loadBalancers.createOrUpdate(
        "rg",
        "lb",
        { ...body, backendAddressPools: [{ name: "pool" }] },
        fast,
      );
      const { migratedPools } = await network.loadBalancers.migrateToIpBased("rg", "lb", {
        parameters: { pools: ["pool"] },
      });
      expect(migratedPools).toEqual(["pool"]);
    });
  });
}
