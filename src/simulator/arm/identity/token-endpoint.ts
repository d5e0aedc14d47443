import type { Clock } from "../../../base/clock.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { Derive } from "../derive.ts";
import { checkAssertion } from "./assertions.ts";
import type { Application, Directory } from "./directory.ts";
import { LoginError } from "./login-error.ts";
import type { TokenOffice } from "./tokens.ts";

/** What a {@link TokenEndpoint} works with. */
export interface TokenEndpointParts {
  readonly clock: Clock;
  readonly derive: Derive;
  readonly directory: Directory;
  readonly office: TokenOffice;
}

/** `POST /{tenant}/oauth2/v2.0/token`, and the older one without `v2.0`. */
export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;

  constructor(parts: TokenEndpointParts) {
    this.#parts = parts;
  }

  /** Answers a request for a token. @param tenant - as the path names it; `adfs` stands for the only tenant. */
  serve(request: SimulatedRequest, tenant: string): Answer {
    const { clock, derive } = this.#parts;
    try {
      return this.#issue(request, tenant);
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      return error.toAnswer(clock.now(), derive.guid("login", request.body, clock.now()), request.url.origin);
    }
  }

  #issue({ body, method, url }: SimulatedRequest, tenant: string): Answer {
    const { directory, office, clock } = this.#parts;
    const form = new URLSearchParams(body);
    if (method !== "POST") throw refused("invalid_request", 900561, "The endpoint only accepts POST requests.");
    if (tenant.toLowerCase() !== "adfs" && tenant.toLowerCase() !== office.tenantId.toLowerCase()) {
      throw refused("invalid_request", 90002, `Tenant '${tenant}' not found.`);
    }
    const grant = form.get("grant_type") ?? "";
    if (grant !== "client_credentials") {
      throw refused("unsupported_grant_type", 70003, `The app requested an unsupported grant type '${grant}'.`);
    }
    const clientId = form.get("client_id") ?? "";
    const application = directory.application(clientId);
    if (application === undefined) {
      const message = `Application with identifier '${clientId}' was not found in the directory '${office.tenantId}'.`;
      throw refused("unauthorized_client", 700016, message);
    }
    checkCredential(application, form, { nowMs: clock.now(), endpointPath: url.pathname });
    const { token, lifetimeSeconds } = office.issue(directory.principalOf(application), this.#audience(form));
    const lifetime = { expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds };
    const headers = { "cache-control": "no-store, no-cache", pragma: "no-cache" };
    return {
      status: 200,
      headers,
      body: { token_type: "Bearer", ...lifetime, access_token: token },
      confidential: true,
    };
  }

  /** Of a scope such as `https://management.azure.com//.default openid`, everything before the slash of `/.default`. */
  #audience(form: URLSearchParams): string {
    const scope = (form.get("scope") ?? "").split(/\s+/).find((word) => word.endsWith("/.default"));
    const audience = scope?.slice(0, -"/.default".length) ?? form.get("resource") ?? "";
    if (audience === "") {
      throw refused(
        "invalid_scope",
        70011,
        `The provided value for the input parameter 'scope' is not valid. The scope ${form.get("scope") ?? ""} is not valid.`,
      );
    }
    if (this.#parts.office.knows(audience)) return audience;
    const message = `The resource principal named ${audience} was not found in the tenant named ${this.#parts.office.tenantId}.`;
    throw refused("invalid_resource", 500011, message);
  }
}

function checkCredential(
  application: Application,
  form: URLSearchParams,
  facts: { readonly nowMs: number; readonly endpointPath: string },
): void {
  const assertion = form.get("client_assertion");
  if (assertion !== null) {
    checkAssertion(application, assertion, facts);
    return;
  }
  const { clientId, secrets = [] } = application;
  const secret = secrets.find(({ value }) => value === form.get("client_secret"));
  if (secret === undefined) {
    const message = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`;
    throw new LoginError(401, "invalid_client", 7_000_215, message);
  }
  if (secret.expiresMs === undefined || secret.expiresMs > facts.nowMs) return;
  const message = `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app.`;
  throw new LoginError(401, "invalid_client", 7_000_222, message);
}

function refused(error: string, number: number, message: string): LoginError {
  return new LoginError(400, error, number, message);
}
