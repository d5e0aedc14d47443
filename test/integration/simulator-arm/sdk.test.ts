import { afterEach, describe, expect, it } from "vitest";
import { type ArmSimulator, type ClusterFacts, seedCluster } from "../../../src/simulator/index.ts";
import { fast, httpClients, httpsClients, type SdkClients } from "./sdk.ts";
import { startArm } from "./wire.ts";

const simulators: ArmSimulator[] = [];
afterEach(async () => {
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
});

interface Session extends SdkClients {
  readonly arm: ArmSimulator;
  readonly facts: ClusterFacts;
  readonly ids: string;
}

async function session(scheme: "http" | "https", pageSize = 100): Promise<Session> {
  const arm = await startArm({ tls: scheme === "https", pageSize });
  simulators.push(arm);
  const facts = seedCluster(arm, {
    resourceGroup: "rg",
    vmss: { name: "s", nodes: [{}, {}, {}] },
    vms: [{ name: "vm" }],
  });
  const clients = scheme === "https" ? httpsClients(arm) : httpClients(arm);
  return {
    ...clients,
    arm,
    facts,
    ids: `/subscriptions/${arm.subscriptionId}/resourceGroups/rg/providers/Microsoft.Network`,
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

for (const scheme of ["http", "https"] as const) {
  describe(`ARM 73 Microsoft's clients over ${scheme}`, () => {
    it("balancer and address: create, update, list, delete", async () => {
      const { network, ids } = await session(scheme);
      const address = await network.publicIPAddresses.createOrUpdate(
        "rg",
        "pip",
        { location: "West Europe", sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
        fast,
      );
      expect(address.ipAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      const id = `${ids}/loadBalancers/lb`;
      const balancer = await network.loadBalancers.createOrUpdate(
        "rg",
        "lb",
        {
          location: "westeurope",
          sku: { name: "Standard" },
          frontendIPConfigurations: [{ name: "fe", publicIPAddress: { id: address.id ?? "" } }],
          backendAddressPools: [{ name: "pool" }],
          probes: [{ name: "probe", protocol: "Tcp", port: 30080, intervalInSeconds: 5 }],
          loadBalancingRules: [
            {
              name: "rule",
              protocol: "Tcp",
              frontendPort: 80,
              backendPort: 80,
              frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/fe` },
              backendAddressPool: { id: `${id}/backendAddressPools/pool` },
              probe: { id: `${id}/probes/probe` },
            },
          ],
        },
        fast,
      );
      expect(balancer.probes?.[0]?.loadBalancingRules?.[0]?.id).toBe(`${id}/loadBalancingRules/rule`);
      await expect(
        network.loadBalancers.createOrUpdate("rg", "lb", balancer, {
          ...fast,
          requestOptions: { headers: { "If-Match": 'W/"x"' } },
        }),
      ).rejects.toMatchObject({ statusCode: 412, code: "PreconditionFailed" });
      const again = await network.loadBalancers.createOrUpdate("rg", "lb", balancer, {
        ...fast,
        requestOptions: { headers: { "If-Match": balancer.etag ?? "" } },
      });
      expect(again.etag).toBe(balancer.etag);
      expect((await all(network.loadBalancers.listAll())).map((item) => item.name)).toEqual(["lb"]);
      const pool = await network.loadBalancerBackendAddressPools.createOrUpdate(
        "rg",
        "lb",
        "pool",
        {
          virtualNetwork: { id: `${ids}/virtualNetworks/kubernetes-vnet` },
          loadBalancerBackendAddresses: [{ name: "n", ipAddress: "10.240.0.9" }],
        },
        fast,
      );
      expect(pool.loadBalancerBackendAddresses?.[0]?.ipAddress).toBe("10.240.0.9");
      await expect(network.publicIPAddresses.delete("rg", "pip", fast)).rejects.toMatchObject({
        code: "PublicIPAddressCannotBeDeleted",
      });
      await network.loadBalancers.delete("rg", "lb", fast);
      expect((await network.publicIPAddresses.updateTags("rg", "pip", { tags: { a: "b" } })).tags).toEqual({ a: "b" });
      await network.publicIPAddresses.delete("rg", "pip", fast);
      await expect(network.loadBalancers.get("rg", "lb")).rejects.toMatchObject({
        statusCode: 404,
        code: "ResourceNotFound",
      });
    });

    it("networks, subnets, security groups, rules and interfaces: create, list, delete", async () => {
      const { network, ids } = await session(scheme);
      const group = await network.networkSecurityGroups.createOrUpdate("rg", "g", { location: "westeurope" }, fast);
      expect(group.defaultSecurityRules).toHaveLength(6);
      const rule = { protocol: "Tcp", access: "Allow", direction: "Inbound", priority: 500 } as const;
      const everywhere = {
        sourcePortRange: "*",
        sourceAddressPrefix: "*",
        destinationPortRange: "80",
        destinationAddressPrefix: "*",
      };
      await network.securityRules.createOrUpdate("rg", "g", "r", { ...rule, ...everywhere }, fast);
      expect(await all(network.securityRules.list("rg", "g"))).toHaveLength(1);
      await network.securityRules.delete("rg", "g", "r", fast);
      await network.virtualNetworks.createOrUpdate(
        "rg",
        "v",
        { location: "westeurope", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
        fast,
      );
      const subnet = await network.subnets.createOrUpdate(
        "rg",
        "v",
        "s",
        { addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: group.id ?? "" } },
        fast,
      );
      expect(subnet.id).toBe(`${ids}/virtualNetworks/v/subnets/s`);
      const nic = await network.networkInterfaces.createOrUpdate(
        "rg",
        "n",
        { location: "westeurope", ipConfigurations: [{ name: "c", subnet: { id: subnet.id ?? "" } }] },
        fast,
      );
      expect(nic.ipConfigurations?.[0]?.privateIPAddress).toBe("10.0.0.4");
      await network.networkInterfaces.delete("rg", "n", fast);
      await network.subnets.delete("rg", "v", "s", fast);
      await network.virtualNetworks.delete("rg", "v", fast);
      await network.networkSecurityGroups.delete("rg", "g", fast);
      expect((await all(network.networkSecurityGroups.list("rg"))).map((item) => item.name)).toEqual([
        "kubernetes-nsg",
      ]);
    });

    it("machines and scale sets: read and page", async () => {
      const { network, compute, ids, facts } = await session(scheme, 1);
      const instances = await all(compute.virtualMachineScaleSetVMs.list("rg", "s", { expand: "instanceView" }));
      const powers = instances.map(({ instanceView }) => instanceView?.statuses?.map(({ code }) => code));
      expect(powers).toEqual(Array(3).fill(["ProvisioningState/succeeded", "PowerState/running"]));
      const views = await all(network.networkInterfaces.listVirtualMachineScaleSetNetworkInterfaces("rg", "s"));
      expect(views.map((nic) => nic.ipConfigurations?.map(({ privateIPAddress }) => privateIPAddress))).toEqual(
        facts.nodes.slice(0, 3).map(({ internalIP }) => [internalIP]),
      );
      expect((await all(compute.virtualMachineScaleSets.list("rg"))).map((item) => item.name)).toEqual(["s"]);
      const vms = await all(compute.virtualMachines.list("rg"));
      expect(vms).toMatchObject([
        { networkProfile: { networkInterfaces: [{ id: `${ids}/networkInterfaces/vm-nic` }] } },
      ]);
      expect((await compute.virtualMachines.instanceView("rg", "vm")).statuses).toHaveLength(2);
      await expect(compute.virtualMachines.delete("rg", "vm", fast)).resolves.toBeUndefined();
    });

    it("an instance of a scale set joins a pool", async () => {
      const { network, compute, ids } = await session(scheme);
      const pools = { location: "westeurope", backendAddressPools: [{ name: "pool" }] };
      await network.loadBalancers.createOrUpdate("rg", "lb", pools, fast);
      const { etag, networkProfileConfiguration } = await compute.virtualMachineScaleSetVMs.get("rg", "s", "0");
      const wanted = [{ id: `${ids}/loadBalancers/lb/backendAddressPools/pool` }];
      const nics = networkProfileConfiguration?.networkInterfaceConfigurations ?? [];
      for (const configuration of nics.flatMap((nic) => nic.ipConfigurations ?? [])) {
        configuration.loadBalancerBackendAddressPools = wanted;
      }
      const body = { location: "westeurope", networkProfileConfiguration: { networkInterfaceConfigurations: nics } };
      const joined = await compute.virtualMachineScaleSetVMs.update("rg", "s", "0", body, {
        ...fast,
        ifMatch: etag ?? "",
      });
      expect(joined.provisioningState).toBe("Succeeded");
      expect(
        (await network.loadBalancerBackendAddressPools.get("rg", "lb", "pool")).backendIPConfigurations,
      ).toHaveLength(1);
    });
  });
}
