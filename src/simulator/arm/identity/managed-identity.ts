import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { Directory } from "./directory.ts";
import type { TokenOffice } from "./tokens.ts";

/** Token endpoints that only a machine reaches: the instance metadata service's and that of App Service. */
export class ManagedIdentityEndpoint {
  readonly #directory: Directory;
  readonly #office: TokenOffice;
  /** What `X-IDENTITY-HEADER` must say at the App Service endpoint. */
  readonly identityHeader: string;

  constructor(directory: Directory, office: TokenOffice, identityHeader: string) {
    this.#directory = directory;
    this.#office = office;
    this.identityHeader = identityHeader;
  }

  /** `GET /metadata/identity/oauth2/token`, with or without a slash at its end. */
  fromMetadataService(request: SimulatedRequest): Answer {
    return metadataRefusal(request) ?? this.#token(request);
  }

  /** `GET /msi/token`: the address of `IDENTITY_ENDPOINT`. */
  fromAppService(request: SimulatedRequest): Answer {
    if (request.headers["x-identity-header"] === this.identityHeader) return this.#token(request);
    return refused("invalid_request", "The X-IDENTITY-HEADER of the request is missing or wrong");
  }

  #token({ method, url }: SimulatedRequest): Answer {
    if (method !== "GET") return { status: 405, body: { error: "method_not_allowed" } };
    const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
    const resource = query.get("resource") ?? "";
    if ((query.get("api-version") ?? "") === "")
      return refused("invalid_request", "Required query variable 'api-version' is missing");
    if (resource === "") return refused("invalid_request", "Required query variable 'resource' is missing");
    if (!this.#office.knows(resource)) {
      const message = `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${this.#office.tenantId}.`;
      return refused("invalid_resource", message);
    }
    const identity = this.#directory.managed(query);
    if (identity === undefined) return refused("invalid_request", "Identity not found");
    const principal = { appId: identity.clientId, objectId: identity.objectId };
    const { token, issuedAt, expiresAt, lifetimeSeconds } = this.#office.issue(principal, resource);
    const body = {
      access_token: token,
      client_id: identity.clientId,
      expires_in: String(lifetimeSeconds),
      expires_on: String(expiresAt),
      ext_expires_in: String(lifetimeSeconds),
      not_before: String(issuedAt),
      resource,
      token_type: "Bearer",
    };
    return { status: 200, body };
  }
}

/** The instance metadata service answers only those who ask on purpose, and nobody behind a proxy. */
export function metadataRefusal({ headers }: SimulatedRequest): Answer | undefined {
  const [metadata = ""] = [headers["metadata"]].flat();
  if (metadata.toLowerCase() !== "true") return refused("invalid_request", "Required metadata header not specified");
  if (headers["x-forwarded-for"] === undefined) return undefined;
  return refused("invalid_request", "Requests that were forwarded are not served");
}

function refused(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}
