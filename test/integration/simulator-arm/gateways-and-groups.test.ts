import type { NetworkManagementClient } from "@azure/arm-network";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type JsonObject, seedCluster } from "../../../src/simulator/index.ts";
import { fast, httpClients } from "./sdk.ts";
import { smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
let network: NetworkManagementClient;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  wire = await startWire();
  ({ network } = httpClients(wire.arm));
});

async function address(name: string, more: JsonObject = {}): Promise<{ readonly id: string }> {
  await wire.put(`${wire.network}/publicIPAddresses/${name}`, { ...standardAddress, ...more });
  return { id: `${wire.network}/publicIPAddresses/${name}` };
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "fine",
    (error: unknown) => (error as { code?: string }).code,
  );
}

describe("NAT gateways", () => {
  const path = (): string => `${wire.network}/natGateways/out`;
  const gateway = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
    location: "westeurope",
    sku: { name: "Standard" },
    ...more,
    properties,
  });

  it("are created, shown with their defaults, listed and deleted by Microsoft's SDK", async () => {
    const { id } = await address("a");
    const body = { location: "westeurope", sku: { name: "Standard" }, publicIpAddresses: [{ id }] };
    const made = await network.natGateways.createOrUpdate("rg", "out", body, fast);
    expect(made).toMatchObject({
      name: "out",
      type: "Microsoft.Network/natGateways",
      provisioningState: "Succeeded",
      idleTimeoutInMinutes: 4,
      publicIpAddresses: [{ id }],
    });
    expect(made.resourceGuid).toMatch(/^[0-9a-f-]{36}$/);
    const names: (string | undefined)[] = [];
    for await (const { name } of network.natGateways.listAll()) names.push(name);
    expect(names).toEqual(["out"]);
    await network.natGateways.delete("rg", "out", fast);
    expect(await codeOf(network.natGateways.get("rg", "out"))).toBe("ResourceNotFound");
  });

  it("and their addresses, prefixes and subnets show each other, and none of them goes while it is used", async () => {
    const { id } = await address("a");
    const prefix = `${wire.network}/publicIPPrefixes/block`;
    await wire.put(prefix, { location: "westeurope", sku: { name: "Standard" }, properties: { prefixLength: 31 } });
    const body = gateway({ publicIpAddresses: [{ id }], publicIpPrefixes: [{ id: prefix }] });
    const made = await wire.put(path(), body);
    expect([made.status, made.body.properties.provisioningState]).toEqual([201, "Updating"]);
    const vnet = smallNetwork;
    const subnet = { name: "s", properties: { addressPrefix: "10.0.0.0/24", natGateway: { id: path() } } };
    await wire.put(`${wire.network}/virtualNetworks/v`, { ...vnet, properties: { ...SPACE, subnets: [subnet] } });
    const subnetId = `${wire.network}/virtualNetworks/v/subnets/s`;
    expect((await wire.get(path())).body.properties.subnets).toEqual([{ id: subnetId }]);
    const shown = (await wire.get(id)).body.properties;
    expect([shown.natGateway, shown.ipConfiguration]).toEqual([{ id: path() }, undefined]);
    expect((await wire.get(prefix)).body.properties.natGateway).toEqual({ id: path() });
    const inEffect = wire.arm.resources.inEffect(path())?.["properties"];
    expect(inEffect).toMatchObject({ subnets: [{ id: subnetId }], publicIpAddresses: [{ id }] });
    const codes = await Promise.all(
      [path(), id, prefix].map(async (each) => (await wire.delete(each)).body.error.code),
    );
    expect(codes).toEqual([
      "InUseNatGatewayCannotBeDeleted",
      "PublicIPAddressCannotBeDeleted",
      "PublicIPPrefixCannotBeDeleted",
    ]);
    await wire.put(`${wire.network}/virtualNetworks/v`, { ...vnet, properties: { ...SPACE, subnets: [] } });
    expect((await wire.get(path())).body.properties.subnets).toBeUndefined();
    for (const each of [path(), id, prefix]) expect((await wire.delete(each)).status).toBe(202);
  });

  const refused: readonly (readonly [what: string, body: () => Promise<JsonObject>, code: string])[] = [
    [
      "an address that is not there",
      async () => gateway({ publicIpAddresses: [{ id: `${wire.network}/publicIPAddresses/none` }] }),
      "InvalidResourceReference",
    ],
    [
      "an address of SKU Basic",
      async () => gateway({ publicIpAddresses: [await address("b", { sku: { name: "Basic" } })] }),
      "PublicIPAndNatGatewaySkuDoNotMatch",
    ],
    [
      "an address of the other version",
      async () => gateway({ publicIpAddressesV6: [await address("b")] }),
      "NatGatewayPublicIPVersionMismatch",
    ],
    [
      "an address that another gateway has",
      async () => {
        const taken = await address("b");
        await wire.put(`${wire.network}/natGateways/first`, gateway({ publicIpAddresses: [taken] }));
        return gateway({ publicIpAddresses: [taken] });
      },
      "PublicIPAddressInUse",
    ],
    [
      "more than sixteen addresses",
      async () => {
        const prefix = `${wire.network}/publicIPPrefixes/block`;
        await wire.put(prefix, { location: "westeurope", sku: { name: "Standard" }, properties: { prefixLength: 28 } });
        return gateway({ publicIpPrefixes: [{ id: prefix }], publicIpAddresses: [await address("b")] });
      },
      "NatGatewayPublicIPCountLimitReached",
    ],
    ["two zones", async () => gateway({}, { zones: ["1", "2"] }), "ResourceCannotHaveMultipleZonesSpecified"],
    [
      "an idle timeout of two hours and more",
      async () => gateway({ idleTimeoutInMinutes: 121 }),
      "InvalidRequestFormat",
    ],
  ];
  for (const [what, body, code] of refused) {
    it(`are refused with ${what}`, async () => {
      const answer = await wire.put(path(), await body());
      expect([answer.status, answer.body.error?.code]).toEqual([400, code]);
    });
  }

  it("are not for a subnet with something of SKU Basic in it", async () => {
    await wire.put(path(), gateway({}));
    const subnet = (name: string, prefix: string, more = {}): JsonObject => ({
      name,
      properties: { addressPrefix: prefix, ...more },
    });
    const vnet = `${wire.network}/virtualNetworks/v`;
    const plain = [subnet("a", "10.0.0.0/24"), subnet("b", "10.0.1.0/24")];
    await wire.put(vnet, { location: "westeurope", properties: { ...SPACE, subnets: plain } });
    const publicIPAddress = await address("b", { sku: { name: "Basic" } });
    const ipConfiguration = { name: "c", properties: { subnet: { id: `${vnet}/subnets/a` }, publicIPAddress } };
    await wire.put(`${wire.network}/networkInterfaces/nic`, {
      location: "westeurope",
      properties: { ipConfigurations: [ipConfiguration] },
    });
    const codes: unknown[] = [];
    for (const [name, prefix] of [
      ["a", "10.0.0.0/24"],
      ["b", "10.0.1.0/24"],
    ] as const) {
      const answer = await wire.put(`${vnet}/subnets/${name}`, subnet(name, prefix, { natGateway: { id: path() } }));
      codes.push([answer.status, answer.body.error?.code]);
    }
    expect(codes).toEqual([
      [400, "SubnetWithNatGatewayAndBasicSkuResourceNotAllowed"],
      [200, undefined],
    ]);
  });

  it("keep SKU and zone for life, and give back what they no longer name", async () => {
    const { id } = await address("a");
    await wire.put(path(), gateway({ publicIpAddresses: [{ id }] }));
    const sku = await wire.put(path(), gateway({}, { sku: { name: "StandardV2" } }));
    expect(sku.body.error.code).toBe("PropertyChangeNotAllowed");
    const zones = await wire.put(path(), gateway({}, { zones: ["1"] }));
    expect(zones.body.error.code).toBe("ResourceAvailabilityZonesCannotBeModified");
    expect((await wire.put(path(), gateway({}))).status).toBe(200);
    expect((await wire.get(id)).body.properties.natGateway).toBeUndefined();
    expect((await wire.delete(id)).status).toBe(202);
  });
});

const SPACE: JsonObject = { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } };

describe("application security groups", () => {
  const path = (name = "web"): string => `${wire.network}/applicationSecurityGroups/${name}`;
  const rule = (name: string, priority: number, properties: JsonObject): JsonObject => ({
    name,
    properties: {
      protocol: "Tcp",
      sourcePortRange: "*",
      destinationPortRange: "80",
      direction: "Inbound",
      priority,
      ...properties,
    },
  });

  it("are created, listed and deleted by Microsoft's SDK", async () => {
    const made = await network.applicationSecurityGroups.createOrUpdate("rg", "web", { location: "westeurope" }, fast);
    expect(made).toMatchObject({ type: "Microsoft.Network/applicationSecurityGroups", provisioningState: "Succeeded" });
    const names: (string | undefined)[] = [];
    for await (const { name } of network.applicationSecurityGroups.list("rg")) names.push(name);
    expect(names).toEqual(["web"]);
    await network.applicationSecurityGroups.delete("rg", "web", fast);
    expect(await codeOf(network.applicationSecurityGroups.get("rg", "web"))).toBe("ResourceNotFound");
  });

  it("decide who gets a packet, by the interfaces that are in them, and stay while something names them", async () => {
    seedCluster(wire.arm, { resourceGroup: "rg", vms: [{ name: "in" }, { name: "out" }] });
    await wire.put(path(), { location: "westeurope" });
    const [nic] = wire.arm.resources.list("Microsoft.Network/networkInterfaces");
    const nicPath = nic?.["id"] as string;
    const { body } = await wire.get(nicPath);
    const [configuration] = body.properties.ipConfigurations;
    configuration.properties.applicationSecurityGroups = [{ id: path() }];
    await wire.put(nicPath, body);
    const group = wire.arm.resources.list("Microsoft.Network/networkSecurityGroups")[0]?.["id"] as string;
    const rules = [
      rule("web", 100, {
        access: "Allow",
        sourceAddressPrefix: "*",
        destinationApplicationSecurityGroups: [{ id: path() }],
      }),
      rule("nobody", 200, { access: "Deny", sourceAddressPrefix: "*", destinationAddressPrefix: "*" }),
    ];
    await wire.put(group, { location: "westeurope", properties: { securityRules: rules } });
    const reached = wire.arm.resources.list("Microsoft.Network/networkInterfaces").map((each) => {
      const [first] = (each["properties"] as { ipConfigurations: { properties: { privateIPAddress: string } }[] })
        .ipConfigurations;
      const destination = first?.properties.privateIPAddress ?? "";
      return wire.arm.reach({ source: "10.240.0.200", destination, port: 80 }).stop?.resource;
    });
    expect(reached).toEqual([undefined, `${group}/securityRules/nobody`]);
    const answer = await wire.delete(path());
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      `Application Security Group web cannot be deleted because it is referenced by IpConfiguration(s) ${configuration.name}.`,
    ]);
  });

  it("that are not there cannot be named by a rule", async () => {
    const rules = [
      rule("web", 100, {
        access: "Allow",
        sourceAddressPrefix: "*",
        destinationApplicationSecurityGroups: [{ id: path("none") }],
      }),
    ];
    const body = { location: "westeurope", properties: { securityRules: rules } };
    const answer = await wire.put(`${wire.network}/networkSecurityGroups/n`, body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "InvalidResourceReference"]);
  });
});

describe("usages of a location", () => {
  const read = async (namespace: string, location = "westeurope"): Promise<readonly JsonObject[]> =>
    (await wire.get(`${wire.subscription}/providers/${namespace}/locations/${location}/usages`)).body.value;
  const lineOf = (lines: readonly JsonObject[], name: string): unknown =>
    lines.find((line) => (line["name"] as { value: string }).value === name);

  it("count what is there against what there may be", async () => {
    seedCluster(wire.arm, { resourceGroup: "rg", vms: [{ name: "vm" }], vmss: { name: "s", nodes: [{}, {}] } });
    await address("a");
    const lines = await read("Microsoft.Network", "West Europe");
    expect(lineOf(lines, "StaticPublicIPAddresses")).toEqual({
      id: `${wire.subscription}/providers/Microsoft.Network/locations/westeurope/usages/StaticPublicIPAddresses`,
      unit: "Count",
      currentValue: 1,
      limit: 2_147_483_647,
      name: { value: "StaticPublicIPAddresses", localizedValue: "Static Public IP Addresses" },
    });
    expect(lineOf(lines, "VirtualNetworks")).toMatchObject({ currentValue: 1 });
    expect(lineOf(await read("Microsoft.Network", "northeurope"), "VirtualNetworks")).toMatchObject({
      currentValue: 0,
    });
    const compute = await read("Microsoft.Compute");
    expect(lineOf(compute, "virtualMachines")).toMatchObject({ currentValue: 3, limit: 25_000 });
    expect(lineOf(compute, "cores")).toMatchObject({ unit: "Count" });
  });

  it("show the quotas that hold", async () => {
    await wire.arm.close();
    wire = await startWire({ limits: { quotas: { publicIPAddressesPerRegion: 10 } } });
    expect(lineOf(await read("Microsoft.Network"), "PublicIPAddresses")).toMatchObject({ currentValue: 0, limit: 10 });
    expect(lineOf(await read("Microsoft.Compute"), "cores")).toMatchObject({ limit: 100 });
  });

  it("are read by Microsoft's SDK", async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of network.usages.list("westeurope")) names.push(name.value);
    expect(names).toContain("LoadBalancers");
  });

  it("are nowhere but in locations that there are", async () => {
    const answer = await wire.get(`${wire.subscription}/providers/Microsoft.Network/locations/moon/usages`);
    expect([answer.status, answer.body.error.code]).toEqual([400, "NoRegisteredProviderFound"]);
    const other = await wire.get(`${wire.subscription}/providers/Microsoft.Network/locations/westeurope/wishes`);
    expect([other.status, other.body.error.code]).toEqual([404, "InvalidResourceType"]);
    const post = await wire.send(
      "POST",
      `${wire.subscription}/providers/Microsoft.Network/locations/westeurope/usages`,
    );
    expect(post.status).toBe(405);
  });
});
