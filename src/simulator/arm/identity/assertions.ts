import { constants, hash, verify, X509Certificate } from "node:crypto";
import { type JsonObject, listAt, numberAt, wordAt } from "../json.ts";
import type { Application } from "./directory.ts";
import { type Jwt, readJwt } from "./jwt.ts";
import { LoginError } from "./login-error.ts";

/** What an assertion is held against. */
export interface AssertionFacts {
  readonly nowMs: number;
  /** Tenant and path of the token endpoint, whatever host it was reached at. */
  readonly endpointPath: string;
}

const EXCHANGE = "api://AzureADTokenExchange";

/**
 * Checks the assertion that an application presents in place of a secret: one that it signed with its certificate, or
 * the token of a federated issuer. The federated token's signature is not checked: its issuer is out of reach.
 *
 * @throws LoginError
 */
export function checkAssertion(application: Application, assertion: string, facts: AssertionFacts): void {
  const jwt = readJwt(assertion);
  if (jwt === undefined) throw new LoginError(400, "invalid_request", 50027, "JWT token is invalid or malformed.");
  const expires = numberAt(jwt.claims, "exp") ?? 0;
  if (expires * 1000 <= facts.nowMs) {
    const now = new Date(facts.nowMs).toISOString();
    const message = `Client assertion is not within its valid time range. Current time: ${now}, expiry time of assertion ${new Date(expires * 1000).toISOString()}.`;
    throw new LoginError(401, "invalid_client", 700024, message);
  }
  if (wordAt(jwt.claims, "iss").toLowerCase() === application.clientId.toLowerCase()) {
    checkCertificate(application, jwt, facts);
  } else checkFederation(application, jwt.claims);
}

function checkCertificate(application: Application, jwt: Jwt, { endpointPath }: AssertionFacts): void {
  const certificates = (application.certificates ?? []).map((pem) => new X509Certificate(pem));
  const certificate = certificates.find((candidate) => hasThumbprint(candidate, jwt.header));
  const audience = wordAt(jwt.claims, "aud");
  const atUs = audience.toLowerCase().endsWith(endpointPath.toLowerCase());
  const own = wordAt(jwt.claims, "sub").toLowerCase() === application.clientId.toLowerCase();
  if (certificate !== undefined && atUs && own && isSigned(certificate, jwt)) return;
  const message = `The certificate with identifier used to sign the client assertion is not registered on application '${application.clientId}', or the assertion's audience or signature does not hold.`;
  throw new LoginError(401, "invalid_client", 700027, message);
}

function hasThumbprint({ raw }: X509Certificate, header: JsonObject): boolean {
  const [sha1, sha256] = [hash("sha1", raw, "buffer"), hash("sha256", raw, "buffer")];
  return header["x5t"] === sha1.toString("base64url") || header["x5t#S256"] === sha256.toString("base64url");
}

function isSigned({ publicKey: key }: X509Certificate, { header, content, signature }: Jwt): boolean {
  const padding = header["alg"] === "PS256" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  const options = header["alg"] === "PS256" ? { key, padding, saltLength } : { key, padding };
  return verify("sha256", Buffer.from(content), options, signature);
}

function checkFederation({ federated = [] }: Application, claims: JsonObject): void {
  const [issuer, subject] = [wordAt(claims, "iss"), wordAt(claims, "sub")];
  const audiences = Array.isArray(claims["aud"]) ? listAt(claims, "aud") : [claims["aud"] ?? ""];
  const known = federated.some(
    (credential) =>
      credential.issuer === issuer &&
      credential.subject === subject &&
      audiences.includes(credential.audience ?? EXCHANGE),
  );
  if (known) return;
  const message = `No matching federated identity record found for presented assertion subject '${subject}'. The assertion issuer is '${issuer}', the audience '${JSON.stringify(audiences)}'.`;
  throw new LoginError(401, "invalid_client", 700213, message);
}
