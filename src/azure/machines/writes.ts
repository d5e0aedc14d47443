import PQueue from "p-queue";
import type { Arm } from "../arm/engine.ts";
import { idKey, parseResourceId } from "../arm/resource-id.ts";
import type { ArmTypes } from "../arm/resource-types.ts";
import { type Decision, decideJoin, decideLeave, joined, left, type Membership, type Pool } from "./membership.ts";

/** The types whose resources name the pools they are in. */
export type MemberType = "networkInterfaces" | "virtualMachineScaleSetVMs" | "virtualMachineScaleSets";

/** Joining or leaving. */
export type Verb = "join" | "leave";

/** One resource that is to join or leave a pool, and how it looked when that was decided. */
export interface Task {
  /** Undefined for the model of a scale set, and for an interface without a machine. */
  readonly node: string | undefined;
  readonly resourceId: string;
  /** What is to be done by what is known now; nothing is sent unless it is `write`. */
  readonly decision: Decision;
  /** Sends the edit; resolves with what became of it, judged by what ARM confirmed. */
  readonly write: (signal: AbortSignal) => Promise<Decision>;
}

/** The task of one resource. */
export function membershipTask<K extends MemberType>(
  arm: Pick<Arm, "resource">,
  what: { readonly type: K; readonly kind: Membership<ArmTypes[K]>; readonly verb: Verb; readonly pool: Pool },
  resource: { readonly id: string; readonly node: string | undefined; readonly model: ArmTypes[K] },
): Task {
  const { kind, verb, pool } = what;
  const decide = verb === "join" ? decideJoin : decideLeave;
  const change = verb === "join" ? joined : left;
  const write = async (signal: AbortSignal): Promise<Decision> => {
    const edit = {
      // One owner for joining and leaving: whichever was asked for last replaces the other while it waits.
      owner: `member of ${idKey(pool.id)}`,
      ...(resource.node !== undefined && { onBehalfOf: `Node/${resource.node}` }),
      order: idKey(pool.id),
      apply: (current: ArmTypes[K] | undefined) => (current === undefined ? undefined : change(kind, current, pool)),
      mentions: mentioned(pool.id),
    };
    const confirmed = await arm.resource(what.type, resource.id).submit(edit, signal);
    if (confirmed === undefined) return { act: "skip", reason: "machine not found" };
    const after = decide(kind, confirmed, pool);
    return after.act === "write" ? { act: "skip", reason: "changed again meanwhile" } : after;
  };
  return { node: resource.node, resourceId: resource.id, decision: decide(kind, resource.model, pool), write };
}

/** What became of a task: the decision, or the error of its write. */
export interface Ended {
  readonly task: Task;
  readonly outcome: Decision | { readonly act: "error"; readonly error: unknown };
}

/**
 * Carries tasks out, `atOnce` writes at a time. One failure stops no other; everything is reported.
 *
 * @throws the signal's reason when it aborts.
 */
export async function carryOut(tasks: readonly Task[], atOnce: number, signal: AbortSignal): Promise<readonly Ended[]> {
  const queue = new PQueue({ concurrency: atOnce });
  const ended = tasks.map(async (task): Promise<Ended> => {
    if (task.decision.act !== "write") return { task, outcome: task.decision };
    try {
      return { task, outcome: await queue.add(() => task.write(signal), { signal }) };
    } catch (error) {
      return { task, outcome: { act: "error", error } };
    }
  });
  const results = await Promise.all(ended);
  signal.throwIfAborted();
  return results;
}

function mentioned(poolId: string): readonly string[] {
  const balancer = parseResourceId(poolId)?.path[0].name;
  const key = idKey(poolId);
  return balancer === undefined ? [key] : [key, key.slice(0, key.lastIndexOf("/backendaddresspools/"))];
}
