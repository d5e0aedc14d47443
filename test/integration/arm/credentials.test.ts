import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createCredential } from "../../../src/azure/arm/credentials.ts";
import type { CredentialSettings } from "../../../src/azure/arm/identity.ts";
import { makeCertificate } from "../../../src/simulator/http/certificate.ts";

const TENANT = "11111111-1111-1111-1111-111111111111";
const SCOPE = "https://management.core.windows.net//.default";
const nobody: CredentialSettings = { useManagedIdentityExtension: false, useFederatedWorkloadIdentityExtension: false };

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/** A login service that gives a token to whoever knows the secret. */
async function loginService(secret: string) {
  const certificate = await makeCertificate();
  const server = createServer(certificate, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const host = `https://${request.headers.host}/${TENANT}`;
      response.setHeader("content-type", "application/json");
      if (request.url?.includes("openid-configuration")) {
        const endpoints = {
          token_endpoint: `${host}/oauth2/v2.0/token`,
          authorization_endpoint: `${host}/oauth2/v2.0/authorize`,
        };
        response.end(JSON.stringify({ ...endpoints, issuer: `${host}/v2.0`, jwks_uri: `${host}/keys` }));
        return;
      }
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const knows = form.get("client_secret") === secret && form.get("scope")?.includes(SCOPE);
      response.statusCode = knows ? 200 : 401;
      const refusal = { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." };
      response.end(
        JSON.stringify(knows ? { token_type: "Bearer", expires_in: 3600, access_token: "granted" } : refusal),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { authorityHost: `https://localhost:${(server.address() as AddressInfo).port}/`, ca: certificate.ca };
}

describe("a credential", () => {
  it("from a client secret asks the login service of the configuration, and no other", async () => {
    const options = await loginService("hunter2");
    const settings = { ...nobody, tenantId: TENANT, aadClientId: "app", aadClientSecret: "hunter2" };
    const credential = await createCredential(settings, options);
    expect((await credential.getToken(SCOPE))?.token).toBe("granted");
  });

  it("with a wrong secret says what the login service said, and not the secret", async () => {
    const options = await loginService("another");
    const settings = { ...nobody, tenantId: TENANT, aadClientId: "app", aadClientSecret: "hunter2" };
    const credential = await createCredential(settings, options);
    const text = await credential.getToken(SCOPE).then(
      () => "a token",
      (caught: unknown) => (caught as Error).message,
    );
    expect(text).toContain("AADSTS7000215");
    expect(text).not.toContain("hunter2");
  });

  it("from a certificate that is not there names the file", async () => {
    const settings = { ...nobody, tenantId: TENANT, aadClientId: "app", aadClientCertPath: "/nowhere/cert.pem" };
    await expect(
      createCredential(settings, { authorityHost: "https://login.microsoftonline.com/" }),
    ).rejects.toMatchObject({
      code: "Unauthenticated",
      message: expect.stringContaining("/nowhere/cert.pem"),
    });
  });

  for (const [name, settings] of [
    ["managed identity", { ...nobody, useManagedIdentityExtension: true }],
    ["user-assigned identity", { ...nobody, useManagedIdentityExtension: true, userAssignedIdentityID: "guid" }],
    [
      "workload identity",
      {
        ...nobody,
        useFederatedWorkloadIdentityExtension: true,
        tenantId: TENANT,
        aadClientId: "app",
        aadFederatedTokenFile: "/token",
      },
    ],
  ] as const) {
    it(`of a ${name} is made without asking anybody`, async () => {
      const credential = await createCredential(settings, { authorityHost: "https://login.microsoftonline.com/" });
      expect(credential).toHaveProperty("getToken");
    });
  }
});
