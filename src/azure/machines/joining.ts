import type { NetworkInterface } from "@azure/arm-network";
import type { Arm } from "../arm/engine.ts";
import { formatGroupId, groupOf, idKey } from "../arm/resource-id.ts";
import type { Machine, SingleMachine } from "./machine.ts";
import { instanceMembership, interfaceMembership, modelMembership, type Pool, type SkipReason } from "./membership.ts";
import { isBeingDeleted } from "./power.ts";
import { listed } from "./source.ts";
import { membershipTask, type Task } from "./writes.ts";

type JoinArm = Pick<Arm, "resource" | "list" | "refresh">;

/** Nodes and where they run; a node that is not in `machines` has none. */
export interface Joining {
  readonly pool: Pool;
  readonly nodes: readonly string[];
  readonly machines: ReadonlyMap<string, Machine>;
}

/** One task per node. Costs one list of interfaces per resource group that machines of their own have them in. */
export async function joinTasks(
  arm: JoinArm,
  { pool, nodes, machines }: Joining,
  signal: AbortSignal,
): Promise<readonly Task[]> {
  const interfaces = await interfacesOf(arm, [...machines.values()], signal);
  return nodes.map((node) => {
    const machine = machines.get(node);
    if (machine === undefined) return skip(node, "", "machine not found");
    if (machine.kind === "single") return singleTask(arm, pool, { node, machine, interfaces });
    const what = { type: "virtualMachineScaleSetVMs", kind: instanceMembership, verb: "join", pool } as const;
    return membershipTask(arm, what, { id: machine.id, node, model: machine.model });
  });
}

/**
 * One task per scale set in `group` that a node runs in, so that its next instances are born in the pool. Costs one
 * list of scale sets. A set whose model belongs to another balancer is passed over, and only that set.
 */
export async function modelTasks(
  arm: JoinArm,
  { pool, machines, group }: Pick<Joining, "pool" | "machines"> & { readonly group: string },
  signal: AbortSignal,
): Promise<readonly Task[]> {
  const wanted = new Set([...machines.values()].flatMap((machine) => scaleSetKey(machine) ?? []));
  if (![...wanted].some((key) => key.startsWith(`${idKey(group)}/`))) return [];
  const models = await listed(arm, { type: "virtualMachineScaleSets", scope: group, freshness: "known" }, signal);
  const what = { type: "virtualMachineScaleSets", kind: modelMembership, verb: "join", pool } as const;
  return models.flatMap((model) => {
    if (model.id === undefined || !wanted.has(idKey(model.id))) return [];
    return membershipTask(arm, what, { id: model.id, node: undefined, model });
  });
}

function scaleSetKey(machine: Machine): string | undefined {
  const id = machine.kind === "instance" ? machine.scaleSetId : machine.model.virtualMachineScaleSet?.id;
  return id === undefined ? undefined : idKey(id);
}

async function interfacesOf(
  arm: JoinArm,
  machines: readonly Machine[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NetworkInterface>> {
  const groups = new Map<string, string>();
  for (const machine of machines) {
    const group = machine.kind === "single" ? groupOf(machine.interfaceId ?? "") : undefined;
    if (group === undefined) continue;
    const scope = formatGroupId(group.subscriptionId, group.resourceGroup);
    groups.set(idKey(scope), scope);
  }
  const lists = [...groups.values()].map((scope) =>
    listed(arm, { type: "networkInterfaces", scope, freshness: "known" }, signal),
  );
  return new Map((await Promise.all(lists)).flat().map((nic) => [idKey(nic.id ?? ""), nic]));
}

function singleTask(
  arm: JoinArm,
  pool: Pool,
  found: {
    readonly node: string;
    readonly machine: SingleMachine;
    readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  },
): Task {
  const { node, machine } = found;
  if (isBeingDeleted(machine.model)) return skip(node, machine.id, "machine is being deleted");
  const model = found.interfaces.get(idKey(machine.interfaceId ?? ""));
  if (model?.id === undefined) return skip(node, machine.id, "machine has no network interface");
  const what = { type: "networkInterfaces", kind: interfaceMembership, verb: "join", pool } as const;
  return membershipTask(arm, what, { id: model.id, node, model });
}

function skip(node: string, resourceId: string, reason: SkipReason): Task {
  const decision = { act: "skip", reason } as const;
  return { node, resourceId, decision, write: async () => decision };
}
