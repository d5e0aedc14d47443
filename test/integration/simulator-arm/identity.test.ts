import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkManagementClient } from "@azure/arm-network";
import type { TokenCredential } from "@azure/core-auth";
import { ClientCertificateCredential, ClientSecretCredential, WorkloadIdentityCredential } from "@azure/identity";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import type { ArmSimulatorOptions } from "../../../src/simulator/index.ts";
import { smallNetwork, standardAddress, startWire, type Wire } from "./wire.ts";

const CERTIFIED = "aaaaaaaa-0000-4000-8000-000000000001";
const FEDERATED = "aaaaaaaa-0000-4000-8000-000000000002";
const ARM = "https://management.azure.com/.default";
const ISSUER = "https://oidc.example/";
const SUBJECT = "system:serviceaccount:kube-system:cloud-controller-manager";

interface Bench extends Wire {
  readonly certificate: string;
  readonly folder: string;
  readonly common: {
    readonly authorityHost: string;
    readonly disableInstanceDiscovery: true;
    readonly tlsOptions: { readonly ca: string };
    readonly retryOptions: { readonly maxRetries: 0 };
  };
}

let bench: Bench;
beforeAll(async () => {
  const pair = await generate([{ name: "commonName", value: "app" }], { keyType: "rsa", keySize: 2048 });
  const wire = await startWire({
    tls: true,
    tokens: "checked",
    identity: {
      applications: [
        { clientId: CERTIFIED, certificates: [pair.cert] },
        { clientId: FEDERATED, federated: [{ issuer: ISSUER, subject: SUBJECT }] },
      ],
    },
  });
  const { httpsEndpoint = "", ca = "" } = wire.arm;
  bench = {
    ...wire,
    certificate: `${pair.private}\n${pair.cert}`,
    folder: await mkdtemp(join(tmpdir(), "identity-")),
    common: {
      authorityHost: httpsEndpoint,
      disableInstanceDiscovery: true,
      tlsOptions: { ca },
      retryOptions: { maxRetries: 0 },
    },
  };
});
afterAll(async () => {
  await bench.arm.close();
  await rm(bench.folder, { recursive: true });
});

function client(credential: TokenCredential): NetworkManagementClient {
  const { httpsEndpoint = "", ca = "", subscriptionId } = bench.arm;
  const options = { endpoint: httpsEndpoint, tlsOptions: { ca }, retryOptions: { maxRetries: 0 } };
  return new NetworkManagementClient(credential, subscriptionId, options);
}

async function balancersSeenBy(credential: TokenCredential): Promise<number> {
  let count = 0;
  for await (const _ of client(credential).loadBalancers.list("rg")) count++;
  return count;
}

function secretCredential(secret = bench.arm.identity.application.secret): ClientSecretCredential {
  return new ClientSecretCredential(bench.arm.tenantId, bench.arm.identity.application.clientId, secret, bench.common);
}

async function federatedCredential(name: string, claims: object): Promise<WorkloadIdentityCredential> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const tokenFilePath = join(bench.folder, name);
  await writeFile(tokenFilePath, `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.c2ln`);
  const { tenantId } = bench.arm;
  return new WorkloadIdentityCredential({ ...bench.common, tenantId, clientId: FEDERATED, tokenFilePath });
}

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;

describe("Microsoft's credentials get tokens that ARM takes", () => {
  it("ARM 13, 15 with a client secret, by way of OpenID discovery", async () => {
    expect(await balancersSeenBy(secretCredential())).toBe(0);
    const asked = bench.arm.journal.entries().map(({ path }) => path);
    expect(asked).toContain(`/${bench.arm.tenantId}/v2.0/.well-known/openid-configuration`);
    expect(asked).toContain(`/${bench.arm.tenantId}/oauth2/v2.0/token`);
  });

  it("ARM 15 with a certificate", async () => {
    const { certificate, common, arm } = bench;
    expect(
      await balancersSeenBy(new ClientCertificateCredential(arm.tenantId, CERTIFIED, { certificate }, common)),
    ).toBe(0);
  });

  it("ARM 15 not with a certificate that the application does not have", async () => {
    const other = await generate([{ name: "commonName", value: "other" }], { keyType: "rsa", keySize: 2048 });
    const certificate = `${other.private}\n${other.cert}`;
    const credential = new ClientCertificateCredential(bench.arm.tenantId, CERTIFIED, { certificate }, bench.common);
    await expect(credential.getToken(ARM)).rejects.toThrow("AADSTS700027");
  });

  it("ARM 15 with the token of a federated issuer", async () => {
    const claims = { iss: ISSUER, sub: SUBJECT, aud: ["api://AzureADTokenExchange"], exp: inAnHour() };
    expect(await balancersSeenBy(await federatedCredential("good", claims))).toBe(0);
  });

  it("ARM 15 not with the token of somebody else, nor with an old one", async () => {
    const claims = { iss: ISSUER, sub: "system:serviceaccount:default:me", aud: "api://AzureADTokenExchange" };
    const foreign = await federatedCredential("foreign", { ...claims, exp: inAnHour() });
    await expect(foreign.getToken(ARM)).rejects.toThrow("AADSTS700213");
    const old = await federatedCredential("old", { ...claims, sub: SUBJECT, exp: 1 });
    await expect(old.getToken(ARM)).rejects.toThrow("AADSTS700024");
  });

  it("ARM 15 a wrong secret is refused with AADSTS7000215, and no secret is in the journal", async () => {
    await expect(secretCredential("wrong").getToken(ARM)).rejects.toThrow("AADSTS7000215");
    expect(JSON.stringify(bench.arm.journal.entries())).not.toContain(bench.arm.identity.application.secret);
    expect(bench.arm.journal.writes(/oauth2/)).toEqual([]);
  });

  it("ARM 11 a revoked token is fetched anew with claims and the request repeated once", async () => {
    const credential = secretCredential();
    const network = client(credential);
    await network.publicIPAddresses.list("rg").next();
    bench.arm.identity.revokeTokens();
    const before = bench.arm.journal.entries().length;
    expect((await network.publicIPAddresses.list("rg").next()).done).toBe(true);
    const statuses = bench.arm.journal
      .entries()
      .slice(before)
      .map(({ status }) => status);
    expect(statuses).toEqual([401, 200, 200]);
  });
});

const FORM = { "content-type": "application/x-www-form-urlencoded" };

async function askToken(form: Readonly<Record<string, string>>, tenant = bench.arm.tenantId) {
  const { clientId, secret } = bench.arm.identity.application;
  const whole = { grant_type: "client_credentials", client_id: clientId, client_secret: secret, scope: ARM, ...form };
  const body = new URLSearchParams(whole).toString();
  return await bench.send("POST", `/${tenant}/oauth2/v2.0/token`, { version: null, headers: FORM, body });
}

describe("the token endpoint", () => {
  it("ARM 16 ignores unknown fields and takes the scope with two slashes", async () => {
    const scope = "https://management.azure.com//.default openid offline_access profile";
    const { status, body } = await askToken({ scope, client_info: "1", "x-client-SKU": "MSAL" });
    expect([status, body.token_type, body.expires_in]).toEqual([200, "Bearer", 86_399]);
    const headers = { authorization: `Bearer ${body.access_token}` };
    expect((await bench.get(`${bench.network}/loadBalancers`, { headers })).status).toBe(200);
  });

  const refusals: readonly (readonly [string, Readonly<Record<string, string>>, number, string, number])[] = [
    ["an unknown application", { client_id: "nobody" }, 400, "unauthorized_client", 700_016],
    ["an unknown service", { scope: "https://example.com/.default" }, 400, "invalid_resource", 500_011],
    ["no scope", { scope: "" }, 400, "invalid_scope", 70_011],
    ["a wrong secret", { client_secret: "guess" }, 401, "invalid_client", 7_000_215],
    ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type", 70_003],
  ];
  for (const [what, form, status, error, code] of refusals) {
    it(`ARM 15 refuses ${what}`, async () => {
      const answer = await askToken(form);
      expect([answer.status, answer.body.error, answer.body.error_codes]).toEqual([status, error, [code]]);
      expect(answer.body.error_description).toContain(`AADSTS${code}`);
    });
  }

  it("ARM 15 refuses an unknown tenant and an expired secret", async () => {
    expect((await askToken({}, "other")).body.error_codes).toEqual([90_002]);
    bench.arm.identity.register({ clientId: "rotated", secrets: [{ value: "s", expiresMs: 1 }] });
    expect((await askToken({ client_id: "rotated", client_secret: "s" })).body.error_codes).toEqual([7_000_222]);
  });

  it("ARM 13, 14 tells of itself", async () => {
    const { body } = await bench.get(`/adfs/.well-known/openid-configuration`, { version: null });
    expect(body).toMatchObject({
      issuer: `${bench.arm.endpoint}/adfs`,
      token_endpoint: `${bench.arm.endpoint}/adfs/oauth2/v2.0/token`,
    });
    expect((await bench.get(new URL(body.jwks_uri).pathname, { version: null })).body.keys).toHaveLength(1);
    const authorize = encodeURIComponent(`https://login.example:444/${bench.arm.tenantId}/oauth2/v2.0/authorize`);
    const instance = await bench.get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${authorize}`);
    expect(instance.body).toMatchObject({
      tenant_discovery_endpoint: `https://login.example:444/${bench.arm.tenantId}/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: "login.example:444" }],
    });
  });
});

async function withWire(options: ArmSimulatorOptions, body: (wire: Wire) => Promise<void>): Promise<void> {
  const wire = await startWire(options);
  try {
    await body(wire);
  } finally {
    await wire.arm.close();
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("what ARM checks", () => {
  it("ARM 10 an expired token by the simulator's clock", async () => {
    const clock = new VirtualClock("manual");
    await withWire(
      { clock, tokens: "checked", identity: { tokenLifetimeSeconds: 3600 } },
      async ({ arm, get, network }) => {
        const headers = bearer(arm.identity.issueToken());
        expect((await get(`${network}/loadBalancers`, { headers })).status).toBe(200);
        await clock.advance(3_600_000);
        const late = await get(`${network}/loadBalancers`, { headers });
        expect([late.status, late.body.error.code]).toEqual([401, "ExpiredAuthenticationToken"]);
        expect(late.body.error.message).toBe(
          "The access token expiry UTC time '1/1/2026 1:00:00 AM' is earlier than current UTC time '1/1/2026 1:00:00 AM'.",
        );
        expect(late.headers.get("www-authenticate")).toContain('error="invalid_token"');
      },
    );
  });

  it("ARM 10 tokens that it did not issue, and those for other services", async () => {
    await withWire({ tokens: "checked" }, async ({ arm, get, network }) => {
      const vault = arm.identity.issueToken("https://vault.azure.net");
      const [, ...rest] = arm.identity.issueToken().split(".");
      const [other] = arm.identity.issueToken("https://management.core.windows.net/").split(".");
      const cases = [
        ["any", 401, "InvalidAuthenticationToken"],
        [[other, ...rest.slice(0, 1), "AAAA"].join("."), 401, "InvalidAuthenticationToken"],
        [vault, 401, "InvalidAuthenticationTokenAudience"],
      ] as const;
      for (const [token, status, code] of cases) {
        const answer = await get(`${network}/loadBalancers`, { headers: bearer(token) });
        expect([answer.status, answer.body.error.code]).toEqual([status, code]);
        expect(answer.headers.get("www-authenticate")).toContain("authorization_uri=");
      }
    });
  });

  it("tokens outlive a restart with the same seed, and count nowhere else", async () => {
    let token = "";
    await withWire({ tokens: "checked", seed: "a" }, async ({ arm }) => {
      token = arm.identity.issueToken();
    });
    const statuses: number[] = [];
    for (const seed of ["a", "b"]) {
      await withWire({ tokens: "checked", seed }, async ({ get, network }) => {
        statuses.push((await get(`${network}/loadBalancers`, { headers: bearer(token) })).status);
      });
    }
    expect(statuses).toEqual([200, 401]);
  });

  it("takes any token when told nothing", async () => {
    await withWire({}, async ({ get, network }) => {
      expect((await get(`${network}/loadBalancers`, { headers: bearer("whatever") })).status).toBe(200);
    });
  });
});

describe("roles", () => {
  it("ARM 12 denies every action outside the list, naming action and scope", async () => {
    const allowedActions = ["Microsoft.Network/publicIPAddresses/*", "*/read"];
    await withWire({ allowedActions }, async ({ arm, network, put, get, delete: remove }) => {
      const pip = `${network}/publicIPAddresses/p`;
      expect((await put(pip, standardAddress)).status).toBe(201);
      expect((await get(`${network}/loadBalancers`)).status).toBe(200);
      const denied = await put(`${network}/virtualNetworks/v`, smallNetwork);
      expect([denied.status, denied.body.error.code]).toEqual([403, "AuthorizationFailed"]);
      expect(denied.body.error.message).toMatch(
        /^The client '[\w-]+' with object id '[\w-]+' does not have authorization to perform action 'Microsoft.Network\/virtualNetworks\/write' over scope '/,
      );
      expect(denied.body.error.message).toContain(`'${network}/virtualNetworks/v'`);
      expect(denied.headers.get("x-ms-failure-cause")).toBe("gateway");
      expect((await remove(pip)).status).toBe(202);
      arm.identity.allow(undefined);
      expect((await put(`${network}/virtualNetworks/v`, smallNetwork)).status).toBe(201);
    });
  });

  it("ARM 12 denies what a body refers to without the right to join it", async () => {
    const own = ["Microsoft.Network/loadBalancers/write", "Microsoft.Network/publicIPAddresses/write"];
    await withWire({ allowedActions: own }, async ({ arm, network, put }) => {
      const pip = `${network}/publicIPAddresses/p`;
      await put(pip, standardAddress);
      const frontend = { name: "fe", properties: { publicIPAddress: { id: pip } } };
      const body = {
        location: "westeurope",
        sku: { name: "Standard" },
        properties: { frontendIPConfigurations: [frontend] },
      };
      const denied = await put(`${network}/loadBalancers/lb`, body);
      expect([denied.status, denied.body.error.code]).toEqual([403, "LinkedAuthorizationFailed"]);
      expect(denied.body.error.message).toContain(
        `'Microsoft.Network/publicIPAddresses/join/action' on the linked scope(s) '${pip}'`,
      );
      arm.identity.allow([...own, "Microsoft.Network/publicIPAddresses/join/action"]);
      expect((await put(`${network}/loadBalancers/lb`, body)).status).toBe(201);
    });
  });
});
