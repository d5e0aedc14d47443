import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { balancer, smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
beforeEach(async () => {
  wire = await startWire();
});
afterEach(() => wire.arm.close());

describe("URLs and api-versions", () => {
  it("ARM 1 reads fixed segments without case", async () => {
    await wire.put(`${wire.network}/publicIPAddresses/Pip`, standardAddress);
    const path = `${wire.subscription}/resourcegroups/RG/providers/microsoft.network/publicipaddresses/PIP`;
    expect((await wire.get(path)).status).toBe(200);
  });

  it("ARM 2 returns canonical segments and the creator's name", async () => {
    await wire.put(`${wire.network}/publicipaddresses/Pip`, standardAddress);
    const again = await wire.put(`${wire.network}/publicIPAddresses/PIP`, standardAddress);
    expect(again.body.id).toBe(`${wire.network}/publicIPAddresses/Pip`);
    expect(again.body.name).toBe("Pip");
  });

  it("ARM 3 refuses a request without api-version", async () => {
    const answer = await wire.get(`${wire.network}/loadBalancers`, { version: null });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toEqual({
      code: "MissingApiVersionParameter",
      message: "The api-version query parameter (?api-version=) is required for all requests.",
    });
  });

  it("ARM 4 refuses an api-version that the type does not have, and lists those it has", async () => {
    const answer = await wire.get(`${wire.network}/loadBalancers`, { version: "2014-01-01" });
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe("NoRegisteredProviderFound");
    expect(answer.body.error.message).toContain("2025-05-01");
    expect(answer.body.error.message).toContain("westeurope");
  });

  it("ARM 5 refuses an api-version that ARM itself does not have", async () => {
    const answer = await wire.get(wire.group, { version: "1999-01-01" });
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe("InvalidApiVersionParameter");
  });

  it("ARM 6 tells unknown types from unknown namespaces", async () => {
    const type = await wire.get(`${wire.network}/flyingCarpets/x`);
    expect([type.status, type.body.error.code]).toEqual([404, "InvalidResourceType"]);
    const namespace = await wire.get(`${wire.group}/providers/Microsoft.Magic/wands/x`);
    expect([namespace.status, namespace.body.error.code]).toEqual([404, "InvalidResourceNamespace"]);
  });

  it("answers 501 for a type that ARM has and the simulator does not serve", async () => {
    for (const path of [`${wire.network}/privateEndpoints/n`, `${wire.network}/privateEndpoints`]) {
      const answer = await wire.get(path);
      expect(answer.status).toBe(501);
      expect(answer.body.error.message).toContain("Microsoft.Network/privateEndpoints");
    }
  });

  const versions: readonly (readonly [string, string])[] = [
    ["Microsoft.Network/loadBalancers", "2025-05-01"],
    ["Microsoft.Network/loadBalancers", "2026-01-01"],
    ["Microsoft.Network/loadBalancers", "2018-11-01"],
    ["Microsoft.Compute/virtualMachines", "2025-04-01"],
    ["Microsoft.Compute/virtualMachines", "2026-04-01"],
    ["Microsoft.Compute/virtualMachineScaleSets", "2019-07-01"],
    ["Microsoft.Compute/availabilitySets", "2025-04-01"],
    ["Microsoft.Compute/disks", "2019-03-01"],
    ["Microsoft.Compute/disks", "2025-01-02"],
    ["Microsoft.Compute/disks", "2026-03-02"],
    ["Microsoft.Network/privateLinkServices", "2019-03-01"],
    ["Microsoft.Network/publicIPPrefixes", "2026-01-01"],
    ["Microsoft.Network/routeTables", "2018-11-01"],
  ];
  for (const [type, version] of versions) {
    it(`ARM 7 accepts ${version} for ${type}`, async () => {
      expect((await wire.get(`${wire.group}/providers/${type}`, { version })).status).toBe(200);
    });
  }

  it("ARM 8 tells unknown subscriptions from malformed ones", async () => {
    const unknown = await wire.get("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg", {
      version: "2021-04-01",
    });
    expect([unknown.status, unknown.body.error.code]).toEqual([404, "SubscriptionNotFound"]);
    const malformed = await wire.get("/subscriptions/mine", { version: "2021-04-01" });
    expect([malformed.status, malformed.body.error.code]).toEqual([400, "InvalidSubscriptionId"]);
  });

  it("ARM 9 challenges a request without token", async () => {
    const answer = await wire.get(`${wire.network}/loadBalancers`, { headers: { authorization: "" } });
    expect([answer.status, answer.body.error.code]).toEqual([401, "AuthenticationFailed"]);
    expect(answer.headers.get("www-authenticate")).toMatch(
      /^Bearer authorization_uri="https:\/\/login\.windows\.net\//,
    );
  });
});

describe("bodies", () => {
  it("ARM 23 stores locations in lower case without spaces", async () => {
    const answer = await wire.put(`${wire.network}/publicIPAddresses/p`, {
      ...standardAddress,
      location: "East US 2 EUAP",
    });
    expect(answer.body.location).toBe("eastus2euap");
  });

  it("ARM 24 refuses another location for what exists", async () => {
    await wire.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
    const answer = await wire.put(`${wire.network}/publicIPAddresses/p`, { ...standardAddress, location: "eastus" });
    expect([answer.status, answer.body.error.code]).toEqual([409, "InvalidResourceLocation"]);
    expect(answer.body.error.message).toContain("'westeurope'");
  });

  it("ARM 25 wants a location on create", async () => {
    const answer = await wire.put(`${wire.network}/publicIPAddresses/p`, { properties: {} });
    expect([answer.status, answer.body.error.code]).toEqual([400, "LocationRequired"]);
  });

  it("refuses broken JSON, other media types, bad names and foreign ids", async () => {
    const path = `${wire.network}/publicIPAddresses/p`;
    const broken = await wire.send("PUT", path, { body: "{" });
    expect([broken.status, broken.body.error.code]).toEqual([400, "InvalidRequestContent"]);
    const text = await wire.send("PUT", path, { body: "{}", headers: { "content-type": "text/plain" } });
    expect([text.status, text.body.error.code]).toEqual([415, "UnsupportedMediaType"]);
    const name = await wire.put(`${wire.network}/publicIPAddresses/-p`, standardAddress);
    expect([name.status, name.body.error.code]).toEqual([400, "InvalidResourceName"]);
    const id = await wire.put(path, { ...standardAddress, id: `${wire.network}/publicIPAddresses/q` });
    expect([id.status, id.body.error.code]).toEqual([400, "InvalidRequestContent"]);
  });

  it("notes every malformed member in details", async () => {
    const answer = await wire.put(`${wire.network}/publicIPAddresses/p`, {
      location: "westeurope",
      properties: { publicIPAddressVersion: "IPv5", idleTimeoutInMinutes: "4", publicIPPrefix: {} },
    });
    expect([answer.status, answer.body.error.code]).toEqual([400, "InvalidRequestFormat"]);
    const codes = answer.body.error.details.map((detail: { code: string }) => detail.code);
    expect(codes).toEqual(["InvalidJson", "InvalidJson", "MissingJsonReferenceId"]);
  });

  it("ARM 34 shows no tags unless they were set", async () => {
    const without = await wire.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
    expect(without.body).not.toHaveProperty("tags");
    const withTags = await wire.put(`${wire.network}/publicIPAddresses/p`, { ...standardAddress, tags: { a: "b" } });
    expect(withTags.body.tags).toEqual({ a: "b" });
  });

  it("ARM 35 ignores unknown and read-only members", async () => {
    const path = `${wire.network}/publicIPAddresses/p`;
    const body = {
      ...standardAddress,
      etag: 'W/"mine"',
      properties: { publicIPAllocationMethod: "Static", provisioningState: "Failed", ipAddress: "1.2.3.4", novel: 1 },
    };
    await wire.put(path, body);
    const { body: shown } = await wire.get(path);
    expect(shown.properties.provisioningState).toBe("Succeeded");
    expect(shown.properties.ipAddress).not.toBe("1.2.3.4");
    expect(shown.properties).not.toHaveProperty("novel");
    expect(shown.etag).not.toBe('W/"mine"');
  });

  it("ARM 36 ARM 37 shrinks embedded objects to their id and mends the casing of words", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    await wire.put(pip, standardAddress);
    const { body: whole } = await wire.get(pip);
    const id = `${wire.network}/loadBalancers/lb`;
    const body = balancer(id, { frontends: { fe: { publicIPAddress: whole } } });
    const rule = {
      name: "r",
      properties: {
        protocol: "tcp",
        frontendPort: 80,
        backendPort: 80,
        frontendIPConfiguration: { id: `${id}/FrontendIpConfigurations/fe` },
      },
    };
    const answer = await wire.put(id, {
      ...body,
      properties: { ...(body["properties"] as object), loadBalancingRules: [rule] },
    });
    expect(answer.status).toBe(201);
    expect(answer.body.properties.frontendIPConfigurations[0].properties.publicIPAddress).toEqual({ id: pip });
    const [stored] = answer.body.properties.loadBalancingRules;
    expect(stored.properties.protocol).toBe("Tcp");
    expect(stored.properties.frontendIPConfiguration).toEqual({ id: `${id}/frontendIPConfigurations/fe` });
  });

  it("keeps unknown members where the switch says so", async () => {
    const newer = await startWire({ behaviour: { unknownProperties: "keep" } });
    try {
      const path = `${newer.network}/virtualNetworks/v`;
      const subnet = { name: "s", properties: { addressPrefix: "10.0.0.0/24", novel: { deep: true } } };
      await newer.put(path, {
        location: "westeurope",
        properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [subnet], fresh: 1 },
      });
      const { body } = await newer.get(path);
      expect(body.properties.fresh).toBe(1);
      expect(body.properties.subnets[0].properties.novel).toEqual({ deep: true });
      expect(body.properties.subnets[0].properties.provisioningState).toBe("Succeeded");
    } finally {
      await newer.arm.close();
    }
  });
});

describe("headers", () => {
  it("ARM 26 has request, correlation and routing ids on every answer", async () => {
    for (const path of [`${wire.network}/loadBalancers`, `${wire.network}/loadBalancers/none`]) {
      const { headers } = await wire.get(path);
      expect(headers.get("x-ms-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("x-ms-correlation-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("x-ms-routing-request-id")).toMatch(/^\w+:\d{8}T\d{6}Z:[0-9a-f-]{36}$/);
    }
  });

  it("ARM 27 makes the request id of an accepted write the operation's guid", async () => {
    const { headers } = await wire.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
    expect(headers.get("azure-asyncoperation")).toContain(`/operations/${headers.get("x-ms-request-id")}?`);
  });

  it("ARM 28 marks the front door's errors, and only those", async () => {
    const gateway = await wire.get(`${wire.network}/loadBalancers/none`);
    expect(gateway.headers.get("x-ms-failure-cause")).toBe("gateway");
    expect(gateway.headers.get("x-ms-ratelimit-remaining-subscription-global-reads")).toBeNull();
    const provider = await wire.put(`${wire.network}/publicIPAddresses/p`, {
      ...standardAddress,
      sku: { name: "Gold" },
    });
    expect(provider.status).toBe(400);
    expect(provider.headers.get("x-ms-failure-cause")).toBeNull();
    expect(provider.headers.get("x-ms-ratelimit-remaining-subscription-global-writes")).not.toBeNull();
  });

  it("ARM 31 echoes the client's request id only when asked", async () => {
    const id = "11111111-2222-4333-8444-555555555555";
    const path = `${wire.network}/loadBalancers`;
    const quiet = await wire.get(path, { headers: { "x-ms-client-request-id": id } });
    expect(quiet.headers.get("x-ms-client-request-id")).toBeNull();
    const asked = await wire.get(path, {
      headers: { "x-ms-client-request-id": id, "x-ms-return-client-request-id": "true" },
    });
    expect(asked.headers.get("x-ms-client-request-id")).toBe(id);
  });

  it("ARM 32 sends ETag on a network GET and not on a PUT, on a compute one both", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    expect((await wire.put(pip, standardAddress)).headers.get("etag")).toBeNull();
    const got = await wire.get(pip);
    expect(got.headers.get("etag")).toBe(got.body.etag);
    const machine = `${wire.compute}/virtualMachines/vm`;
    const put = await wire.put(machine, { location: "westeurope", properties: {} });
    expect(put.headers.get("etag")).toBe(put.body.etag);
  });

  it("ARM 33 sends no JSON content type with an empty body", async () => {
    await wire.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
    const answer = await wire.delete(`${wire.network}/publicIPAddresses/p`);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("content-length")).toBe("0");
    expect(answer.headers.get("content-type")).toBeNull();
  });
});

describe("what stands above resources", () => {
  it("ARM 43 answers HEAD of a resource group", async () => {
    expect((await wire.send("HEAD", wire.group, { version: "2021-04-01" })).status).toBe(204);
    expect((await wire.send("HEAD", `${wire.group}x`, { version: "2021-04-01" })).status).toBe(404);
  });

  it("creates, tags and lists resource groups", async () => {
    const path = `${wire.subscription}/resourcegroups/Second`;
    const version = "2021-04-01";
    const made = await wire.send("PUT", path, { version, body: { location: "East US" } });
    expect([made.status, made.body.id, made.body.location]).toEqual([
      201,
      `${wire.subscription}/resourceGroups/Second`,
      "eastus",
    ]);
    expect((await wire.send("PUT", path, { version, body: { location: "eastus" } })).status).toBe(200);
    const patched = await wire.send("PATCH", path, { version, body: { tags: { a: "b" } } });
    expect(patched.body.tags).toEqual({ a: "b" });
    const { body } = await wire.get(`${wire.subscription}/resourceGroups`, { version });
    expect(body.value.map((group: { name: string }) => group.name)).toEqual(["rg", "Second"]);
  });

  it("ARM 118 shows subscriptions, locations and providers", async () => {
    const version = "2022-12-01";
    expect((await wire.get(wire.subscription, { version })).body.state).toBe("Enabled");
    const { body: locations } = await wire.get(`${wire.subscription}/locations`, { version });
    expect(locations.value.map((location: { name: string }) => location.name)).toContain("westeurope");
    const { body: compute } = await wire.get(`${wire.subscription}/providers/Microsoft.Compute`, {
      version: "2021-04-01",
    });
    const machines = compute.resourceTypes.find(
      (type: { resourceType: string }) => type.resourceType === "virtualMachines",
    );
    expect(machines.zoneMappings).toContainEqual({ location: "West Europe", zones: ["1", "2", "3"] });
  });

  it("refuses methods that a path does not take", async () => {
    await wire.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    expect((await wire.send("PUT", `${wire.subscription}/locations`, { version: "2022-12-01", body: {} })).status).toBe(
      405,
    );
    expect((await wire.send("POST", `${wire.network}/virtualNetworks/v`, { body: {} })).status).toBe(405);
    expect((await wire.put(`${wire.network}/networkSecurityGroups`, {})).status).toBe(405);
  });
});
