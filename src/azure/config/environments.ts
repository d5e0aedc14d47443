import type { Checked } from "../../base/checked.ts";

/** Addresses and audiences of one Azure cloud. */
export interface CloudEnvironment {
  readonly name: string;
  /** Base address of Azure Resource Manager, without a slash at its end. */
  readonly resourceManagerEndpoint: string;
  /** Audience of tokens for Azure Resource Manager, exactly as it goes before `/.default`. */
  readonly resourceManagerAudience: string;
  /** Base address of the login service, with a slash at its end. */
  readonly authorityHost: string;
  readonly storageEndpointSuffix: string;
  readonly containerRegistrySuffix: string;
}

const PUBLIC: CloudEnvironment = {
  name: "AzurePublicCloud",
  resourceManagerEndpoint: "https://management.azure.com",
  resourceManagerAudience: "https://management.core.windows.net/",
  authorityHost: "https://login.microsoftonline.com/",
  storageEndpointSuffix: "core.windows.net",
  containerRegistrySuffix: "azurecr.io",
};

const CHINA: CloudEnvironment = {
  name: "AzureChinaCloud",
  resourceManagerEndpoint: "https://management.chinacloudapi.cn",
  resourceManagerAudience: "https://management.core.chinacloudapi.cn/",
  authorityHost: "https://login.chinacloudapi.cn/",
  storageEndpointSuffix: "core.chinacloudapi.cn",
  containerRegistrySuffix: "azurecr.cn",
};

const US_GOVERNMENT: CloudEnvironment = {
  name: "AzureUSGovernmentCloud",
  resourceManagerEndpoint: "https://management.usgovcloudapi.net",
  resourceManagerAudience: "https://management.core.usgovcloudapi.net/",
  authorityHost: "https://login.microsoftonline.us/",
  storageEndpointSuffix: "core.usgovcloudapi.net",
  containerRegistrySuffix: "azurecr.us",
};

const BY_NAME: ReadonlyMap<string, CloudEnvironment> = new Map([
  ["", PUBLIC],
  ["AZURECLOUD", PUBLIC],
  ["AZUREPUBLICCLOUD", PUBLIC],
  ["AZURECHINACLOUD", CHINA],
  ["AZURECHINA", CHINA],
  ["AZUREUSGOVERNMENT", US_GOVERNMENT],
  ["AZUREUSGOVERNMENTCLOUD", US_GOVERNMENT],
  ["AZURESTACKCLOUD", { ...PUBLIC, name: "AzureStackCloud" }],
]);

/** The environment that `cloud` names (blanks and letter case ignored), or undefined for a name nobody knows. */
export function environmentNamed(cloud: string | undefined): CloudEnvironment | undefined {
  return BY_NAME.get((cloud ?? "").trim().toUpperCase());
}

/** What an unknown name means, as in the original. */
export const PUBLIC_ENVIRONMENT: CloudEnvironment = PUBLIC;

/** `environment` with its Resource Manager elsewhere; audience and login stay until the endpoint's metadata are known. */
export function atEndpoint(environment: CloudEnvironment, endpoint: string): CloudEnvironment {
  return { ...environment, resourceManagerEndpoint: endpoint.replace(/\/+$/, "") };
}

/** Where an endpoint describes itself. */
export function metadataUrl(endpoint: string): string {
  return `${endpoint.replace(/\/$/, "")}/metadata/endpoints?api-version=2019-05-01`;
}

/**
 * Lays an endpoint's own description over `environment`. Of several clouds the one called `cloud` counts, the first if
 * `cloud` is empty; where none matches nothing changes. What the description leaves out stays as it was.
 *
 * @param description - the body of {@link metadataUrl}: a list of clouds.
 */
export function withMetadata(
  environment: CloudEnvironment,
  description: unknown,
  cloud: string | undefined,
): Checked<CloudEnvironment> {
  if (!Array.isArray(description)) {
    const want = "a list of clouds, as Azure Resource Manager answers";
    return {
      ok: false,
      problems: [{ field: metadataUrl(environment.resourceManagerEndpoint), got: typeof description, want }],
    };
  }
  const wanted = (cloud ?? "").trim().toLowerCase();
  const entry = description
    .filter(isObject)
    .find((item) => wanted === "" || textOf(item, "name")?.toLowerCase() === wanted);
  return { ok: true, value: entry === undefined ? environment : describedBy(entry, environment) };
}

function describedBy(entry: Readonly<Record<string, unknown>>, environment: CloudEnvironment): CloudEnvironment {
  const login = objectOf(entry, "authentication");
  const suffixes = objectOf(entry, "suffixes");
  const audiences = Array.isArray(login["audiences"]) ? login["audiences"] : [];
  return {
    name: textOf(entry, "name") ?? environment.name,
    resourceManagerEndpoint: withoutSlash(textOf(entry, "resourceManager") ?? environment.resourceManagerEndpoint),
    resourceManagerAudience: textOf({ first: audiences[0] as unknown }, "first") ?? environment.resourceManagerAudience,
    authorityHost: textOf(login, "loginEndpoint") ?? environment.authorityHost,
    storageEndpointSuffix: textOf(suffixes, "storage") ?? environment.storageEndpointSuffix,
    containerRegistrySuffix: textOf(suffixes, "acrLoginServer") ?? environment.containerRegistrySuffix,
  };
}

/**
 * Lays an Azure Stack environment file (the classic keys of go-autorest) over `environment`. Endpoint and audience
 * count only together.
 */
export function withEnvironmentFile(
  environment: CloudEnvironment,
  file: Readonly<Record<string, unknown>>,
): CloudEnvironment {
  const endpoint = textOf(file, "resourceManagerEndpoint");
  const audience = textOf(file, "tokenAudience");
  const both = endpoint !== undefined && audience !== undefined;
  return {
    ...environment,
    ...(both ? { resourceManagerEndpoint: withoutSlash(endpoint), resourceManagerAudience: audience } : {}),
    authorityHost: textOf(file, "activeDirectoryEndpoint") ?? environment.authorityHost,
    storageEndpointSuffix: textOf(file, "storageEndpointSuffix") ?? environment.storageEndpointSuffix,
    containerRegistrySuffix: textOf(file, "containerRegistryDNSSuffix") ?? environment.containerRegistrySuffix,
  };
}

const withoutSlash = (address: string): string => address.replace(/\/+$/, "");

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf(object: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = object[key];
  return isObject(value) ? value : {};
}

function textOf(object: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
