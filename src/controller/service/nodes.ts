import { isExcludedFromBalancers, type Node } from "../../cloudprovider/index.ts";

/** Node names in a message for people. */
const NAMES_SHOWN = 20;

/** Names of a balancer's members and the machines behind them. */
export type Members = ReadonlyMap<string, string>;

/** Whether a change of a node is worth a look at every balancer. */
export function nodeChangeMatters(old: Node, current: Node): boolean {
  return (
    isExcludedFromBalancers(old) !== isExcludedFromBalancers(current) ||
    (old.spec.providerID ?? "") !== (current.spec.providerID ?? "")
  );
}

/** The members that `nodes` make. */
export function membersOf(nodes: readonly Node[]): Members {
  return new Map(nodes.map(({ metadata, spec }) => [metadata.name, spec.providerID ?? ""]));
}

/** Whether two sets of members are the same machines under the same names. */
export function sameMembers(a: Members, b: Members): boolean {
  if (a === b) return true;
  return a.size === b.size && [...a].every(([name, providerID]) => b.get(name) === providerID);
}

/** `[n1 n2 n3]`, sorted; above 20 the first 20 and how many are left out. */
export function namesForPeople(nodes: readonly Node[]): string {
  const names = nodes.map(({ metadata }) => metadata.name).toSorted();
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(" ");
  return more > 0 ? `[${shown} <${more} more>]` : `[${shown}]`;
}
