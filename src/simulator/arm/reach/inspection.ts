import { ipVersion } from "../addresses/cidr.ts";
import type { FoundConfiguration, TopologyIndex } from "./lookups.ts";
import { decidingRule, type Inspected } from "./security.ts";
import type { Stop } from "./verdict.ts";

/** A packet on its last leg: what the machine would see. */
export interface LastLeg {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
  readonly protocol: string;
  /** Came in at a public address of a Standard SKU: closed unless a security group opens it. */
  readonly closedByDefault: boolean;
}

/** What stops a packet between balancer and machine: the groups of subnet and interface, their absence, the machine. */
export function stopOnLastLeg(leg: LastLeg, found: FoundConfiguration, index: TopologyIndex): Stop | undefined {
  return deniedOnLastLeg(leg, found, index) ?? noListener(found);
}

function noListener({ nic: { id, machine } }: FoundConfiguration): Stop | undefined {
  if (machine === undefined)
    return { reason: "no-machine", resource: id, message: `no machine has the interface ${id}` };
  return machine.running
    ? undefined
    : { reason: "machine-off", resource: machine.id, message: `${machine.name} is stopped` };
}

function deniedOnLastLeg(leg: LastLeg, found: FoundConfiguration, index: TopologyIndex): Stop | undefined {
  const groups = index.groupsOf(found);
  if (groups.length === 0 && leg.closedByDefault) {
    const message = `neither the subnet nor the interface of ${found.configuration.id} has a security group, and Standard public addresses are closed without one`;
    return { reason: "no-security-group", resource: found.configuration.id, message };
  }
  const packet: Inspected = {
    ...leg,
    sourceGroups: index.configurations(leg.source).flatMap(({ configuration }) => configuration.applicationGroups),
    destinationGroups: found.configuration.applicationGroups,
  };
  const at = index.standpoint(found.configuration.subnet, ipVersion(leg.destination) ?? 4);
  for (const key of groups) {
    const group = index.topology.securityGroups.get(key);
    const rule = group && decidingRule(group, packet, at);
    if (rule === undefined || rule.allow) continue;
    const { source, destination, port, protocol } = leg;
    const message = `security rule ${rule.name} (priority ${rule.priority}) denies ${protocol} from ${source} to ${destination} port ${port}`;
    return { reason: "security-rule", resource: rule.id, message };
  }
  return undefined;
}
