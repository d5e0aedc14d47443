import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { type BalancerSpec, balancer, smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
let id: string;
let pip: string;
let subnet: string;
beforeEach(async () => {
  wire = await startWire();
  id = `${wire.network}/loadBalancers/lb`;
  pip = `${wire.network}/publicIPAddresses/p`;
  subnet = `${wire.network}/virtualNetworks/v/subnets/nodes`;
  wire.arm.put(pip, standardAddress);
  wire.arm.put(`${wire.network}/publicIPAddresses/q`, standardAddress);
  wire.arm.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
});
afterEach(() => wire.arm.close());

async function put(spec: BalancerSpec): Promise<JsonObject & { readonly properties: Record<string, never> }> {
  const answer = await wire.put(id, balancer(id, spec));
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return (await wire.get(id)).body;
}

describe("a balancer's body", () => {
  it("ARM 86 has generated ids, types and etags, defaults, and back-references", async () => {
    await put({ frontends: { fe: pip }, probes: ["probe"], rules: [{ name: "r", probe: "probe" }] });
    const { body } = await wire.get(id);
    const { frontendIPConfigurations, backendAddressPools, loadBalancingRules, probes, ...rest } = body.properties;
    const [rule] = loadBalancingRules;
    expect(rule).toMatchObject({
      id: `${id}/loadBalancingRules/r`,
      etag: body.etag,
      type: "Microsoft.Network/loadBalancers/loadBalancingRules",
      properties: {
        provisioningState: "Succeeded",
        idleTimeoutInMinutes: 4,
        enableTcpReset: false,
        loadDistribution: "Default",
        disableOutboundSnat: false,
        allowBackendPortConflict: false,
        backendAddressPools: [{ id: `${id}/backendAddressPools/pool` }],
      },
    });
    const back = [{ id: rule.id }];
    for (const [child] of [frontendIPConfigurations, backendAddressPools, probes]) {
      expect(child.properties.loadBalancingRules).toEqual(back);
      expect(child.etag).toBe(body.etag);
    }
    expect(frontendIPConfigurations[0].properties).not.toHaveProperty("privateIPAddress");
    expect(frontendIPConfigurations[0].properties).not.toHaveProperty("outboundRules");
    expect(rest).toMatchObject({ inboundNatRules: [], outboundRules: [], inboundNatPools: [] });
    expect(body.sku).toEqual({ name: "Standard", tier: "Regional" });
  });

  it("ARM 87 is replaced as a whole by a PUT", async () => {
    await put({ frontends: { fe: pip }, rules: [{ name: "a" }, { name: "b", frontendPort: 81 }] });
    await put({ frontends: { fe: pip }, rules: [{ name: "b", frontendPort: 81 }] });
    const { body } = await wire.get(id);
    expect(body.properties.loadBalancingRules.map((rule: { name: string }) => rule.name)).toEqual(["b"]);
  });

  it("ARM 95 internal frontends get the lowest free address, keep it, and refuse bad static ones", async () => {
    await put({ frontends: { a: subnet, b: subnet } });
    const addresses = async (): Promise<unknown> =>
      (await wire.get(id)).body.properties.frontendIPConfigurations.map(
        (fe: { name: string; properties: { privateIPAddress: string } }) => [fe.name, fe.properties.privateIPAddress],
      );
    expect(await addresses()).toEqual([
      ["a", "10.0.0.4"],
      ["b", "10.0.0.5"],
    ]);
    await put({ frontends: { b: subnet } });
    await put({ frontends: { b: subnet, c: subnet } });
    expect(await addresses()).toEqual([
      ["b", "10.0.0.5"],
      ["c", "10.0.0.4"],
    ]);
    const fixed = (address: string) => ({
      frontends: {
        b: subnet,
        c: subnet,
        s: { subnet: { id: subnet }, privateIPAllocationMethod: "Static", privateIPAddress: address },
      },
    });
    const refused: readonly (readonly [string, string])[] = [
      ["10.0.1.9", "PrivateIPAddressNotInSubnet"],
      ["10.0.0.3", "PrivateIPAddressInReservedRange"],
      ["10.0.0.255", "PrivateIPAddressInReservedRange"],
      ["10.0.0.5", "PrivateIPAddressIsAllocated"],
    ];
    for (const [address, code] of refused) {
      const answer = await wire.put(id, balancer(id, fixed(address)));
      expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    }
    await put(fixed("10.0.0.77"));
    expect(wire.arm.resources.addressOf(`${id}/frontendIPConfigurations/s`)).toBe("10.0.0.77");
    await wire.delete(id);
    expect(wire.arm.resources.addressOf(`${id}/frontendIPConfigurations/s`)).toBeUndefined();
  });

  const q = (): string => `${wire.network}/publicIPAddresses/q`;
  const fe = (): Readonly<Record<string, string>> => ({ fe: pip, two: q() });
  const refused: readonly (readonly [string, () => BalancerSpec, string])[] = [
    [
      "ARM 93 a rule to an unknown probe",
      () => ({ frontends: fe(), rules: [{ name: "r", probe: "none" }] }),
      "InvalidResourceReference",
    ],
    [
      "ARM 93 a rule to an unknown pool",
      () => ({ frontends: fe(), rules: [{ name: "r", pool: "none" }] }),
      "InvalidResourceReference",
    ],
    [
      "ARM 93 a rule to an unknown frontend",
      () => ({ frontends: fe(), rules: [{ name: "r", frontend: "none" }] }),
      "InvalidResourceReference",
    ],
    ["a frontend to an unknown address", () => ({ frontends: { fe: `${pip}x` } }), "InvalidResourceReference"],
    ["a frontend to an unknown subnet", () => ({ frontends: { fe: `${subnet}x` } }), "InvalidResourceReference"],
    [
      "ARM 92 two rules with one backend port without floating IP",
      () => ({ frontends: fe(), rules: [{ name: "a" }, { name: "b", frontend: "two" }] }),
      "RulesUseSameBackendPortProtocolAndPool",
    ],
    [
      "two rules with one backend port and frontend with floating IP",
      () => ({
        frontends: fe(),
        rules: [
          { name: "a", floating: true },
          { name: "b", frontendPort: 81, backendPort: 80, floating: true },
        ],
      }),
      "RulesUseSameBackendPortProtocolAndPoolAndFrontendIPWithFloatingIPEnabled",
    ],
    [
      "two rules on one frontend port",
      () => ({ frontends: fe(), rules: [{ name: "a" }, { name: "b", backendPort: 81 }] }),
      "RulesUseSameFrontendPortProtocolAndFrontendIPConfiguration",
    ],
    [
      "a rule beside one for all ports",
      () => ({
        frontends: fe(),
        rules: [
          { name: "a", protocol: "All", frontendPort: 0 },
          { name: "b", backendPort: 81 },
        ],
      }),
      "RulesUseSameFrontendPortProtocolAndFrontendIPConfiguration",
    ],
    [
      "port 0 without protocol All",
      () => ({ frontends: fe(), rules: [{ name: "a", frontendPort: 0, backendPort: 80 }] }),
      "LoadBalancingRuleInvalidPort",
    ],
    ["probes without a frontend", () => ({ probes: ["p"] }), "LoadBalancerWithoutFrontendIPCantHaveChildResources"],
    [
      "a frontend with neither subnet nor address",
      () => ({ frontends: { fe: {} } }),
      "FrontendIPConfigurationMissingReference",
    ],
    [
      "a frontend port out of range",
      () => ({ frontends: fe(), rules: [{ name: "a", frontendPort: 65_535 }] }),
      "InvalidRequestFormat",
    ],
    ["a reference to another type", () => ({ frontends: { fe: { publicIPAddress: { id } } } }), "InvalidRequestFormat"],
    ["another SKU later", () => ({ sku: "Basic" }), "PropertyChangeNotAllowed"],
  ];
  for (const [what, spec, code] of refused) {
    it(`is refused: ${what}`, async () => {
      await put({});
      const answer = await wire.put(id, balancer(id, spec()));
      expect([answer.status, answer.body.error.code]).toEqual([400, code]);
      expect((await wire.get(id)).body.properties.loadBalancingRules).toEqual([]);
    });
  }

  it("allows one backend port on two frontends with floating IP", async () => {
    await put({
      frontends: fe(),
      rules: [
        { name: "a", floating: true },
        { name: "b", frontend: "two", floating: true },
      ],
    });
  });

  it("wants SNAT off on a frontend that an outbound rule uses", async () => {
    const spec = balancer(id, { frontends: { fe: pip }, rules: [{ name: "r" }] });
    const outbound = {
      name: "o",
      properties: {
        protocol: "All",
        frontendIPConfigurations: [{ id: `${id}/frontendIPConfigurations/fe` }],
        backendAddressPool: { id: `${id}/backendAddressPools/pool` },
      },
    };
    const answer = await wire.put(id, {
      ...spec,
      properties: { ...(spec["properties"] as JsonObject), outboundRules: [outbound] },
    });
    expect(answer.body.error.code).toBe(
      "LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
    );
  });
});

describe("pools by address", () => {
  const members = (...addresses: readonly string[]): JsonObject => ({
    properties: {
      virtualNetwork: { id: `${wire.network}/virtualNetworks/v` },
      loadBalancerBackendAddresses: addresses.map((ipAddress, i) => ({ name: `node-${i}`, properties: { ipAddress } })),
    },
  });

  it("ARM 90, 91 are written as a sub-resource, keep addresses and network, and have no interfaces", async () => {
    await put({});
    const pool = `${id}/backendAddressPools/pool`;
    const before = (await wire.get(id)).body.etag;
    const answer = await wire.put(pool, members("10.0.0.5", "10.0.0.6"));
    expect([answer.status, answer.body.properties.provisioningState]).toEqual([200, "Updating"]);
    expect(answer.headers.get("azure-asyncoperation")).not.toBeNull();
    const shown = (await wire.get(pool)).body;
    expect(shown.properties.virtualNetwork).toEqual({ id: `${wire.network}/virtualNetworks/v` });
    expect(shown.properties.loadBalancerBackendAddresses[1]).toMatchObject({
      name: "node-1",
      id: `${pool}/loadBalancerBackendAddresses/node-1`,
      type: "Microsoft.Network/loadBalancers/backendAddressPools/loadBalancerBackendAddresses",
      properties: { provisioningState: "Succeeded", ipAddress: "10.0.0.6" },
    });
    expect(shown.properties).not.toHaveProperty("backendIPConfigurations");
    expect(shown.etag).not.toBe(before);
    expect((await wire.get(id)).body.etag).toBe(shown.etag);
    expect((await wire.put(`${id}/backendAddressPools/new`, members())).status).toBe(201);
    expect((await wire.get(`${id}/backendAddressPools`)).body.value).toHaveLength(2);
    expect((await wire.delete(`${id}/backendAddressPools/new`)).status).toBe(202);
    expect((await wire.get(`${id}/backendAddressPools/new`)).body.error.code).toBe("NotFound");
  });

  it("are replaced by the balancer's body", async () => {
    await put({});
    await wire.put(`${id}/backendAddressPools/pool`, members("10.0.0.5"));
    const { body } = await wire.get(id);
    await wire.put(id, body);
    expect(
      (await wire.get(`${id}/backendAddressPools/pool`)).body.properties.loadBalancerBackendAddresses,
    ).toHaveLength(1);
    await put({});
    expect((await wire.get(`${id}/backendAddressPools/pool`)).body.properties.loadBalancerBackendAddresses).toEqual([]);
  });

  it("refuse addresses outside their network, twins, and a balancer of SKU Basic", async () => {
    await put({});
    const outside = await wire.put(`${id}/backendAddressPools/pool`, members("192.168.0.1"));
    expect(outside.body.error.code).toBe("BackendAddressNotInVirtualNetwork");
    const { properties } = members("10.0.0.5") as {
      properties: { loadBalancerBackendAddresses: readonly JsonObject[] };
    };
    const twins = [...properties.loadBalancerBackendAddresses, ...properties.loadBalancerBackendAddresses];
    const twice = await wire.put(`${id}/backendAddressPools/pool`, {
      properties: { ...properties, loadBalancerBackendAddresses: twins },
    });
    expect(twice.body.error.details[0].code).toBe("DuplicateResourceName");
    const basic = `${wire.network}/loadBalancers/basic`;
    await wire.put(basic, balancer(basic, { sku: "Basic" }));
    const refused = await wire.put(`${basic}/backendAddressPools/pool`, members("10.0.0.5"));
    expect(refused.body.error.code).toBe("BackendAddressPoolIpAddressesNotSupportedForBasicSku");
  });

  it("cannot be deleted while a rule names them", async () => {
    await put({ frontends: { fe: pip }, rules: [{ name: "r" }] });
    const answer = await wire.delete(`${id}/backendAddressPools/pool`);
    expect([answer.status, answer.body.error.code]).toEqual([400, "InvalidResourceReference"]);
  });
});
