import { ManagedIdentityCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCredential } from "../../../src/azure/arm/credentials.ts";
import { loadCloudConfig } from "../../../src/azure/config/index.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type ClusterFacts, seedCluster } from "../../../src/simulator/index.ts";
import { balancer, standardAddress, startWire, type Wire, type WireAnswer } from "./wire.ts";

const USER_ASSIGNED = { clientId: "user-client", objectId: "user-object", resourceId: "/subscriptions/s/x/user" };
const RESOURCE = encodeURIComponent("https://management.azure.com/");

let wire: Wire;
let facts: ClusterFacts;
beforeEach(async () => {
  wire = await startWire({ tls: true, tokens: "checked", identity: { managedIdentities: [USER_ASSIGNED] } });
  facts = seedCluster(wire.arm, {
    vmss: { name: "set", nodes: [{ zone: "2" }] },
    vms: [{ name: "vm-0", zone: "1" }],
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await wire.arm.close();
});

function metadata(path: string, headers: Readonly<Record<string, string>> = { Metadata: "true" }): Promise<WireAnswer> {
  return wire.send("GET", path, { version: null, headers });
}

describe("managed identity", () => {
  it("ARM 17 wants the Metadata header and prints numbers as texts", async () => {
    const path = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${RESOURCE}`;
    const without = await metadata(path, {});
    expect([without.status, without.body]).toEqual([
      400,
      { error: "invalid_request", error_description: "Required metadata header not specified" },
    ]);
    const { status, body } = await metadata(path);
    expect([status, body.token_type, body.expires_in, typeof body.expires_on]).toEqual([
      200,
      "Bearer",
      "86399",
      "string",
    ]);
    expect(body.client_id).toBe(wire.arm.identity.managedIdentity.clientId);
    const headers = { authorization: `Bearer ${body.access_token}` };
    expect((await wire.get(`${wire.network}/loadBalancers`, { headers })).status).toBe(200);
  });

  it("ARM 18 answers with and without a slash at the end", async () => {
    for (const slash of ["", "/"]) {
      const path = `/metadata/identity/oauth2/token${slash}?api-version=2018-02-01&resource=${RESOURCE}`;
      expect((await metadata(path)).status).toBe(200);
    }
  });

  it("ARM 17 finds user-assigned identities by each kind of id, and no unknown one", async () => {
    const base = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${RESOURCE}`;
    const ids = [
      "client_id=user-client",
      "object_id=user-object",
      `msi_res_id=${encodeURIComponent(USER_ASSIGNED.resourceId)}`,
    ];
    for (const id of ids) expect((await metadata(`${base}&${id}`)).body.client_id).toBe("user-client");
    const unknown = await metadata(`${base}&client_id=nobody`);
    expect([unknown.status, unknown.body.error_description]).toEqual([400, "Identity not found"]);
  });

  it("ARM 18 serves Microsoft's own credential", async () => {
    vi.stubEnv("AZURE_POD_IDENTITY_AUTHORITY_HOST", wire.arm.endpoint);
    const { token } = await new ManagedIdentityCredential().getToken("https://management.azure.com/.default");
    const answer = await wire.get(`${wire.network}/loadBalancers`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  });

  it("ARM 19 checks X-IDENTITY-HEADER at the endpoint of App Service", async () => {
    const path = `/msi/token?api-version=2019-08-01&resource=${RESOURCE}&mi_res_id=${encodeURIComponent(USER_ASSIGNED.resourceId)}`;
    expect((await metadata(path, { "X-IDENTITY-HEADER": "guess" })).status).toBe(400);
    const { status, body } = await metadata(path, { "X-IDENTITY-HEADER": wire.arm.identity.identityHeader });
    expect([status, body.client_id]).toEqual([200, "user-client"]);
  });
});

describe("instance metadata", () => {
  const INSTANCE = "/metadata/instance?format=json&api-version=2021-10-01";

  it("ARM 20 tells a machine of itself", async () => {
    wire.arm.identity.serveMetadataOf("vm-0");
    const { status, body } = await metadata(INSTANCE);
    expect(status).toBe(200);
    expect(body.compute).toMatchObject({
      azEnvironment: "AzurePublicCloud",
      name: "vm-0",
      zone: "1",
      location: facts.location,
      resourceGroupName: facts.resourceGroup,
      subscriptionId: facts.subscriptionId,
      vmScaleSetName: "",
      platformFaultDomain: "0",
      provider: "Microsoft.Compute",
    });
    expect(body.compute.vmId).toMatch(/^[0-9a-f-]{36}$/);
    const address = facts.nodes.find(({ name }) => name === "vm-0")?.internalIP;
    expect(body.network.interface).toEqual([
      {
        ipv4: {
          ipAddress: [{ privateIpAddress: address, publicIpAddress: "" }],
          subnet: [{ address: "10.240.0.0", prefix: "24" }],
        },
        ipv6: { ipAddress: [] },
        macAddress: expect.stringMatching(/^[0-9A-F]{12}$/),
      },
    ]);
  });

  it("ARM 20 tells an instance of a scale set of itself, by the machine in the URL", async () => {
    const { body } = await metadata(`/machines/set000000${INSTANCE}`);
    expect(body.compute).toMatchObject({ name: "set_0", vmScaleSetName: "set", zone: "2", vmSize: "Standard_D2s_v3" });
    expect(body.compute.resourceId).toMatch(/virtualMachineScaleSets\/set\/virtualMachines\/0$/);
    const address = facts.nodes.find(({ name }) => name === "set000000")?.internalIP;
    expect(body.network.interface[0].ipv4.ipAddress[0].privateIpAddress).toBe(address);
  });

  it("ARM 20 tells parts of it, as text too", async () => {
    expect((await metadata("/metadata/instance/compute?api-version=2021-02-01")).body.location).toBe(facts.location);
    const { endpoint } = wire.arm;
    const text = await fetch(`${endpoint}/metadata/instance/compute/location?api-version=2021-02-01&format=text`, {
      headers: { Metadata: "True" },
    });
    expect(await text.text()).toBe(facts.location);
    expect((await metadata("/metadata/instance/nothing?api-version=2021-02-01")).status).toBe(404);
    expect((await metadata(INSTANCE, {})).status).toBe(400);
    expect((await metadata(INSTANCE, { Metadata: "true", "X-Forwarded-For": "10.0.0.1" })).status).toBe(400);
  });

  it("ARM 21 tells of the balancers before a machine, or that there are none", async () => {
    const path = "/machines/vm-0/metadata/loadbalancer?format=json&api-version=2020-10-01";
    expect((await metadata(path)).status).toBe(404);
    const group = `/subscriptions/${facts.subscriptionId}/resourceGroups/${facts.resourceGroup}/providers/Microsoft.Network`;
    const [pip, lb, nicId] = [
      `${group}/publicIPAddresses/p`,
      `${group}/loadBalancers/lb`,
      `${group}/networkInterfaces/vm-0-nic`,
    ];
    wire.arm.put(pip, standardAddress);
    wire.arm.put(
      lb,
      balancer(lb, { frontends: { fe: pip }, rules: [{ name: "r" }, { name: "s", frontendPort: 443 }] }),
    );
    const nic = wire.arm.resources.get(nicId) ?? {};
    const text = JSON.stringify(nic).replace(
      '"privateIPAllocationMethod"',
      `"loadBalancerBackendAddressPools":[{"id":"${lb}/backendAddressPools/pool"}],"privateIPAllocationMethod"`,
    );
    wire.arm.put(nicId, JSON.parse(text));
    const { body } = await metadata(path);
    expect(body.loadbalancer.publicIpAddresses).toEqual([
      {
        frontendIpAddress: JSON.parse(JSON.stringify(wire.arm.resources.get(pip))).properties.ipAddress,
        privateIpAddress: facts.nodes.find(({ name }) => name === "vm-0")?.internalIP,
      },
    ]);
  });
});

describe("cloud metadata", () => {
  it("ARM 22 is a list, without token, by name and with audiences", async () => {
    const { status, body } = await metadata("/metadata/endpoints?api-version=2019-05-01", {});
    expect(status).toBe(200);
    const cloud = body.find(({ name }: { name: string }) => name === "AzureCloud");
    expect(cloud.resourceManager).toBe(`${wire.arm.endpoint}/`);
    expect(cloud.authentication.loginEndpoint).toBe(`${wire.arm.httpsEndpoint}/`);
    expect(cloud.authentication.audiences.length).toBeGreaterThan(0);
    const old = await metadata("/metadata/endpoints?api-version=2015-01-01", {});
    expect(old.body.authentication.audiences).toEqual(cloud.authentication.audiences);
  });

  it("ARM 22 is enough for resourceManagerEndpoint of a cloud config, down to a token", async () => {
    const { arm } = wire;
    const { clientId, secret } = arm.identity.application;
    const text = JSON.stringify({
      tenantId: arm.tenantId,
      subscriptionId: arm.subscriptionId,
      resourceGroup: "kubernetes",
      location: "westeurope",
      resourceManagerEndpoint: arm.endpoint,
      aadClientId: clientId,
      aadClientSecret: secret,
    });
    const fetchJson = async (url: string): Promise<unknown> => (await fetch(url)).json();
    const signal = AbortSignal.timeout(10_000);
    const { config } = await loadCloudConfig({ secret: { name: "secret", text }, env: {}, fetchJson }, signal);
    expect(config.environment).toMatchObject({
      resourceManagerEndpoint: arm.endpoint,
      authorityHost: `${arm.httpsEndpoint}/`,
      resourceManagerAudience: "https://management.core.windows.net/",
    });
    const { authorityHost, resourceManagerAudience } = config.environment;
    const credential = await createCredential(config, { authorityHost, ...(arm.ca !== undefined && { ca: arm.ca }) });
    const token = await credential.getToken(`${resourceManagerAudience}/.default`);
    const headers = { authorization: `Bearer ${token?.token ?? ""}` };
    expect((await wire.get(`${wire.network}/loadBalancers`, { headers })).status).toBe(200);
  });
});

describe("time", () => {
  it("five requests a second are served when limits are documented", async () => {
    const clock = new VirtualClock("manual");
    const slow = await startWire({ clock, limits: "documented" });
    try {
      const path = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${RESOURCE}`;
      const ask = () => slow.send("GET", path, { version: null, headers: { Metadata: "true" } });
      const statuses = await Promise.all(Array.from({ length: 7 }, async () => (await ask()).status));
      expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 429, 429]);
      await clock.advance(200);
      expect((await ask()).status).toBe(200);
    } finally {
      await slow.arm.close();
    }
  });

  it("token lifetimes follow the simulator's clock", async () => {
    const clock = new VirtualClock("manual", Date.UTC(2030, 0, 1));
    const slow = await startWire({ clock });
    try {
      const path = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${RESOURCE}`;
      const { body } = await slow.send("GET", path, { version: null, headers: { Metadata: "true" } });
      expect(body.expires_on).toBe(String(Date.UTC(2030, 0, 1) / 1000 + 86_399));
    } finally {
      await slow.arm.close();
    }
  });
});
