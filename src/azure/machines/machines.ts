import type { Arm } from "../arm/engine.ts";
import { idKey } from "../arm/resource-id.ts";
import { Attribution } from "./attribution.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { Directory, type DirectoryOptions } from "./directory.ts";
import { joinTasks, modelTasks } from "./joining.ts";
import { leaveTasks } from "./leaving.ts";
import type { Machine } from "./machine.ts";
import { allScopes, type MemberReader, membersIn, modelsIn } from "./members.ts";
import type { Pool } from "./membership.ts";
import { nodeNamesOf } from "./node-names.ts";
import { machineId, parseProviderId } from "./provider-id.ts";
import { type PoolReport, poolReport } from "./report.ts";
import { bothScopes, type MemberScopes, scopesOf, scopesOfNodes } from "./scopes.ts";
import { carryOut, type Ended, type Task } from "./writes.ts";

/** What {@link Machines} needs. */
export interface MachinesOptions extends Omit<DirectoryOptions, "arm"> {
  readonly arm: Pick<Arm, "resource" | "list" | "refresh">;
  /** Writes to different machines that may run at the same time; 16 by default. */
  readonly writesAtOnce?: number;
}

/** Which nodes are to be in a pool. */
export interface JoinRequest {
  readonly pool: Pool;
  /** Only nodes that may be in it. */
  readonly nodes: readonly ClusterNode[];
}

/** Who is to stay in a pool. */
export interface LeaveRequest {
  readonly pool: Pool;
  /** `nobody` empties the pool, scale-set models included, as the deletion of a balancer needs it. */
  readonly keep: readonly ClusterNode[] | "nobody";
  /**
   * Ids of the pool's IP configurations, as the balancer shows them: only their scale sets and groups, and those of who
   * stays, are read then. Without it everything in the cluster's group is looked through.
   */
  readonly members?: readonly string[];
  /**
   * All nodes of the cluster, also those that may not be in the pool. With it, a machine that never was a node and is in
   * no scale set of one stays: somebody else put it there. Not asked for `nobody`.
   */
  readonly cluster?: readonly ClusterNode[];
}

const WRITES_AT_ONCE = 16;

/**
 * The cluster's machines: where nodes run, and which backend pools they are in. It reads lists only; each change is one
 * edit of one machine through the merge queue, many machines at a time.
 */
export class Machines {
  readonly #options: MachinesOptions;
  readonly #directory: Directory;
  readonly #attribution = new Attribution();

  constructor(options: MachinesOptions) {
    this.#options = options;
    this.#directory = new Directory(options);
  }

  /** The machine of each node by node name; nodes without one are left out. See {@link Directory.locate}. */
  locate(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<ReadonlyMap<string, Machine>> {
    return this.#directory.locate(nodes, signal);
  }

  /**
   * The names of the nodes behind IP configurations, as `backendIPConfigurations` of a balancer lists them; one whose
   * machine is not found is left out. Costs the lists of the scale sets and groups that the ids name.
   */
  nodeNamesOf(ipConfigurationIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return nodeNamesOf({ arm: this.#options.arm, directory: this.#directory }, ipConfigurationIds, signal);
  }

  /**
   * Makes the machines of `nodes` members of a pool of interfaces, and the models of their scale sets, so that new
   * instances are born in it. Idempotent: those that are members already cost nothing.
   *
   * What fails on one machine is in the report and stops no other.
   *
   * @throws CloudError when machines could not be listed; the signal's reason when it aborts.
   */
  async joinPool({ pool, nodes }: JoinRequest, signal: AbortSignal): Promise<PoolReport> {
    const { arm } = this.#options;
    this.#attribution.remember(nodes);
    const machines = await this.#directory.locate(nodes, signal);
    const names = nodes.map((node) => node.metadata.name);
    const [models, tasks] = await Promise.all([
      modelTasks(arm, { pool, machines, group: this.#directory.group }, signal),
      joinTasks(arm, { pool, nodes: names, machines }, signal),
    ]);
    // Models first: an instance that is born meanwhile is then born as a member.
    const early = await this.#carryOut(models, signal);
    return poolReport([...early, ...(await this.#carryOut(tasks, signal))]);
  }

  /**
   * Takes out of a pool whoever is not to stay. An interface whose machine is gone always leaves; otherwise a pool is
   * never emptied, unless `nobody` is to stay. Idempotent.
   *
   * What fails on one machine is in the report and stops no other.
   *
   * @throws CloudError when machines could not be listed; the signal's reason when it aborts.
   */
  async leavePool(request: LeaveRequest, signal: AbortSignal): Promise<PoolReport> {
    const { pool, keep } = request;
    const reader = { arm: this.#options.arm, directory: this.#directory };
    const scopes = await this.#scopes(reader, request, signal);
    const members = await membersIn(reader, { pool, scopes }, signal);
    if (keep === "nobody") {
      // Models first: an instance that is born meanwhile is then born outside.
      const models = await this.#carryOut(await modelsIn(reader, pool, signal), signal);
      const everyone = members.map(({ leave }) => leave);
      return poolReport([...models, ...(await this.#carryOut(everyone, signal))]);
    }
    const machineKeys = await this.#machineKeys(keep, signal);
    const { cluster } = request;
    this.#attribution.remember([...keep, ...(cluster ?? [])]);
    const isOurs = (key: string): boolean => cluster === undefined || this.#attribution.isOurs(key);
    return poolReport(await this.#carryOut(leaveTasks(members, { machineKeys, isOurs }), signal));
  }

  async #scopes(reader: MemberReader, { keep, members }: LeaveRequest, signal: AbortSignal): Promise<MemberScopes> {
    if (members === undefined) return await allScopes(reader, signal);
    // Those who stay are looked at too: they may have joined after the balancer was read, and the pool is not empty then.
    return keep === "nobody" ? scopesOf(members) : bothScopes(scopesOf(members), scopesOfNodes(keep));
  }

  /** Comparable ids of the nodes' machines: from their provider ids, which costs nothing, else by looking them up. */
  async #machineKeys(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    const nameless: ClusterNode[] = [];
    for (const node of nodes) {
      const address = parseProviderId(node.spec.providerID ?? "");
      if (address === undefined) nameless.push(node);
      else keys.add(idKey(machineId(address)));
    }
    for (const { id } of (await this.#directory.locate(nameless, signal)).values()) keys.add(idKey(id));
    return keys;
  }

  #carryOut(tasks: readonly Task[], signal: AbortSignal): Promise<readonly Ended[]> {
    return carryOut(tasks, this.#options.writesAtOnce ?? WRITES_AT_ONCE, signal);
  }
}
