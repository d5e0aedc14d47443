import type { Member } from "./members.ts";
import type { SkipReason } from "./membership.ts";
import type { Task } from "./writes.ts";

/** Who stays in a pool. */
export interface Staying {
  /** Comparable ids of the machines that stay. */
  readonly machineKeys: ReadonlySet<string>;
  /** Whether a machine is the cluster's; one that is not stays too. */
  readonly isOurs: (machineKey: string) => boolean;
}

/**
 * What is to be done about the members that are not to stay.
 *
 * An interface whose machine is gone leaves in any case. Of the others none leaves when that would empty the pool: a
 * pool with wrong members still carries traffic, an empty one does not.
 */
export function leaveTasks(members: readonly Member[], { machineKeys, isOurs }: Staying): readonly Task[] {
  const orphans = members.filter(({ machineKey }) => machineKey === undefined);
  const others = members.filter(({ machineKey }) => machineKey !== undefined && !machineKeys.has(machineKey));
  const foreign = others.filter(({ machineKey = "" }) => !isOurs(machineKey));
  const leaving = others.filter((member) => !foreign.includes(member));
  const remaining = members.length - orphans.length - leaving.length;
  return [
    ...orphans.map(({ leave }) => leave),
    ...foreign.map(({ leave }) => staying(leave, "not of this cluster")),
    ...leaving.map(({ leave }) => (remaining === 0 ? staying(leave, "last members of the pool") : leave)),
  ];
}

function staying(task: Task, reason: SkipReason): Task {
  return { ...task, decision: { act: "skip", reason } };
}
