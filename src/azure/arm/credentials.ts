import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/core-auth";
import { CloudError } from "../../cloudprovider/errors.ts";
import { type CredentialSettings, chooseIdentity, type Identity } from "./identity.ts";

/** What is the same for every kind of credential. */
export interface CredentialOptions {
  /** Base address of the login service; https. */
  readonly authorityHost: string;
  /** PEM of the authorities to trust, in place of the system's. */
  readonly ca?: string;
}

/** Hosts that the identity library knows by itself; at any other it would ask the public cloud who that is. */
const KNOWN_AUTHORITIES: ReadonlySet<string> = new Set([
  "login.microsoftonline.com",
  "login.chinacloudapi.cn",
  "login.microsoftonline.us",
]);

/**
 * The credential that the configuration asks for, the first that matches as in cloud-provider-azure. Loads the identity
 * library; asks for no token yet.
 *
 * @throws {@link CloudError} `InvalidArgument` when something it needs is missing, `Unauthenticated` when the certificate
 * cannot be read.
 */
export async function createCredential(
  settings: CredentialSettings,
  options: CredentialOptions,
): Promise<TokenCredential> {
  const identity = chooseIdentity(settings);
  const sdk = await import("@azure/identity");
  const { authorityHost, ca } = options;
  const common = {
    authorityHost,
    disableInstanceDiscovery: !KNOWN_AUTHORITIES.has(new URL(authorityHost).hostname),
    ...(ca !== undefined && { tlsOptions: { ca } }),
  };
  switch (identity.kind) {
    case "workload": {
      const { tenantId, clientId, tokenFilePath } = identity;
      return new sdk.WorkloadIdentityCredential({ ...common, tenantId, clientId, tokenFilePath });
    }
    case "managed":
      return managedIdentity(sdk, identity.which);
    case "secret":
      return new sdk.ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, common);
    case "certificate": {
      const certificate = await readCertificate(identity);
      const withChain = { ...common, sendCertificateChain: true };
      return new sdk.ClientCertificateCredential(identity.tenantId, identity.clientId, { certificate }, withChain);
    }
  }
}

type Which = Extract<Identity, { readonly kind: "managed" }>["which"];

// The library has one constructor per kind of id.
function managedIdentity(sdk: typeof import("@azure/identity"), which: Which): TokenCredential {
  if (which === undefined) return new sdk.ManagedIdentityCredential();
  return "clientId" in which ? new sdk.ManagedIdentityCredential(which) : new sdk.ManagedIdentityCredential(which);
}

async function readCertificate({ path }: Extract<Identity, { readonly kind: "certificate" }>): Promise<string> {
  const pem = await readFile(path, "utf8").catch((reason: unknown) => {
    throw new CloudError("Unauthenticated", `reading the client certificate from file ${path}: ${String(reason)}`);
  });
  const problem = !pem.includes("-----BEGIN CERTIFICATE-----")
    ? "found no certificate"
    : !/-----BEGIN (RSA )?PRIVATE KEY-----/.test(pem)
      ? "found no private key"
      : undefined;
  if (problem === undefined) return pem;
  throw new CloudError("Unauthenticated", `decoding the client certificate ${path}: ${problem}`, {
    advice: "The file must be PEM and hold the certificate and its unencrypted RSA key; PKCS#12 is not supported.",
  });
}
