import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type JsonObject, seedCluster } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, startSlowWire, startWire, type Wire } from "./wire.ts";

let wire: Wire;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  wire = await startWire();
});

describe("private link services", () => {
  let service: string;
  let subnet: string;
  let frontend: string;
  const body = (): JsonObject => ({
    location: "westeurope",
    properties: {
      loadBalancerFrontendIpConfigurations: [{ id: frontend }],
      ipConfigurations: [
        { name: "one", properties: { subnet: { id: subnet } } },
        { name: "two", properties: { subnet: { id: subnet } } },
      ],
      visibility: { subscriptions: ["*"] },
    },
  });
  beforeEach(async () => {
    service = `${wire.network}/privateLinkServices/Pls`;
    subnet = `${wire.network}/virtualNetworks/v/subnets/nat`;
    const lb = `${wire.network}/loadBalancers/lb`;
    frontend = `${lb}/frontendIPConfigurations/fe`;
    wire.arm.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    const properties = { addressPrefix: "10.0.1.0/24", privateLinkServiceNetworkPolicies: "Disabled" };
    wire.arm.put(subnet, { properties });
    wire.arm.put(lb, balancer(lb, { frontends: { fe: `${wire.network}/virtualNetworks/v/subnets/nodes` } }));
  });

  it("ARM 102 have an alias, a hidden interface and addresses of their subnet", async () => {
    const made = await wire.put(service, body());
    expect([made.status, made.body.properties.provisioningState]).toEqual([201, "Updating"]);
    const { properties } = (await wire.get(service)).body;
    expect(properties.alias).toMatch(/^pls\.[0-9a-f-]{36}\.westeurope\.azure\.privatelinkservice$/);
    expect(properties.networkInterfaces[0].id).toMatch(/\/networkInterfaces\/Pls\.nic\.[0-9a-f-]{36}$/);
    expect(properties.ipConfigurations.map((item: { properties: JsonObject }) => item.properties["primary"])).toEqual([
      true,
      false,
    ]);
    expect((await wire.get(subnet)).body.properties.ipConfigurations).toHaveLength(2);
    const nic = `${wire.network}/networkInterfaces/n`;
    const ipConfigurations = [{ name: "c", properties: { subnet: { id: subnet } } }];
    const next = await wire.put(nic, { location: "westeurope", properties: { ipConfigurations } });
    expect(next.body.properties.ipConfigurations[0].properties.privateIPAddress).toBe("10.0.1.6");
    await wire.delete(service);
    expect((await wire.get(subnet)).body.properties.ipConfigurations).toHaveLength(1);
  });

  it("ARM 102 refuse a subnet with network policies", async () => {
    wire.arm.put(subnet, { properties: { addressPrefix: "10.0.1.0/24" } });
    const { status, body: answer } = await wire.put(service, body());
    expect([status, answer.error]).toEqual([
      400,
      {
        code: "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
        message: `Private link service ${service} cannot be created in a subnet ${subnet} since it has private link service network policies enabled.`,
        details: [],
      },
    ]);
  });

  it("ARM 102 connections are approved by a PUT that is done when it is answered, and outlive a PUT of the service", async () => {
    await wire.put(service, body());
    const connection = `${service}/privateEndpointConnections/pe.1`;
    const state = (status: string): JsonObject => ({
      properties: { privateLinkServiceConnectionState: { status, description: "yes" } },
    });
    expect((await wire.put(connection, state("Approved"))).status).toBe(404);
    wire.arm.put(connection, state("Pending"));
    const approved = await wire.put(connection, state("Approved"));
    expect([approved.status, approved.headers.get("azure-asyncoperation")]).toEqual([200, null]);
    expect(approved.body.properties).toMatchObject({
      provisioningState: "Succeeded",
      privateLinkServiceConnectionState: { status: "Approved", description: "yes", actionsRequired: "None" },
    });
    await wire.put(service, body());
    expect((await wire.get(`${service}/privateEndpointConnections`)).body.value).toHaveLength(1);
    expect((await wire.delete(service)).body.error.code).toBe(
      "PrivateLinkServiceCannotBeDeletedSinceItHasPrivateEndpointConnections",
    );
    expect((await wire.delete(connection)).status).toBe(202);
    expect((await wire.delete(service)).status).toBe(202);
  });

  it("pin their frontend and its balancer", async () => {
    await wire.put(service, body());
    const lb = `${wire.network}/loadBalancers/lb`;
    for (const answer of [await wire.delete(lb), await wire.put(lb, balancer(lb, {}))]) {
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain(service);
    }
  });

  it("have one to eight IP configurations and a frontend", async () => {
    const answer = await wire.put(service, { location: "westeurope", properties: {} });
    expect([answer.status, answer.body.error.code]).toEqual([400, "PrivateLinkServiceInvalidIpConfigurationCount"]);
    const { properties } = body() as { properties: JsonObject };
    const none = { ...properties, loadBalancerFrontendIpConfigurations: [] };
    const missing = await wire.put(service, { location: "westeurope", properties: none });
    expect(missing.body.error.code).toBe("PrivateLinkServiceMissingLoadBalancerFrontendIPConfiguration");
  });
});

describe("migration to members by address", () => {
  it("ARM 90 is answered at once, and the interfaces leave a little later", async () => {
    await wire.arm.close();
    const slow = await startSlowWire();
    wire = slow;
    seedCluster(wire.arm, { resourceGroup: "rg", vms: [{ name: "vm" }], vmss: { name: "s", nodes: [{}] } });
    const lb = `${wire.network}/loadBalancers/lb`;
    const pool = `${lb}/backendAddressPools/pool`;
    wire.arm.put(lb, balancer(lb, {}));
    const member = { loadBalancerBackendAddressPools: [{ id: pool }] };
    const network = `${wire.network}/virtualNetworks/kubernetes-vnet`;
    const subnet = { id: `${network}/subnets/nodes` };
    wire.arm.put(`${wire.network}/networkInterfaces/vm-nic`, {
      location: "westeurope",
      properties: { ipConfigurations: [{ name: "ipconfig1", properties: { subnet, ...member } }] },
    });
    const ipConfigurations = [{ name: "ipconfig1", properties: { subnet, ...member } }];
    const networkInterfaceConfigurations = [{ name: "s", properties: { ipConfigurations } }];
    const instance = `${wire.compute}/virtualMachineScaleSets/s/virtualMachines/0`;
    wire.arm.put(instance, { properties: { networkProfileConfiguration: { networkInterfaceConfigurations } } });
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(2);
    const post = (pools: readonly string[]) => wire.send("POST", `${lb}/migrateToIpBased`, { body: { pools } });
    expect((await post(["none"])).status).toBe(404);
    const answer = await post(["pool"]);
    expect([answer.status, answer.body]).toEqual([200, { migratedPools: ["pool"] }]);
    expect((await wire.get(pool)).body.properties.backendIPConfigurations).toHaveLength(2);
    await slow.clock.advance(10_000);
    const { properties } = (await wire.get(pool)).body;
    expect(properties).not.toHaveProperty("backendIPConfigurations");
    expect(properties.virtualNetwork).toEqual({ id: network });
    const addresses = properties.loadBalancerBackendAddresses.map(
      (item: { properties: JsonObject }) => item.properties,
    );
    expect(addresses).toMatchObject([{ ipAddress: "10.240.0.4" }, { ipAddress: "10.240.0.5" }]);
    for (const path of [instance, `${wire.network}/networkInterfaces/vm-nic`]) {
      expect(JSON.stringify((await wire.get(path)).body)).not.toContain(pool);
    }
    expect((await post(["pool"])).body.error.code).toBe("BackendAddressPoolIsIpBased");
  });

  it("a pool follows its network as it was told when it was made", async () => {
    const lb = `${wire.network}/loadBalancers/lb`;
    const pool = `${lb}/backendAddressPools/pool`;
    wire.arm.put(lb, balancer(lb, {}));
    wire.arm.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    const alone = await wire.put(pool, { properties: { syncMode: "Manual" } });
    expect(alone.body.error.code).toBe("BackendAddressPoolSyncModeRequiresVirtualNetwork");
    const virtualNetwork = { id: `${wire.network}/virtualNetworks/v` };
    await wire.put(pool, { properties: { syncMode: "Manual", virtualNetwork } });
    const changed = await wire.put(pool, { properties: { syncMode: "Automatic", virtualNetwork } });
    expect(changed.body.error.code).toBe("BackendAddressPoolSyncModeCannotBeChanged");
  });
});
