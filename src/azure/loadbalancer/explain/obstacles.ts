import type { SecurityRule } from "@azure/arm-network";
import { containsAddress, parseCidr, sameAddress } from "../../../base/cidr.ts";
import { SECURITY_RULE_PREFIX } from "../names.ts";
import { destinationsOf, portsOf, sourcesOf } from "../plan/access-rules.ts";
import type { LoadBalancerSettings } from "../settings.ts";

/** What means everybody, or everybody who matters, as the source of a rule. */
const EVERYBODY: ReadonlySet<string> = new Set(["*", "internet", "0.0.0.0/0", "::/0"]);

/**
 * The rules of others that keep everybody out before a rule of ours lets anybody in: the lower number counts. Rules that
 * keep out some sources only are somebody's intention.
 *
 * @param rules - of the security group.
 * @param destinations - where packets for the Service arrive.
 */
export function obstaclesAmong(
  rules: readonly SecurityRule[],
  { access }: Pick<LoadBalancerSettings, "access">,
  destinations: readonly string[],
): readonly SecurityRule[] {
  const inbound = rules.filter(({ direction }) => direction !== "Outbound");
  const leadsHere = (rule: SecurityRule): boolean =>
    destinationsOf(rule).some((each) => destinations.some((address) => holds(each, address)));
  const first = Math.min(
    ...inbound.filter((rule) => isOurs(rule) && leadsHere(rule)).map(({ priority = 0 }) => priority),
  );
  return inbound.filter(
    (rule) =>
      rule.access === "Deny" &&
      !isOurs(rule) &&
      (rule.priority ?? 0) < first &&
      Number.isFinite(first) &&
      sourcesOf(rule).some((each) => EVERYBODY.has(each.toLowerCase())) &&
      leadsHere(rule) &&
      access.ports.some(({ protocol, ports }) => ports.some((port) => matches(rule, protocol, port))),
  );
}

function isOurs({ name = "" }: SecurityRule): boolean {
  return name.toLowerCase().startsWith(SECURITY_RULE_PREFIX);
}

function holds(destination: string, address: string): boolean {
  if (destination === "*" || sameAddress(destination, address)) return true;
  const range = parseCidr(destination);
  return range !== undefined && containsAddress(range, address);
}

function matches(rule: SecurityRule, protocol: string, port: number): boolean {
  const either = rule.protocol === "*" || protocol === "*";
  if (!either && rule.protocol?.toLowerCase() !== protocol.toLowerCase()) return false;
  return portsOf(rule).some((ports) => {
    if (ports === "*") return true;
    const [from = "", to = from] = ports.split("-");
    return Number(from) <= port && port <= Number(to);
  });
}
