import { ArmError, networkError } from "../arm-error.ts";
import { type ArmId, typeName } from "../arm-id.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, textAt, textsAt, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import type { Quotas } from "./documented-quotas.ts";
import { coresOf, rulesThroughInterface } from "./quota-counts.ts";

/** A write that quotas are held against. */
export interface QuotaDraft {
  readonly id: ArmId;
  readonly document: JsonObject;
  readonly previous: ResourceRecord | undefined;
  readonly world: Store;
}

/** One count that has an upper end. */
interface Count {
  readonly most: number;
  readonly got: number;
  /** Count before the write: what was too much already may stay. */
  readonly before: number;
  readonly refusal: (most: number) => ArmError;
}

/** Why a write is refused that would make too many of something; `undefined` when it would not. */
export function refusedQuota(draft: QuotaDraft, quotas: Quotas): ArmError | undefined {
  const counts = COUNTS[typeName(draft.id)]?.(draft, quotas) ?? [];
  const over = counts.find(({ got, most, before }) => got > most && got > before);
  return over?.refusal(over.most);
}

type Counter = (draft: QuotaDraft, quotas: Quotas) => readonly Count[];

const COUNTS: Readonly<Record<string, Counter>> = {
  "Microsoft.Network/publicIPAddresses": (draft, quotas) => {
    const { publicIPAddressesPerRegion: most } = quotas;
    const refusal = (count: number): ArmError =>
      networkError(
        "PublicIPCountLimitReached",
        `Cannot create more than ${count} public IP addresses for this subscription in this region.`,
      );
    return [perRegion(draft, most, refusal)];
  },
  "Microsoft.Network/loadBalancers": balancerCounts,
  "Microsoft.Network/networkInterfaces": (draft, quotas) => [
    perRegion(draft, quotas.networkInterfacesPerRegion, tooMany("NetworkInterface", "network interfaces")),
    ...throughInterface(draft, quotas.rulesPerInterface),
  ],
  "Microsoft.Network/networkSecurityGroups": securityCounts,
  "Microsoft.Network/routeTables": (draft, quotas) => [
    perRegion(draft, quotas.routeTablesPerRegion, tooMany("RouteTable", "route tables")),
    perList(draft, "routes", quotas.routesPerTable, tooMany("RoutesPerRouteTable", "routes in a route table")),
  ],
  "Microsoft.Network/virtualNetworks": (draft, quotas) => [
    perRegion(draft, quotas.virtualNetworksPerRegion, tooMany("VirtualNetwork", "virtual networks")),
    perList(draft, "subnets", quotas.subnetsPerNetwork, tooMany("SubnetsPerVirtualNetwork", "subnets in a network")),
  ],
  "Microsoft.Compute/disks": (draft, quotas) => [perRegion(draft, quotas.disksPerRegion, exceeded("Disks"))],
  "Microsoft.Compute/snapshots": (draft, quotas) => [
    perRegion(draft, quotas.snapshotsPerRegion, exceeded("Snapshots")),
  ],
  "Microsoft.Compute/virtualMachines": coreCounts,
  "Microsoft.Compute/virtualMachineScaleSets": (draft, quotas) => [
    ...coreCounts(draft, quotas),
    {
      most: quotas.instancesPerScaleSet,
      got: capacityOf(draft.document),
      before: capacityOf(draft.previous?.shown ?? {}),
      refusal: (most) =>
        new ArmError(
          400,
          "InvalidParameter",
          `The value of parameter sku.capacity is out of range. The value must be between '0' and '${most}'.`,
          { target: "sku.capacity" },
        ),
    },
  ],
};

function balancerCounts(draft: QuotaDraft, quotas: Quotas): readonly Count[] {
  const basic = wordAt(objectAt(draft.document, "sku"), "name") === "Basic";
  const frontends = basic ? quotas.frontendsPerBasicBalancer : quotas.frontendsPerBalancer;
  const rules = basic ? quotas.rulesPerBasicBalancer : quotas.rulesPerBalancer;
  const pools = objectsAt(propertiesOf(draft.document), "backendAddressPools").map(({ properties }) => ({
    properties,
  }));
  const largest = Math.max(
    0,
    ...pools.map((pool) => objectsAt(propertiesOf(pool), "loadBalancerBackendAddresses").length),
  );
  return [
    perRegion(draft, quotas.loadBalancersPerRegion, tooMany("LoadBalancer", "load balancers")),
    perList(
      draft,
      "frontendIPConfigurations",
      frontends,
      tooMany("FrontendIPConfigurationsPerLoadBalancer", "frontend IP configurations in a load balancer"),
    ),
    {
      ...perList(draft, "loadBalancingRules", rules, tooMany("RulesPerLoadBalancer", "rules in a load balancer")),
      got: ruleCount(draft.document),
      before: ruleCount(draft.previous?.shown ?? {}),
    },
    {
      most: quotas.membersPerPool,
      got: largest,
      before: 0,
      refusal: tooMany("BackendAddressesPerPool", "backend addresses in a pool"),
    },
    ...throughInterface(draft, quotas.rulesPerInterface),
  ];
}

function securityCounts(draft: QuotaDraft, quotas: Quotas): readonly Count[] {
  const prefixes = (direction: string): Count => ({
    most: quotas.prefixesPerDirection,
    got: prefixCount(draft.document, direction),
    before: prefixCount(draft.previous?.shown ?? {}, direction),
    refusal: tooMany("AddressPrefixesPerSecurityGroup", "address prefixes in a network security group"),
  });
  return [
    perRegion(draft, quotas.securityGroupsPerRegion, tooMany("NetworkSecurityGroup", "network security groups")),
    perList(
      draft,
      "securityRules",
      quotas.securityRulesPerGroup,
      tooMany("SecurityRulesPerNetworkSecurityGroup", "security rules in a network security group"),
    ),
    prefixes("Inbound"),
    prefixes("Outbound"),
  ];
}

function coreCounts(draft: QuotaDraft, { coresPerRegion: most }: Quotas): readonly Count[] {
  const own = coresOf(draft.document);
  const before = coresOf(draft.previous?.shown ?? {});
  const { subscription } = draft.id;
  const location = wordAt(draft.document, "location");
  const others = ["Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets"]
    .flatMap((type) => draft.world.ofType(type))
    .filter((record) => record !== draft.previous && record.id.subscription === subscription)
    .filter((record) => record.location === location)
    .reduce((sum, record) => sum + coresOf(record.shown), 0);
  const message = `Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${most}, Current Usage: ${others + before}, Additional Required: ${own - before}, (Minimum) New Limit Required: ${others + own}.`;
  const refusal = (): ArmError => new ArmError(409, "OperationNotAllowed", message);
  return [{ most, got: others + own, before: others + before, refusal }];
}

function throughInterface(draft: QuotaDraft, most: number): readonly Count[] {
  const { got, interfaceId } = rulesThroughInterface(draft);
  const message = `A network interface cannot have more than ${most} load balancer rules. Network interface ${interfaceId} would have ${got}.`;
  return [{ most, got, before: 0, refusal: () => networkError("LoadBalancerRuleCountLimitReachedForNic", message) }];
}

/** Counts only what comes new. */
function perRegion({ id, document, previous, world }: QuotaDraft, most: number, refusal: Count["refusal"]): Count {
  if (previous !== undefined) return { most, got: 0, before: 0, refusal };
  const location = wordAt(document, "location");
  const there = world
    .ofType(typeName(id))
    .filter((record) => record.id.subscription === id.subscription && record.location === location);
  return { most, got: there.length + 1, before: there.length, refusal };
}

function perList({ document, previous }: QuotaDraft, list: string, most: number, refusal: Count["refusal"]): Count {
  const length = (from: JsonObject): number => objectsAt(propertiesOf(from), list).length;
  return { most, got: length(document), before: length(previous?.shown ?? {}), refusal };
}

function ruleCount(balancer: JsonObject): number {
  const properties = propertiesOf(balancer);
  return objectsAt(properties, "loadBalancingRules").length + objectsAt(properties, "inboundNatRules").length;
}

function prefixCount(group: JsonObject, direction: string): number {
  const rules = objectsAt(propertiesOf(group), "securityRules").map(propertiesOf);
  return rules
    .filter((rule) => rule["direction"] === direction)
    .flatMap((rule) => ["source", "destination"].map((side) => prefixesAt(rule, `${side}AddressPrefix`)))
    .reduce((sum, count) => sum + count, 0);
}

function prefixesAt(rule: JsonObject, key: string): number {
  return (textAt(rule, key) === undefined ? 0 : 1) + textsAt(rule, `${key}es`).length;
}

function capacityOf(scaleSet: JsonObject): number {
  const { capacity } = objectAt(scaleSet, "sku") as { readonly capacity?: number };
  return capacity ?? 0;
}

function tooMany(subject: string, what: string): Count["refusal"] {
  return (most) => networkError(`${subject}CountLimitReached`, `Cannot create more than ${most} ${what}.`);
}

function exceeded(what: string): Count["refusal"] {
  return (most) =>
    new ArmError(
      409,
      "OperationNotAllowed",
      `Operation could not be completed as it results in exceeding approved ${what} quota. Current Limit: ${most}. QuotaExceeded.`,
    );
}

/** Why one more resource group is refused. */
export function tooManyGroups(id: string, most: number): ArmError {
  const message = `Creating the resource group '${id.split("/").at(-1) ?? ""}' would exceed the quota of '${most}'. The current resource group count is '${most}', please delete some resource groups before creating a new one.`;
  return new ArmError(409, "ResourceGroupQuotaExceeded", message, { author: "gateway" });
}
