import type { JsonObject } from "../json.ts";
import { type FaultRow, gateway, type Refusal, refuse, WRITES } from "./fault-row.ts";

const TOKEN = /\/oauth2\/v2\.0\/token$/i;
const MANAGED_IDENTITY = /^\/metadata\/identity\/oauth2\/token\/?$/i;

const claims = Buffer.from(JSON.stringify({ access_token: { nbf: { essential: true, value: "1700000000" } } }));

function challenge(error: string, description: string): Record<string, string> {
  const uri = 'authorization_uri="https://login.windows.net/{tenant}"';
  return { "www-authenticate": `Bearer ${uri}, error="${error}", error_description="${description}"` };
}

function login(status: number, error: string, code: number, text: string): Refusal {
  const body: JsonObject = {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: {operation} Correlation ID: {operation} Timestamp: {now}`,
    error_codes: [code],
    timestamp: "{now}",
    trace_id: "{operation}",
    correlation_id: "{operation}",
    error_uri: `{origin}/error?code=${code}`,
  };
  return { status, body };
}

const expired = "The access token expiry UTC time '{earlier}' is earlier than current UTC time '{now}'.";
const noRole =
  "The client '11111111-1111-4111-8111-111111111111' with object id '22222222-2222-4222-8222-222222222222' does not have authorization to perform action '{action}' over scope '{id}' or the scope is invalid. If access was recently granted, please refresh your credentials.";
const noLinkedRole =
  "The client '11111111-1111-4111-8111-111111111111' with object id '22222222-2222-4222-8222-222222222222' has permission to perform action '{action}' on scope '{id}'; however, it does not have permission to perform action 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '{about}' or the linked scope(s) are invalid.";

/** F34 to F43: tokens, roles, policies, locks, and the services that issue tokens. */
export const ACCESS_ROWS = {
  F34: refuse(
    "token expired",
    gateway(401, "ExpiredAuthenticationToken", expired, { headers: challenge("invalid_token", expired) }),
  ),
  F35: refuse(
    "token revoked (continuous access evaluation)",
    gateway(
      401,
      "InvalidAuthenticationToken",
      "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
      {
        headers: {
          "www-authenticate": `Bearer realm="", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="insufficient_claims", claims="${claims.toString("base64")}"`,
        },
      },
    ),
  ),
  F36: refuse("role missing", gateway(403, "AuthorizationFailed", noRole)),
  F37: refuse("role on a linked scope missing", gateway(403, "LinkedAuthorizationFailed", noLinkedRole), {
    methods: ["PUT", "PATCH"],
  }),
  F38: refuse(
    "denied by policy",
    {
      status: 403,
      headers: { "x-ms-failure-cause": "gateway" },
      body: {
        error: {
          code: "RequestDisallowedByPolicy",
          target: "{name}",
          message: "Resource '{name}' was disallowed by policy.",
          additionalInfo: [
            { type: "PolicyViolation", info: { policyDefinitionDisplayName: "deny", policyAssignmentName: "deny" } },
          ],
        },
      },
    },
    { methods: ["PUT", "PATCH"] },
  ),
  F39: refuse(
    "locked",
    gateway(
      409,
      "ScopeLocked",
      "The scope '{id}' cannot perform {verb} operation because following scope(s) are locked: '{about}'. Please remove the lock and try again.",
    ),
    { methods: WRITES },
  ),
  F40: refuse(
    "login service down",
    login(503, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again."),
    { path: TOKEN },
  ),
  F41: refuse(
    "secret no longer valid",
    login(401, "invalid_client", 7000215, "Invalid client secret provided for app '{tenant}'."),
    { path: TOKEN },
  ),
  F42: refuse(
    "managed identity endpoint flaps",
    { status: 410, body: { error: "unavailable", error_description: "The service is being updated." } },
    { path: MANAGED_IDENTITY },
  ),
  F43: refuse(
    "managed identity gone",
    { status: 400, body: { error: "invalid_request", error_description: "Identity not found" } },
    { path: MANAGED_IDENTITY },
  ),
} as const satisfies Readonly<Record<string, FaultRow>>;
