import type { JsonObject } from "./json.ts";
import { LOCATIONS, type Location } from "./locations.ts";
import type { ResourceType } from "./resource-type.ts";

/** `GET /subscriptions/{id}` */
export function subscriptionDocument(subscription: string, tenantId: string): JsonObject {
  return {
    id: `/subscriptions/${subscription}`,
    subscriptionId: subscription,
    tenantId,
    displayName: "sim",
    state: "Enabled",
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "EnterpriseAgreement_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

/** One item of `GET /subscriptions/{id}/locations`. */
export function locationDocument(subscription: string, location: Location): JsonObject {
  const { name, displayName, geography, zones } = location;
  return {
    id: `/subscriptions/${subscription}/locations/${name}`,
    name,
    type: "Region",
    displayName,
    regionalDisplayName: `(${geography}) ${displayName}`,
    metadata: { regionType: "Physical", regionCategory: "Recommended", geographyGroup: geography },
    ...(zones.length > 0 && {
      availabilityZoneMappings: zones.map((zone) => ({ logicalZone: zone, physicalZone: `${name}-az${zone}` })),
    }),
  };
}

/** `GET /subscriptions/{id}/providers/{namespace}`; zone mappings name locations as people read them. */
export function providerDocument(subscription: string, namespace: string, types: readonly ResourceType[]): JsonObject {
  const own = types.filter(({ name }) => name.toLowerCase().startsWith(`${namespace.toLowerCase()}/`));
  const zoneMappings = LOCATIONS.filter(({ zones }) => zones.length > 0).map(({ displayName, zones }) => ({
    location: displayName,
    zones: [...zones],
  }));
  return {
    id: `/subscriptions/${subscription}/providers/${namespace}`,
    namespace,
    registrationState: "Registered",
    registrationPolicy: "RegistrationRequired",
    resourceTypes: own.map(({ name, apiVersions }) => ({
      resourceType: name.slice(name.indexOf("/") + 1),
      locations: LOCATIONS.map(({ displayName }) => displayName),
      apiVersions: apiVersions.toReversed(),
      zoneMappings,
      capabilities: "None",
    })),
  };
}
