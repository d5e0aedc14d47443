import type { NetworkSecurityGroup, SecurityRule } from "@azure/arm-network";
import { canonicalAddress } from "../../../base/cidr.ts";
import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Edit } from "../../arm/port.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { exchanged } from "../lookup.ts";
import { SECURITY_RULE_PREFIX } from "../names.ts";
import { refuseGrowthBeyondLimits } from "./access-limits.ts";
import { withDestinations, withRule } from "./access-rule-body.ts";
import { type AccessClaim, type AccessRule, destinationsOf, portsOf } from "./access-rules.ts";
import { planTags } from "./tags.ts";

/** What one Service wants of the security group. */
export interface AccessWish {
  readonly config: LoadBalancerConfig;
  /** What it needs now; without rules and destinations when it needs nothing (any more). */
  readonly claim: AccessClaim;
  /** Fold order of the Service, see `LoadBalancerSettings.order`. */
  readonly order: string;
  /** Addresses that it held and holds no more: what its rules are cleaned of besides its own destinations. */
  readonly released: readonly string[];
  /**
   * The live claims of all Services on an address, in-flight ones included: what must not be taken away. Read when the
   * edit is applied; the Service's own claim in it is ignored.
   */
  readonly others: (address: string) => readonly AccessClaim[];
}

/**
 * The edit that brings one Service's part of the security group to what it claims: its addresses leave all managed rules
 * that nobody claims for them and join those it needs. Addresses that are neither its own nor released stay, whoever put
 * them there; rules of others are never touched.
 *
 * Its `apply` throws a CloudError `NotFound` when rules are wanted and there is no security group, and `QuotaExceeded`
 * when the group would grow over ARM's limits.
 */
export function accessEdit(wish: AccessWish): Edit<NetworkSecurityGroup> {
  return {
    owner: wish.claim.key,
    order: wish.order,
    apply: (current) => (current === undefined ? absent(wish) : planAccess(current, wish)),
    mentions: wish.claim.rules.map(({ name }) => name.toLowerCase()),
  };
}

/**
 * The edit that only adds the deny rules of a claim: to be confirmed before the frontend exists. Undefined when the
 * Service claims none. Same owner as {@link accessEdit}, which includes it and so may take its place.
 */
export function denyEdit(wish: AccessWish): Edit<NetworkSecurityGroup> | undefined {
  return addingEdit(
    wish,
    wish.claim.rules.filter(({ access }) => access === "Deny"),
  );
}

/**
 * The edit that only adds the rules of a claim and takes none away: while the balancer changes, packets arrive in the old
 * way and in the new one. Undefined when the Service claims none. Same owner as {@link accessEdit}, which includes it.
 */
export function openEdit(wish: AccessWish): Edit<NetworkSecurityGroup> | undefined {
  return addingEdit(wish, wish.claim.rules);
}

function addingEdit(wish: AccessWish, rules: readonly AccessRule[]): Edit<NetworkSecurityGroup> | undefined {
  if (rules.length === 0) return undefined;
  return {
    owner: wish.claim.key,
    order: wish.order,
    apply: (current) =>
      current === undefined ? absent(wish) : withRules(current, joined(current.securityRules ?? [], rules)),
    mentions: rules.map(({ name }) => name.toLowerCase()),
  };
}

function absent({ claim, config }: AccessWish): undefined {
  if (claim.rules.length === 0) return undefined;
  throw new CloudError("NotFound", `nsg ${JSON.stringify(config.securityGroupName)} not found`, {
    summary: `there is no security group ${config.securityGroupName}`,
    advice: "Create it in securityGroupResourceGroup, or name another one: securityGroupName in azure.json.",
  });
}

function planAccess(current: NetworkSecurityGroup, wish: AccessWish): NetworkSecurityGroup {
  const existing = current.securityRules ?? [];
  const { claim, config } = wish;
  const mine = new Set([...claim.destinations, ...wish.released.map((each) => canonicalAddress(each) ?? each)]);
  const neighbours = neighboursOf(mine, wish);
  const cleaned = withoutUnclaimed(existing, mine, [claim, ...neighbours]);
  // A rule may have carried a neighbour's ports too, on an address they share: what the neighbour needs comes back
  const retained = cleaned === existing ? [] : neighbours.flatMap(({ rules }) => onlyOn(rules, mine));
  const next = withRules(current, joined(cleaned, [...claim.rules, ...retained]));
  const hasTags = Object.keys(config.tags).length > 0;
  const tags = hasTags ? planTags(next.tags, config.tags, config.systemTags) : next.tags;
  return tags === next.tags || tags === undefined ? next : { ...next, tags: { ...tags } };
}

function withRules(group: NetworkSecurityGroup, rules: readonly SecurityRule[]): NetworkSecurityGroup {
  if (rules === group.securityRules || (group.securityRules === undefined && rules.length === 0)) return group;
  const next = { ...group, securityRules: rules as SecurityRule[] };
  refuseGrowthBeyondLimits(group, next);
  return next;
}

/** The other Services that claim any of these addresses. */
function neighboursOf(addresses: ReadonlySet<string>, { claim, others }: AccessWish): readonly AccessClaim[] {
  const found = new Set([...addresses].flatMap((address) => others(address)));
  return [...found].filter(({ key }) => key !== claim.key).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function onlyOn(rules: readonly AccessRule[], addresses: ReadonlySet<string>): readonly AccessRule[] {
  return rules
    .map((rule) => ({ ...rule, destinations: rule.destinations.filter((address) => addresses.has(address)) }))
    .filter(({ destinations }) => destinations.length > 0);
}

function withoutUnclaimed(
  existing: readonly SecurityRule[],
  mine: ReadonlySet<string>,
  claims: readonly AccessClaim[],
): readonly SecurityRule[] {
  const claimed = claimedAddresses(claims);
  const changes = new Map<SecurityRule, SecurityRule | undefined>();
  for (const rule of existing) {
    const destinations = destinationsOf(rule);
    if (!destinations.some((each) => mine.has(each)) || !isManaged(rule)) continue; // most rules are nobody's of these
    const staying = claimed.get(rule.name?.toLowerCase() ?? "");
    const left = destinations.filter((each) => !mine.has(each) || staying?.has(each) === true);
    if (left.length === destinations.length) continue;
    const reachable = left.length > 0 || (rule.destinationApplicationSecurityGroups ?? []).length > 0;
    changes.set(rule, reachable ? withDestinations(rule, left) : undefined);
  }
  return exchanged(existing, changes);
}

function claimedAddresses(claims: readonly AccessClaim[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byRule = new Map<string, Set<string>>();
  for (const rule of claims.flatMap(({ rules }) => rules)) {
    const key = rule.name.toLowerCase();
    const addresses = byRule.get(key) ?? new Set();
    for (const address of rule.destinations) addresses.add(address);
    byRule.set(key, addresses);
  }
  return byRule;
}

/** Ours to clean: named and numbered like a managed rule, for plain port numbers, or the rule that denies the rest. */
function isManaged(rule: SecurityRule): boolean {
  const { name = "", priority = 0 } = rule;
  if (!name.toLowerCase().startsWith(SECURITY_RULE_PREFIX) || priority < 500 || priority > 4096) return false;
  return rule.access === "Deny" || portsOf(rule).every((port) => /^\d+$/.test(port));
}

function joined(existing: readonly SecurityRule[], wanted: readonly AccessRule[]): readonly SecurityRule[] {
  return wanted.reduce(withRule, existing);
}
