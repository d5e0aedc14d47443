import { isExcludedFromBalancers, type Node } from "../../cloudprovider/index.ts";

/** Node names in a message for people. */
const NAMES_SHOWN = 20;

/** Names of a balancer's members, and of each the machine behind it with its internal addresses. */
export type Members = ReadonlyMap<string, string>;

/** Whether a change of a node is worth a look at every balancer. */
export function nodeChangeMatters(old: Node, current: Node): boolean {
  return isExcludedFromBalancers(old) !== isExcludedFromBalancers(current) || machineOf(old) !== machineOf(current);
}

/** The members that `nodes` make. */
export function membersOf(nodes: readonly Node[]): Members {
  return new Map(nodes.map((node) => [node.metadata.name, machineOf(node)]));
}

/** A machine gets its addresses after it has joined: pools of addresses want it then. */
function machineOf({ spec: { providerID = "" }, status }: Node): string {
  const internal = status.addresses.filter(({ type }) => type === "InternalIP").map(({ address }) => address);
  return [providerID, ...internal].join(" ");
}

/** Whether two sets of members are the same machines under the same names. */
export function sameMembers(a: Members, b: Members): boolean {
  if (a === b) return true;
  return a.size === b.size && [...a].every(([name, machine]) => b.get(name) === machine);
}

/** `[n1 n2 n3]`, sorted; above 20 the first 20 and how many are left out. */
export function namesForPeople(nodes: readonly Node[]): string {
  const names = nodes.map(({ metadata }) => metadata.name).toSorted();
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(" ");
  return more > 0 ? `[${shown} <${more} more>]` : `[${shown}]`;
}
