import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
beforeEach(async () => {
  wire = await startWire();
});
afterEach(() => wire.arm.close());

async function refusal(path: string, body: JsonObject): Promise<{ code: string; message: string }> {
  const answer = await wire.put(path, body);
  expect(answer.status).toBe(400);
  return answer.body.error;
}

describe("public addresses", () => {
  it("ARM 80 a dynamic one has an address only while something uses it", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, { location: "westeurope" });
    const plain = (await wire.get(pip)).body;
    expect(plain.sku).toEqual({ name: "Basic", tier: "Regional" });
    expect(plain.properties.publicIPAllocationMethod).toBe("Dynamic");
    expect(plain.properties).not.toHaveProperty("ipAddress");
    const id = `${wire.network}/loadBalancers/lb`;
    await wire.put(id, balancer(id, { frontends: { fe: pip }, sku: "Basic" }));
    expect((await wire.get(pip)).body.properties.ipAddress).toMatch(/^\d+\./);
    await wire.delete(id);
    expect((await wire.get(pip)).body.properties).not.toHaveProperty("ipAddress");
  });

  it("ARM 81 name their user, change their etag with it, and cannot be deleted meanwhile", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, standardAddress);
    const before = (await wire.get(pip)).body.etag;
    const id = `${wire.network}/loadBalancers/lb`;
    await wire.put(id, balancer(id, { frontends: { fe: pip } }));
    const used = (await wire.get(pip)).body;
    expect(used.properties.ipConfiguration).toEqual({ id: `${id}/frontendIPConfigurations/fe` });
    expect(used.etag).not.toBe(before);
    const refused = await wire.delete(pip);
    expect(refused.status).toBe(400);
    expect(refused.body.error).toEqual({
      code: "PublicIPAddressCannotBeDeleted",
      message: `Public IP address ${pip} can not be deleted since it is still allocated to resource ${id}/frontendIPConfigurations/fe. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`,
      details: [],
    });
    await wire.put(id, balancer(id, {}));
    expect((await wire.get(pip)).body.properties).not.toHaveProperty("ipConfiguration");
    expect((await wire.delete(pip)).status).toBe(202);
  });

  it("ARM 82 serve one frontend only", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, standardAddress);
    const [one, two] = [`${wire.network}/loadBalancers/one`, `${wire.network}/loadBalancers/two`];
    const twice = await refusal(one, balancer(one, { frontends: { a: pip, b: pip } }));
    expect(twice.code).toBe("PublicIPReferencedByMultipleIPConfigs");
    await wire.put(one, balancer(one, { frontends: { a: pip } }));
    const taken = await refusal(two, balancer(two, { frontends: { b: pip } }));
    expect(taken).toMatchObject({
      code: "PublicIPAddressInUse",
      message: `Resource ${two}/frontendIPConfigurations/b is referencing public IP address ${pip} that is already allocated to resource ${one}/frontendIPConfigurations/a.`,
    });
  });

  it("ARM 83 need the balancer's SKU", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, { location: "westeurope" });
    const id = `${wire.network}/loadBalancers/lb`;
    const refused = await refusal(id, balancer(id, { frontends: { fe: pip } }));
    expect(refused).toMatchObject({
      code: "PublicIPAndLBSkuDoNotMatch",
      message: `Standard sku load balancer lb cannot reference Basic sku publicIP ${pip}.`,
    });
  });

  it("ARM 84 turn a label into a name that nobody else may have", async () => {
    const labelled = (label: string) => ({
      ...standardAddress,
      properties: { publicIPAllocationMethod: "Static", dnsSettings: { domainNameLabel: label } },
    });
    const answer = await wire.put(`${wire.network}/publicIPAddresses/p`, labelled("shop"));
    expect(answer.body.properties.dnsSettings).toEqual({
      domainNameLabel: "shop",
      fqdn: "shop.westeurope.cloudapp.azure.com",
    });
    expect((await refusal(`${wire.network}/publicIPAddresses/q`, labelled("shop"))).code).toBe("DnsRecordInUse");
    expect((await refusal(`${wire.network}/publicIPAddresses/q`, labelled("-Shop"))).code).toBe(
      "InvalidDomainNameLabel",
    );
  });

  const frozen: readonly (readonly [string, JsonObject, string])[] = [
    ["zones", { ...standardAddress, zones: ["1"] }, "ResourceAvailabilityZonesCannotBeModified"],
    [
      "IP version",
      { ...standardAddress, properties: { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv6" } },
      "PropertyChangeNotAllowed",
    ],
    ["SKU", { ...standardAddress, sku: { name: "Basic" } }, "PropertyChangeNotAllowed"],
  ];
  for (const [what, body, code] of frozen) {
    it(`keep their ${what}`, async () => {
      await wire.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
      expect((await refusal(`${wire.network}/publicIPAddresses/p`, body)).code).toBe(code);
    });
  }

  it("take zones in any order, and are upgraded from Basic while unused", async () => {
    const zonal = { ...standardAddress, zones: ["1", "2", "3"] };
    await wire.put(`${wire.network}/publicIPAddresses/z`, zonal);
    expect((await wire.put(`${wire.network}/publicIPAddresses/z`, { ...zonal, zones: ["3", "1", "2"] })).status).toBe(
      200,
    );
    const basic = { location: "westeurope", properties: { publicIPAllocationMethod: "Static" } };
    await wire.put(`${wire.network}/publicIPAddresses/b`, basic);
    expect((await wire.put(`${wire.network}/publicIPAddresses/b`, standardAddress)).status).toBe(200);
  });

  it("of SKU Standard are static", async () => {
    const body = { location: "westeurope", sku: { name: "Standard" } };
    expect((await refusal(`${wire.network}/publicIPAddresses/p`, body)).code).toBe(
      "StandardSkuPublicIPAddressesMustBeStatic",
    );
  });

  it("of version 6 come from another range, and a new one of the same name gets another address", async () => {
    const six = {
      ...standardAddress,
      properties: { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv6" },
    };
    const path = `${wire.network}/publicIPAddresses/p`;
    await wire.put(path, six);
    const first = (await wire.get(path)).body.properties.ipAddress;
    expect(first).toMatch(/^2603:1000:/);
    await wire.delete(path);
    await wire.put(path, six);
    expect((await wire.get(path)).body.properties.ipAddress).not.toBe(first);
  });
});

describe("security groups", () => {
  const rule = (name: string, more: JsonObject = {}): JsonObject => ({
    name,
    properties: {
      protocol: "tcp",
      access: "Allow",
      direction: "Inbound",
      priority: 500,
      sourcePortRange: "*",
      sourceAddressPrefix: "Internet",
      destinationPortRanges: ["80", "443"],
      destinationAddressPrefixes: ["20.1.2.3"],
      ...more,
    },
  });
  const group = (...rules: readonly JsonObject[]): JsonObject => ({
    location: "westeurope",
    properties: { securityRules: rules },
  });

  it("ARM 96 have six default rules and empty plurals", async () => {
    const path = `${wire.network}/networkSecurityGroups/g`;
    const answer = await wire.put(path, group(rule("web")));
    expect(answer.body.properties.defaultSecurityRules[0].properties.provisioningState).toBe("Updating");
    const { properties } = (await wire.get(path)).body;
    expect(
      properties.defaultSecurityRules.map((item: { name: string; properties: { priority: number } }) => [
        item.name,
        item.properties.priority,
      ]),
    ).toEqual([
      ["AllowVnetInBound", 65000],
      ["AllowAzureLoadBalancerInBound", 65001],
      ["DenyAllInBound", 65500],
      ["AllowVnetOutBound", 65000],
      ["AllowInternetOutBound", 65001],
      ["DenyAllOutBound", 65500],
    ]);
    const [stored] = properties.securityRules;
    expect(stored.type).toBe("Microsoft.Network/networkSecurityGroups/securityRules");
    expect(stored.properties).toMatchObject({ protocol: "Tcp", sourcePortRanges: [], sourceAddressPrefixes: [] });
    const listed = await wire.get(`${path}/defaultSecurityRules`);
    expect(listed.body.value).toHaveLength(6);
    expect((await wire.get(`${path}/defaultSecurityRules/DenyAllInBound`)).body.properties.access).toBe("Deny");
  });

  const refused: readonly (readonly [string, readonly JsonObject[], string])[] = [
    ["two rules of one priority and direction", [rule("a"), rule("b")], "SecurityRuleConflict"],
    ["a priority below 100", [rule("a", { priority: 99 })], "SecurityRuleInvalidPriority"],
    ["a priority above 4096", [rule("a", { priority: 4097 })], "SecurityRuleInvalidPriority"],
    [
      "a prefix that is none",
      [rule("a", { destinationAddressPrefixes: ["20.1.2"] })],
      "SecurityRuleInvalidAddressPrefix",
    ],
    [
      "a single prefix that is none",
      [rule("a", { sourceAddressPrefix: "20.1.2" })],
      "SecurityRuleInvalidAddressPrefix",
    ],
    [
      "a tag in a plural member",
      [rule("a", { destinationAddressPrefixes: ["Internet"] })],
      "SecurityRuleParameterContainsUnsupportedValue",
    ],
    [
      "a prefix twice",
      [rule("a", { destinationAddressPrefixes: ["20.1.2.3", "20.1.2.3"] })],
      "SecurityRuleParameterContainsDuplicateValue",
    ],
    [
      "overlapping prefixes",
      [rule("a", { destinationAddressPrefixes: ["20.1.2.3", "20.1.0.0/16"] })],
      "SecurityRuleContainsOverlappingAddressPrefixes",
    ],
    [
      "both members of one side",
      [rule("a", { destinationAddressPrefix: "*" })],
      "SecurityRuleParameterContainsUnsupportedValue",
    ],
    ["a port that is none", [rule("a", { destinationPortRanges: ["70000"] })], "SecurityRuleInvalidPortRange"],
    ["ports backwards", [rule("a", { destinationPortRanges: ["90-80"] })], "SecurityRuleInvalidPortRange"],
    [
      "no destination",
      [rule("a", { destinationAddressPrefixes: [] })],
      "SecurityRuleParameterContainsUnsupportedValue",
    ],
  ];
  for (const [what, rules, code] of refused) {
    it(`ARM 96 refuse ${what}`, async () => {
      expect((await refusal(`${wire.network}/networkSecurityGroups/g`, group(...rules))).code).toBe(code);
    });
  }

  it("refuse two children of one name, whatever the case", async () => {
    const error = await refusal(
      `${wire.network}/networkSecurityGroups/g`,
      group(rule("a"), rule("A", { priority: 501 })),
    );
    expect(error).toMatchObject({ code: "InvalidRequestFormat", details: [{ code: "DuplicateResourceName" }] });
  });

  it("allow the same priority in the other direction", async () => {
    const answer = await wire.put(
      `${wire.network}/networkSecurityGroups/g`,
      group(rule("a"), rule("b", { direction: "Outbound" })),
    );
    expect(answer.status).toBe(201);
  });

  it("ARM 97 show who uses them, and stay while somebody does", async () => {
    const path = `${wire.network}/networkSecurityGroups/g`;
    await wire.put(path, group());
    const network = `${wire.network}/virtualNetworks/v`;
    const subnets = [
      { name: "nodes", properties: { addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: path } } },
    ];
    await wire.put(network, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets },
    });
    expect((await wire.get(path)).body.properties.subnets).toEqual([{ id: `${network}/subnets/nodes` }]);
    const refusedDelete = await wire.delete(path);
    expect(refusedDelete.body.error.code).toBe("InUseNetworkSecurityGroupCannotBeDeleted");
    expect(refusedDelete.body.error.message).toContain(`${network}/subnets/nodes`);
    await wire.put(network, smallNetwork);
    expect((await wire.get(path)).body.properties).not.toHaveProperty("subnets");
    expect((await wire.delete(path)).status).toBe(202);
  });

  it("write and delete single rules", async () => {
    const path = `${wire.network}/networkSecurityGroups/g`;
    await wire.put(path, group(rule("a")));
    const { name: _, ...body } = rule("b", { priority: 501 });
    expect((await wire.put(`${path}/securityRules/b`, body)).status).toBe(201);
    expect((await wire.get(`${path}/securityRules`)).body.value).toHaveLength(2);
    expect((await wire.delete(`${path}/securityRules/a`)).status).toBe(202);
    expect((await wire.get(path)).body.properties.securityRules.map((item: { name: string }) => item.name)).toEqual([
      "b",
    ]);
    const clash = await wire.put(`${path}/securityRules/c`, body);
    expect([clash.status, clash.body.error.code]).toEqual([400, "SecurityRuleConflict"]);
  });
});

describe("networks", () => {
  const network = (subnets: readonly JsonObject[], prefixes = ["10.0.0.0/16"]): JsonObject => ({
    location: "westeurope",
    properties: { addressSpace: { addressPrefixes: prefixes }, subnets },
  });
  const subnet = (name: string, addressPrefix: string): JsonObject => ({ name, properties: { addressPrefix } });

  const refused: readonly (readonly [string, JsonObject, string])[] = [
    ["a subnet outside the address space", network([subnet("a", "10.1.0.0/24")]), "NetcfgInvalidSubnet"],
    [
      "subnets that overlap",
      network([subnet("a", "10.0.0.0/24"), subnet("b", "10.0.0.128/25")]),
      "NetcfgSubnetRangesOverlap",
    ],
    ["a prefix with host bits", network([subnet("a", "10.0.0.1/24")]), "InvalidCIDRNotation"],
    ["an address space that is none", network([], ["10.0.0.0"]), "InvalidCIDRNotation"],
  ];
  for (const [what, body, code] of refused) {
    it(`ARM 98 refuse ${what}`, async () => {
      expect((await refusal(`${wire.network}/virtualNetworks/v`, body)).code).toBe(code);
    });
  }

  it("ARM 98 a subnet's PUT replaces it: what it does not mention is detached", async () => {
    const group = `${wire.network}/networkSecurityGroups/g`;
    await wire.put(group, { location: "westeurope" });
    const path = `${wire.network}/virtualNetworks/v`;
    await wire.put(path, network([]));
    await wire.put(`${path}/subnets/s`, {
      properties: { addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: group } },
    });
    expect((await wire.get(`${path}/subnets/s`)).body.properties.networkSecurityGroup).toEqual({ id: group });
    await wire.put(`${path}/subnets/s`, { properties: { addressPrefix: "10.0.0.0/24" } });
    expect((await wire.get(`${path}/subnets/s`)).body.properties).not.toHaveProperty("networkSecurityGroup");
  });

  it("ARM 98 a subnet in use stays, and the error prints the IP configuration", async () => {
    const path = `${wire.network}/virtualNetworks/v`;
    await wire.put(path, smallNetwork);
    const nic = `${wire.network}/networkInterfaces/n`;
    const ipConfigurations = [{ name: "c", properties: { subnet: { id: `${path}/subnets/nodes` } } }];
    await wire.put(nic, { location: "westeurope", properties: { ipConfigurations } });
    expect((await wire.get(`${path}/subnets/nodes`)).body.properties.ipConfigurations).toEqual([
      { id: `${nic}/ipConfigurations/c` },
    ]);
    for (const answer of [
      await wire.delete(`${path}/subnets/nodes`),
      await wire.delete(path),
      await wire.put(path, network([])),
    ]) {
      expect([answer.status, answer.body.error.code]).toEqual([400, "InUseSubnetCannotBeDeleted"]);
      expect(answer.body.error.message).toContain(`Subnet nodes is in use by ${nic}/ipConfigurations/c`);
    }
  });

  it("keep their subnets when a PUT does not mention them", async () => {
    const path = `${wire.network}/virtualNetworks/v`;
    await wire.put(path, smallNetwork);
    await wire.put(path, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    expect((await wire.get(path)).body.properties.subnets).toHaveLength(1);
  });

  it("show no list of subnets when there are none", async () => {
    const answer = await wire.put(`${wire.network}/virtualNetworks/v`, network([]));
    expect(answer.body.properties).not.toHaveProperty("subnets");
    expect(answer.body.properties.virtualNetworkPeerings).toEqual([]);
  });
});
