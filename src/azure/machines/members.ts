import type { NetworkInterface } from "@azure/arm-network";
import type { Arm } from "../arm/engine.ts";
import { idKey, nameOf } from "../arm/resource-id.ts";
import type { Directory } from "./directory.ts";
import { isUniform, nodeNameOf } from "./machine.ts";
import { instanceMembership, interfaceMembership, modelMembership, type Pool } from "./membership.ts";
import type { MemberScopes } from "./scopes.ts";
import { listed } from "./source.ts";
import { membershipTask, type Task } from "./writes.ts";

/** A member of a pool, and what would take it out. */
export interface Member {
  /** Comparable id of its machine; undefined for an interface that belongs to none any more. */
  readonly machineKey: string | undefined;
  readonly leave: Task;
}

/** What finding members needs. */
export interface MemberReader {
  readonly arm: Pick<Arm, "resource" | "list" | "refresh">;
  readonly directory: Directory;
}

/** Everything where members of the cluster can be: its group and the uniform scale sets in it. */
export async function allScopes({ arm, directory }: MemberReader, signal: AbortSignal): Promise<MemberScopes> {
  const scope = directory.group;
  const scaleSets = await listed(arm, { type: "virtualMachineScaleSets", scope, freshness: "known" }, signal);
  return { scaleSets: scaleSets.filter(isUniform).flatMap(({ id }) => id ?? []), groups: [scope] };
}

/** The members of `pool` in these scopes: one list per scope, sorted by id. */
export async function membersIn(
  reader: MemberReader,
  where: { readonly pool: Pool; readonly scopes: MemberScopes },
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const found = await Promise.all([
    ...where.scopes.scaleSets.map((scope) => instanceMembers(reader, where.pool, scope, signal)),
    ...where.scopes.groups.map((scope) => interfaceMembers(reader, where.pool, scope, signal)),
  ]);
  return found
    .flat()
    .filter(({ leave }) => leave.decision.act !== "done")
    .toSorted((a, b) => (a.leave.resourceId < b.leave.resourceId ? -1 : 1));
}

/** The models of the cluster's scale sets that put new instances into `pool`. */
export async function modelsIn(
  { arm, directory }: MemberReader,
  pool: Pool,
  signal: AbortSignal,
): Promise<readonly Task[]> {
  const what = { type: "virtualMachineScaleSets", scope: directory.group, freshness: "known" } as const;
  const models = await listed(arm, what, signal);
  return models.flatMap((model) => {
    if (model.id === undefined) return [];
    const task = { type: "virtualMachineScaleSets", kind: modelMembership, verb: "leave", pool } as const;
    return membershipTask(arm, task, { id: model.id, node: undefined, model });
  });
}

async function instanceMembers(
  { arm, directory }: MemberReader,
  pool: Pool,
  scope: string,
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const what = { type: "virtualMachineScaleSetVMs", kind: instanceMembership, verb: "leave", pool } as const;
  const machines = await directory.instances(scope, "known", signal);
  return machines.map((machine) => {
    const resource = { id: machine.id, node: nodeNameOf(machine), model: machine.model };
    return { machineKey: idKey(machine.id), leave: membershipTask(arm, what, resource) };
  });
}

async function interfaceMembers(
  { arm }: MemberReader,
  pool: Pool,
  scope: string,
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const what = { type: "networkInterfaces", kind: interfaceMembership, verb: "leave", pool } as const;
  const interfaces = await listed(arm, { type: "networkInterfaces", scope, freshness: "known" }, signal);
  return interfaces.flatMap((model: NetworkInterface) => {
    const machine = model.virtualMachine?.id;
    if (model.id === undefined) return [];
    const node = machine === undefined ? undefined : nameOf(machine).toLowerCase();
    const leave = membershipTask(arm, what, { id: model.id, node, model });
    return [{ machineKey: machine === undefined ? undefined : idKey(machine), leave }];
  });
}
