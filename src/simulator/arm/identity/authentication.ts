import { ArmError } from "../arm-error.ts";
import type { Principal } from "./directory.ts";
import type { TokenOffice, TokenProblem } from "./tokens.ts";

/** Whether ARM takes any bearer token, or only those that the simulator has issued and that still count. */
export type TokenChecks = "any" | "checked";

/** Who calls when tokens are not checked and this one is none of ours. */
const ANYBODY: Principal = {
  appId: "00000000-0000-4000-8000-00000000a11b",
  objectId: "00000000-0000-4000-8000-00000000a11c",
};

/** Who presents an `Authorization` header. @throws ArmError 401 with a challenge */
export function authenticate(authorization: string | undefined, office: TokenOffice, checks: TokenChecks): Principal {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) throw missing(office.tenantId);
  const judged = office.judge(token);
  if (!("kind" in judged)) return judged;
  if (checks === "any" && judged.kind !== "revoked") return ANYBODY;
  throw refusalOf(judged, office.tenantId);
}

function missing(tenantId: string): ArmError {
  const description = "The authentication failed because of missing 'Authorization' header.";
  const message = "Authentication failed. The 'Authorization' header is missing.";
  return unauthorized("AuthenticationFailed", message, challenge(tenantId, "invalid_token", description));
}

function refusalOf(problem: TokenProblem, tenantId: string): ArmError {
  const { code, message } = wordsFor(problem, tenantId);
  const header = problem.kind === "revoked" ? claimsChallenge() : challenge(tenantId, "invalid_token", message);
  return unauthorized(code, message, header);
}

function wordsFor(problem: TokenProblem, tenantId: string): { readonly code: string; readonly message: string } {
  switch (problem.kind) {
    case "invalid":
      return { code: "InvalidAuthenticationToken", message: "The access token is invalid." };
    case "audience":
      return {
        code: "InvalidAuthenticationTokenAudience",
        message: `The access token has been obtained for wrong audience or resource '${problem.detail}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.`,
      };
    case "tenant":
      return {
        code: "InvalidAuthenticationTokenTenant",
        message: `The access token is from the wrong issuer '${problem.detail}'. It must match the tenant 'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenantId}' to get the token.`,
      };
    case "expired":
      return {
        code: "ExpiredAuthenticationToken",
        message: `The access token expiry UTC time '${utc(problem.expiredMs)}' is earlier than current UTC time '${utc(problem.nowMs)}'.`,
      };
    case "revoked":
      return {
        code: "InvalidAuthenticationToken",
        message:
          "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
      };
  }
}

function unauthorized(code: string, message: string, authenticateHeader: string): ArmError {
  return new ArmError(401, code, message, { author: "gateway", headers: { "www-authenticate": authenticateHeader } });
}

function challenge(tenantId: string, error: string, description: string): string {
  const uri = `https://login.windows.net/${tenantId}`;
  return `Bearer authorization_uri="${uri}", error="${error}", error_description="${description}"`;
}

/** Asks for a new token with claims: clients do so once and repeat the request. */
function claimsChallenge(): string {
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1700000000" } } });
  const base64 = Buffer.from(claims).toString("base64");
  return `Bearer realm="", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="insufficient_claims", claims="${base64}"`;
}

/** `1/31/2026 11:05:09 AM` */
function utc(ms: number): string {
  return new Date(ms).toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "");
}
