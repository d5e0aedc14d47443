import type { JsonObject } from "../json.ts";

/** The OpenID configuration of a tenant. @param origin - scheme and authority that the client used. */
export function openidConfiguration(origin: string, tenant: string): JsonObject {
  const base = `${origin}/${tenant}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["ES256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: tenant.toLowerCase() === "adfs" ? `${origin}/adfs` : `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    tenant_region_scope: "NA",
    cloud_instance_name: new URL(origin).host,
  };
}

/** What instance discovery says of an authority: it is known by its own name. `undefined` when it asks of none. */
export function instanceDiscovery(authorizationEndpoint: string): JsonObject | undefined {
  if (!URL.canParse(authorizationEndpoint)) return undefined;
  const { origin, host, pathname } = new URL(authorizationEndpoint);
  const tenant = pathname.split("/")[1] ?? "common";
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

/** Where a simulated cloud is. */
export interface CloudPlaces {
  /** Origin of Resource Manager as the client reached it. */
  readonly resourceManager: string;
  /** Origin of the login service: https, where there is https. */
  readonly login: string;
}

/** `/metadata/endpoints`: a list of clouds; a single description for versions before 2018. */
export function cloudMetadata({ resourceManager, login }: CloudPlaces, apiVersion: string): JsonObject | JsonObject[] {
  const audiences = ["https://management.core.windows.net/", "https://management.azure.com/"];
  if (apiVersion < "2018") {
    return {
      galleryEndpoint: "https://gallery.azure.com/",
      graphEndpoint: "https://graph.windows.net/",
      portalEndpoint: "https://portal.azure.com/",
      authentication: { loginEndpoint: `${login}/`, audiences },
    };
  }
  return [
    {
      name: "AzureCloud",
      portal: "https://portal.azure.com",
      authentication: { loginEndpoint: `${login}/`, audiences, tenant: "common", identityProvider: "AAD" },
      media: "https://rest.media.azure.net",
      graphAudience: "https://graph.windows.net/",
      graph: "https://graph.windows.net/",
      resourceManager: `${resourceManager}/`,
      suffixes: {
        acrLoginServer: "azurecr.io",
        sqlServerHostname: "database.windows.net",
        keyVaultDns: "vault.azure.net",
        storage: "core.windows.net",
        azureFrontDoorEndpointSuffix: "azurefd.net",
      },
    },
  ];
}
