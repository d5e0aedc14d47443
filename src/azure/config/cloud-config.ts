import { atEndpoint, type CloudEnvironment, environmentNamed, PUBLIC_ENVIRONMENT } from "./environments.ts";
import type { Remark } from "./normalise.ts";
import type { ConfigValues } from "./schema.ts";
import { configuredTags, tagPrefixes } from "./tags.ts";

/** An edge zone. */
export interface ExtendedLocation {
  readonly name: string;
  readonly type: "EdgeZone";
}

type Replaced =
  | "subscriptionId"
  | "networkResourceSubscriptionID"
  | "resourceGroup"
  | "location"
  | "vnetResourceGroup"
  | "securityGroupResourceGroup"
  | "routeTableResourceGroup"
  | "privateLinkServiceResourceGroup"
  | "loadBalancerResourceGroup"
  | "excludeMasterFromStandardLB"
  | "disableOutboundSNAT"
  | "tags"
  | "tagsMap"
  | "systemTags"
  | "extendedLocationName"
  | "extendedLocationType";

/**
 * azure.json after checking: every default filled in, keys that depend on each other settled. Fields are called as the
 * keys of azure.json; what each means is in `keys/` and in docs/reference/configuration.md.
 *
 * It holds secrets: log {@link redacted}, never the value itself.
 */
export interface CloudConfig extends Omit<ConfigValues, Replaced> {
  /** From `cloud` and `resourceManagerEndpoint`; the endpoint's own metadata are laid over it by `load.ts`. */
  readonly environment: CloudEnvironment;
  /** Azure Stack's older behaviour: no zones, older API versions. */
  readonly isAzureStack: boolean;
  /** Empty when not configured; {@link checkForController} refuses that. */
  readonly subscriptionId: string;
  readonly networkResourceSubscriptionID: string;
  /** Lower case. Empty when not configured; {@link checkForController} refuses that. */
  readonly resourceGroup: string;
  /** Empty when not configured; {@link checkForController} refuses that. */
  readonly location: string;
  readonly vnetResourceGroup: string;
  readonly securityGroupResourceGroup: string;
  readonly routeTableResourceGroup: string;
  readonly privateLinkServiceResourceGroup: string;
  readonly loadBalancerResourceGroup: string;
  readonly excludeMasterFromStandardLB: boolean;
  readonly disableOutboundSNAT: boolean;
  /** `tags` and `tagsMap` together. */
  readonly tags: Readonly<Record<string, string>>;
  /** Prefixes of tag keys that are never removed. */
  readonly systemTags: readonly string[];
  readonly extendedLocation?: ExtendedLocation;
}

/** Settles the keys that depend on each other. Total: what is wrong is said by `cross-checks.ts`. */
export function settle(values: ConfigValues): { readonly config: CloudConfig; readonly remarks: readonly Remark[] } {
  const { tagsMap, extendedLocationName, extendedLocationType, ...rest } = values;
  const configured = configuredTags(values.tags, tagsMap);
  const known = environmentNamed(values.cloud);
  const remarks = [...configured.remarks];
  if (known === undefined) {
    remarks.push({ field: "cloud", text: `${JSON.stringify(values.cloud)} is unknown and read as AzurePublicCloud` });
  }
  const subscriptionId = values.subscriptionId ?? "";
  const config: CloudConfig = {
    ...rest,
    ...groups(values),
    ...balancerDefaults(values),
    environment: environmentAt(known ?? PUBLIC_ENVIRONMENT, values.resourceManagerEndpoint),
    isAzureStack: known?.name === "AzureStackCloud" && !values.disableAzureStackCloud,
    subscriptionId,
    networkResourceSubscriptionID: values.networkResourceSubscriptionID ?? subscriptionId,
    location: values.location ?? "",
    tags: configured.tags,
    systemTags: tagPrefixes(values.systemTags),
    ...edgeZone(extendedLocationName, extendedLocationType),
  };
  return { config, remarks };
}

// Azure has one type of extended location, and the original reads every other word as that one.
function edgeZone(name: string | undefined, type: string | undefined): Pick<CloudConfig, "extendedLocation"> {
  return name === undefined || type === undefined ? {} : { extendedLocation: { name, type: "EdgeZone" } };
}

function environmentAt(environment: CloudEnvironment, endpoint: string | undefined): CloudEnvironment {
  return endpoint === undefined ? environment : atEndpoint(environment, endpoint);
}

// The original lower-cases the group of a file and not that of a Secret, and then compares both with ARM's spelling;
// lower case always is what makes the comparisons right.
function groups(values: ConfigValues): Pick<CloudConfig, Extract<Replaced, `${string}esourceGroup`>> {
  const resourceGroup = (values.resourceGroup ?? "").toLowerCase();
  return {
    resourceGroup,
    vnetResourceGroup: values.vnetResourceGroup ?? resourceGroup,
    securityGroupResourceGroup: values.securityGroupResourceGroup ?? resourceGroup,
    routeTableResourceGroup: values.routeTableResourceGroup ?? resourceGroup,
    privateLinkServiceResourceGroup: values.privateLinkServiceResourceGroup ?? resourceGroup,
    loadBalancerResourceGroup: values.loadBalancerResourceGroup ?? resourceGroup,
  };
}

function balancerDefaults(
  values: ConfigValues,
): Pick<CloudConfig, "excludeMasterFromStandardLB" | "disableOutboundSNAT"> {
  return {
    excludeMasterFromStandardLB: values.excludeMasterFromStandardLB ?? values.loadBalancerSku === "standard",
    disableOutboundSNAT: values.disableOutboundSNAT ?? false,
  };
}
