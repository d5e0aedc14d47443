import { type JsonObject, listAt, objectAt, objectsAt, propertiesOf, textAt, textsAt, wordAt } from "../json.ts";
import type { Finding } from "./violation.ts";

/** Azure's published limits that a load-balancer controller can run into; all are counts. */
export const PUBLISHED_LIMITS = {
  frontendsPerBalancer: 600,
  /** Load balancing and inbound NAT rules. */
  rulesPerBalancer: 1500,
  rulesPerBasicBalancer: 250,
  membersPerPool: 5000,
  rulesPerSecurityGroup: 1000,
  /** Addresses and blocks of all rules of a group, for each side. */
  sourcesPerSecurityGroup: 4000,
  destinationsPerSecurityGroup: 4000,
  routesPerTable: 400,
  tagsPerResource: 50,
} as const;

/** Names of {@link PUBLISHED_LIMITS}. */
export type LimitName = keyof typeof PUBLISHED_LIMITS;

/** Limits with other numbers than the published ones. */
export type Limits = Readonly<Record<LimitName, number>>;

type Counts = Readonly<Partial<Record<LimitName, number>>>;

const COUNTED: Readonly<Record<string, (document: JsonObject) => Counts>> = {
  "Microsoft.Network/loadBalancers": balancer,
  "Microsoft.Network/networkSecurityGroups": securityGroup,
  "Microsoft.Network/routeTables": (document) => ({ routesPerTable: listAt(propertiesOf(document), "routes").length }),
};

/** Limits that the body of a resource exceeds. */
export function exceededLimits(id: string, type: string, document: JsonObject, limits: Limits): readonly Finding[] {
  const counts: Counts = {
    tagsPerResource: Object.keys(objectAt(document, "tags")).length,
    ...COUNTED[type]?.(document),
  };
  return (Object.entries(counts) as [LimitName, number][]).flatMap(([name, count]): readonly Finding[] =>
    count <= limits[name] ? [] : [{ oracle: "limit", resource: id, message: `${name}: ${count} of ${limits[name]}` }],
  );
}

function balancer(document: JsonObject): Counts {
  const properties = propertiesOf(document);
  const rules = listAt(properties, "loadBalancingRules").length + listAt(properties, "inboundNatRules").length;
  const isBasic = wordAt(objectAt(document, "sku"), "name") === "Basic";
  const members = objectsAt(properties, "backendAddressPools").map(
    (pool) => listAt(propertiesOf(pool), "loadBalancerBackendAddresses").length,
  );
  return {
    frontendsPerBalancer: listAt(properties, "frontendIPConfigurations").length,
    [isBasic ? "rulesPerBasicBalancer" : "rulesPerBalancer"]: rules,
    membersPerPool: Math.max(0, ...members),
  };
}

function securityGroup(document: JsonObject): Counts {
  const rules = objectsAt(propertiesOf(document), "securityRules").map(propertiesOf);
  const prefixes = (one: string): number =>
    rules.reduce((sum, rule) => sum + (textAt(rule, one) === undefined ? textsAt(rule, `${one}es`).length : 1), 0);
  return {
    rulesPerSecurityGroup: rules.length,
    sourcesPerSecurityGroup: prefixes("sourceAddressPrefix"),
    destinationsPerSecurityGroup: prefixes("destinationAddressPrefix"),
  };
}
