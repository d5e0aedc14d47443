import { coversEndpoint, type Standpoint } from "./endpoints.ts";
import type { RuleSide, SecurityGroup, SecurityRule } from "./topology.ts";

/** A packet as a security group sees it: after the balancer has done its translation. */
export interface Inspected {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly sourcePort: number;
  readonly protocol: string;
  /** Keys of application security groups that the source and the destination are in. */
  readonly sourceGroups: readonly string[];
  readonly destinationGroups: readonly string[];
}

/** The inbound rule that decides: the matching one with the lowest priority number. */
export function decidingRule(group: SecurityGroup, packet: Inspected, at: Standpoint): SecurityRule | undefined {
  let decides: SecurityRule | undefined;
  for (const rule of group.rules) {
    if (rule.direction !== "Inbound" || (decides !== undefined && decides.priority <= rule.priority)) continue;
    if (matches(rule, packet, at)) decides = rule;
  }
  return decides;
}

function matches({ protocol, source, destination }: SecurityRule, packet: Inspected, at: Standpoint): boolean {
  if (protocol !== "*" && protocol.toLowerCase() !== packet.protocol.toLowerCase()) return false;
  const isPortless = packet.protocol === "Icmp";
  return (
    (isPortless || hasPort(destination.ports, packet.port)) &&
    (isPortless || hasPort(source.ports, packet.sourcePort)) &&
    isOn(source, packet.source, packet.sourceGroups, at) &&
    isOn(destination, packet.destination, packet.destinationGroups, at)
  );
}

function isOn(side: RuleSide, endpoint: string, groups: readonly string[], at: Standpoint): boolean {
  if (side.groups.length > 0) return side.groups.some((group) => groups.includes(group));
  // The endpoint itself is looked for first: rules that name hundreds of addresses mostly name this one.
  return side.prefixes.includes(endpoint) || side.prefixes.some((prefix) => coversEndpoint(prefix, endpoint, at));
}

function hasPort(ranges: readonly string[], port: number): boolean {
  return ranges.some((range) => {
    if (range === "*") return true;
    const [first = "", last = first] = range.split("-");
    return Number(first) <= port && port <= Number(last);
  });
}
