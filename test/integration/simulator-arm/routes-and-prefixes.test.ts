import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  wire = await startWire();
});

const route = (addressPrefix: string, nextHopIpAddress?: string, nextHopType = "VirtualAppliance"): JsonObject => ({
  properties: { addressPrefix, nextHopType, ...(nextHopIpAddress !== undefined && { nextHopIpAddress }) },
});

describe("route tables", () => {
  const path = (): string => `${wire.network}/routeTables/r`;
  const table = (routes: Readonly<Record<string, JsonObject>>): JsonObject => ({
    location: "westeurope",
    properties: { routes: Object.entries(routes).map(([name, body]) => ({ name, ...body })) },
  });

  it("ARM 50 routes are written as children too, and change the table's etag", async () => {
    const made = await wire.put(path(), table({}));
    expect([made.status, made.body.properties.provisioningState]).toEqual([201, "Updating"]);
    const before = (await wire.get(path())).body.etag;
    const child = await wire.put(`${path()}/routes/node-1`, route("10.244.1.0/24", "10.0.0.5"));
    expect([child.status, child.body.properties.provisioningState]).toEqual([201, "Updating"]);
    const { body } = await wire.get(path());
    expect(body.etag).not.toBe(before);
    expect(body.properties.routes).toEqual([
      {
        name: "node-1",
        id: `${path()}/routes/node-1`,
        etag: body.etag,
        type: "Microsoft.Network/routeTables/routes",
        properties: {
          provisioningState: "Succeeded",
          addressPrefix: "10.244.1.0/24",
          nextHopType: "VirtualAppliance",
          nextHopIpAddress: "10.0.0.5",
          hasBgpOverride: false,
        },
      },
    ]);
    expect((await wire.get(`${path()}/routes`)).body.value).toHaveLength(1);
    expect((await wire.delete(`${path()}/routes/node-1`)).status).toBe(202);
    expect((await wire.get(`${path()}/routes/node-1`)).body.error.code).toBe("NotFound");
    expect(
      (await wire.put(`${wire.network}/routeTables/x/routes/y`, route("10.1.0.0/16", "10.0.0.5"))).body.error.code,
    ).toBe("ParentResourceNotFound");
  });

  const refused: readonly (readonly [what: string, routes: Readonly<Record<string, JsonObject>>, code: string])[] = [
    [
      "one prefix twice",
      { a: route("10.1.0.0/16", "10.0.0.5"), b: route("10.1.0.0/16", "10.0.0.6") },
      "RouteConflictsOnSamePrefix",
    ],
    ["an appliance without address", { a: route("10.1.0.0/16") }, "RouteNextHopIpAddressRequired"],
    ["an appliance at no address", { a: route("10.1.0.0/16", "here") }, "RouteNextHopIpAddressRequired"],
    [
      "an address without appliance",
      { a: route("10.1.0.0/16", "10.0.0.5", "Internet") },
      "RouteNextHopIpAddressNotAllowed",
    ],
    ["host bits", { a: route("10.1.0.1/16", "10.0.0.5") }, "InvalidCIDRNotation"],
    ["no prefix", { a: { properties: { nextHopType: "None" } } }, "InvalidRequestFormat"],
    ["an unknown next hop", { a: route("10.1.0.0/16", undefined, "Moon") }, "InvalidRequestFormat"],
  ];
  for (const [what, routes, code] of refused) {
    it(`refuse ${what}`, async () => {
      const answer = await wire.put(path(), table(routes));
      expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    });
  }

  it("ARM 97 show their subnets and stay while they have one", async () => {
    await wire.put(path(), table({}));
    const network = `${wire.network}/virtualNetworks/v`;
    await wire.put(network, smallNetwork);
    const body = { properties: { addressPrefix: "10.0.0.0/24", routeTable: { id: path() } } };
    await wire.put(`${network}/subnets/nodes`, body);
    expect((await wire.get(path())).body.properties.subnets).toEqual([{ id: `${network}/subnets/nodes` }]);
    const refusal = await wire.delete(path());
    expect([refusal.status, refusal.body.error]).toEqual([
      400,
      {
        code: "InUseRouteTableCannotBeDeleted",
        message: `Route table ${path()} is in use and cannot be deleted.`,
        details: [],
      },
    ]);
    await wire.put(`${network}/subnets/nodes`, { properties: { addressPrefix: "10.0.0.0/24" } });
    expect((await wire.delete(path())).status).toBe(202);
    const dangling = await wire.put(`${network}/subnets/nodes`, body);
    expect(dangling.body.error.code).toBe("InvalidResourceReference");
  });
});

describe("public IP prefixes", () => {
  const path = (): string => `${wire.network}/publicIPPrefixes/x`;
  const address = (): JsonObject => ({
    ...standardAddress,
    properties: { publicIPAllocationMethod: "Static", publicIPPrefix: { id: path() } },
  });
  const prefix = (prefixLength: number, version = "IPv4"): JsonObject => ({
    location: "westeurope",
    sku: { name: "Standard" },
    properties: { prefixLength, publicIPAddressVersion: version },
  });

  it("ARM 80 have their block when the operation has ended, and addresses are taken from it", async () => {
    const made = await wire.put(path(), prefix(31));
    expect(made.body.properties).not.toHaveProperty("ipPrefix");
    const { ipPrefix } = (await wire.get(path())).body.properties;
    expect(ipPrefix).toMatch(/^\d+\.\d+\.\d+\.\d+\/31$/);
    const first = ipPrefix.replace("/31", "");
    for (const name of ["a", "b"]) await wire.put(`${wire.network}/publicIPAddresses/${name}`, address());
    expect((await wire.get(`${wire.network}/publicIPAddresses/a`)).body.properties.ipAddress).toBe(first);
    const second = (await wire.get(`${wire.network}/publicIPAddresses/b`)).body.properties.ipAddress;
    expect(second).toBe(first.replace(/\d+$/, (last: string) => String(Number(last) + 1)));
    expect((await wire.get(path())).body.properties.publicIPAddresses).toEqual(
      ["a", "b"].map((name) => ({ id: `${wire.network}/publicIPAddresses/${name}` })),
    );
    const full = await wire.put(`${wire.network}/publicIPAddresses/c`, address());
    expect([full.status, full.body.error.code]).toEqual([400, "PublicIpPrefixOutOfIpAddresses"]);
    const inUse = await wire.delete(path());
    expect([inUse.status, inUse.body.error.code]).toEqual([400, "PublicIPPrefixCannotBeDeleted"]);
    await wire.delete(`${wire.network}/publicIPAddresses/a`);
    await wire.put(`${wire.network}/publicIPAddresses/c`, address());
    expect((await wire.get(`${wire.network}/publicIPAddresses/c`)).body.properties.ipAddress).toBe(first);
  });

  it("have lengths and versions of their own, for life", async () => {
    for (const [body, code] of [
      [prefix(24), "InvalidPublicIPPrefixLength"],
      [prefix(30, "IPv6"), "InvalidPublicIPPrefixLength"],
    ] as const) {
      expect((await wire.put(path(), body)).body.error.code).toBe(code);
    }
    await wire.put(path(), prefix(124, "IPv6"));
    expect((await wire.get(path())).body.properties.ipPrefix).toMatch(/^[0-9a-f:]+\/124$/);
    expect((await wire.put(path(), prefix(125, "IPv6"))).body.error.code).toBe("PropertyChangeNotAllowed");
    const mixed = await wire.put(`${wire.network}/publicIPAddresses/a`, address());
    expect(mixed.body.error.code).toBe("PublicIPAddressAndPublicIPPrefixDoNotMatch");
  });

  it("are chosen when an address is made", async () => {
    await wire.put(path(), prefix(30));
    await wire.put(`${wire.network}/publicIPAddresses/a`, standardAddress);
    const moved = await wire.put(`${wire.network}/publicIPAddresses/a`, address());
    expect(moved.body.error.code).toBe("PropertyChangeNotAllowed");
  });

  it("show the frontend that uses them for outbound traffic", async () => {
    await wire.put(path(), prefix(30));
    const lb = `${wire.network}/loadBalancers/lb`;
    await wire.put(lb, balancer(lb, { frontends: { fe: { publicIPPrefix: { id: path() } } } }));
    expect((await wire.get(path())).body.properties.loadBalancerFrontendIpConfiguration).toEqual({
      id: `${lb}/frontendIPConfigurations/fe`,
    });
  });
});
