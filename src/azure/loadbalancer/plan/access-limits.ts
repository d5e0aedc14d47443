import type { NetworkSecurityGroup, SecurityRule } from "@azure/arm-network";
import { CloudError } from "../../../cloudprovider/errors.ts";
import { destinationsOf, sourcesOf } from "./access-rules.ts";

interface Limit {
  readonly what: string;
  readonly most: number;
  readonly count: (rules: readonly SecurityRule[]) => number;
}

/** What ARM takes in one network security group. */
const LIMITS: readonly Limit[] = [
  { what: "rules", most: 1000, count: (rules) => rules.length },
  { what: "source IP addresses", most: 4000, count: (rules) => total(rules, sourcesOf) },
  { what: "destination IP addresses", most: 4000, count: (rules) => total(rules, destinationsOf) },
];

/**
 * Keeps a group within ARM's limits. A group that is over them already may shrink, so that deletion always works.
 *
 * @throws CloudError `QuotaExceeded` when the group grows over a limit.
 */
export function refuseGrowthBeyondLimits(before: NetworkSecurityGroup, after: NetworkSecurityGroup): void {
  const rules = after.securityRules ?? [];
  for (const { what, most, count } of LIMITS) {
    const now = count(rules);
    if (now <= most || now <= count(before.securityRules ?? [])) continue;
    throw new CloudError(
      "QuotaExceeded",
      `unable to apply access control configuration to security group: ${before.name ?? ""} exceeds the maximum number of ${what} (${now} > ${most})`,
      { advice: "Give Services equal ports and sources, which share a rule, or fewer sources." },
    );
  }
}

function total(rules: readonly SecurityRule[], addressesOf: (rule: SecurityRule) => readonly string[]): number {
  let sum = 0;
  for (const rule of rules) sum += addressesOf(rule).length;
  return sum;
}
