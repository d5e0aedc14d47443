import type { LoadBalancer } from "@azure/arm-network";
import type { AddressFamily } from "../../base/cidr.ts";
import { abortReason, type Clock } from "../../base/clock.ts";
import type { EventSink } from "../../cloudprovider/cloud.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { Node } from "../../cloudprovider/objects.ts";
import type { Machines } from "../machines/machines.ts";
import type { Failed, PoolReport } from "../machines/report.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { tellFailure } from "./events.ts";
import { poolName } from "./names.ts";
import { isEligible } from "./plan/eligible.ts";
import { hasPreconfiguredPools } from "./plan/settle.ts";

/** What is asked of the machines. */
export type PoolMachines = Pick<Machines, "joinPool" | "leavePool">;

/** What {@link PoolMembers} works with. */
export interface PoolMembersDeps {
  readonly config: LoadBalancerConfig;
  readonly machines: PoolMachines;
  readonly clock: Clock;
  /** The nodes that may receive traffic now. */
  readonly nodes: () => readonly Node[];
  /** All nodes, those too that may not. */
  readonly cluster: () => readonly Node[];
  /** The cluster's balancers as they are known now. */
  readonly pools: (signal: AbortSignal) => Promise<readonly LoadBalancer[]>;
  /** Where nodes hear that they could not be brought in, and why. */
  readonly events: EventSink;
}

/** Wait before machines that failed to join or leave are tried again, milliseconds; it doubles up to the longest. */
const RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 480_000;

const FAMILIES: readonly AddressFamily[] = ["IPv4", "IPv6"];

interface Pool {
  readonly id: string;
  readonly family: AddressFamily;
}

interface Run {
  /** The nodes that the run brings in, as text. */
  readonly of: string;
  readonly done: Promise<void>;
}

interface Retry {
  readonly cancel: () => void;
  readonly pauseMs: number;
}

/**
 * Members of the NIC-based pools: machines are written one by one, so callers that wait for the same pool and the same
 * nodes share one run.
 */
export class PoolMembers {
  readonly #deps: PoolMembersDeps;
  readonly #life: AbortSignal;
  readonly #runs = new Map<string, Run>();
  readonly #retries = new Map<string, Retry>();

  /** @param life - ends runs and retries. */
  constructor(deps: PoolMembersDeps, life: AbortSignal) {
    this.#deps = deps;
    this.#life = life;
    life.addEventListener("abort", () => this.#cancelRetries(), { once: true });
  }

  /**
   * Brings the pools of a balancer up to the nodes there are now. Resolves when at least one node is a member of each,
   * or no node may be; machines that failed are tried again in the background and reported.
   *
   * @param signal - ends the waiting at once; the run goes on, others may wait for it too.
   * @throws CloudError when no machine could be brought in.
   */
  async sync(balancer: LoadBalancer, internal: boolean, signal: AbortSignal): Promise<void> {
    const { config } = this.#deps;
    if (config.poolType === "nodeIP" || hasPreconfiguredPools(config, internal)) return;
    const syncs = FAMILIES.map(async (family) => {
      const name = poolName(config.clusterName, family).toLowerCase();
      const pool = balancer.backendAddressPools?.find((each) => each.name?.toLowerCase() === name);
      if (pool?.id === undefined) return;
      await this.#bring({ id: pool.id, family }, membersOf(pool));
    });
    await unlessAborted(Promise.all(syncs), signal);
  }

  /** Takes everybody out of all pools of a balancer that is to go, the models of scale sets too. @throws as {@link emptyPool}. */
  async empty(balancer: LoadBalancer | undefined, signal: AbortSignal): Promise<void> {
    for (const { id } of balancer?.backendAddressPools ?? []) {
      if (id === undefined) continue;
      const running = this.#runs.get(id)?.done.catch(() => {}); // of a pass that was given up: it would bring them back
      if (running !== undefined) await unlessAborted(running, signal);
      await emptyPool(this.#deps.machines, id, signal);
    }
  }

  async #bring(pool: Pool, members: readonly string[]): Promise<void> {
    for (;;) {
      const nodes = this.#deps.nodes().filter((node) => isEligible(node, this.#deps.config));
      if (nodes.length === 0) return; // a pool is never emptied
      const of = textOf(nodes);
      const running = this.#runs.get(pool.id);
      if (running === undefined) return await this.#start(pool, of, this.#run(pool, nodes, members));
      if (running.of === of) return await running.done;
      await running.done.catch(() => {}); // two runs on one pool would undo each other
    }
  }

  #start(pool: Pool, of: string, work: Promise<void>): Promise<void> {
    const done = work.finally(() => this.#runs.delete(pool.id));
    done.catch(() => {}); // whoever waited may have been aborted
    this.#runs.set(pool.id, { of, done });
    return done;
  }

  async #run(pool: Pool, nodes: readonly Node[], members: readonly string[]): Promise<void> {
    const { machines } = this.#deps;
    const joined = await machines.joinPool({ pool, nodes }, this.#life);
    const left = await machines.leavePool({ pool, keep: nodes, members, cluster: this.#deps.cluster() }, this.#life);
    const failed = [...joined.failed, ...left.failed];
    if (joined.done.length === 0 && joined.failed.length > 0) throw noMember(pool.id, joined);
    if (failed.length === 0) this.#forgetRetry(pool.id);
    const afterMs = failed.length === 0 ? 0 : this.#retryLater(pool);
    for (const each of failed) this.#report(each, afterMs);
  }

  #report({ node: name, error }: Failed, afterMs: number): void {
    // Who fails to leave is not among those that may be members
    const node = this.#deps.cluster().find(({ metadata }) => metadata.name === name);
    if (node === undefined) return;
    const { events, clock } = this.#deps;
    const failure = CloudError.from(error, "writing the network interface");
    const target = { kind: "Node", metadata: node.metadata } as const;
    const told = { error: failure, next: { afterMs }, nowMs: clock.now() };
    tellFailure(events, target, "CreateOrUpdateInterface", told);
  }

  /** Returns the milliseconds until then. */
  #retryLater(pool: Pool): number {
    const former = this.#retries.get(pool.id);
    former?.cancel();
    const pauseMs = Math.min(LONGEST_RETRY_MS, former === undefined ? RETRY_MS : 2 * former.pauseMs);
    if (this.#life.aborted) return pauseMs;
    const again = (): void => void this.#retry(pool).catch(() => this.#retryLater(pool));
    this.#retries.set(pool.id, { pauseMs, cancel: this.#deps.clock.schedule(pauseMs, again) });
    return pauseMs;
  }

  /** Once more, with the members that the pool has by then; a pool that is gone needs none. */
  async #retry(pool: Pool): Promise<void> {
    const balancers = await this.#deps.pools(this.#life);
    const all = balancers.flatMap(({ backendAddressPools = [] }) => backendAddressPools);
    const known = all.find(({ id }) => id?.toLowerCase() === pool.id.toLowerCase());
    if (known === undefined) this.#forgetRetry(pool.id);
    else await this.#bring(pool, membersOf(known));
  }

  #forgetRetry(poolId: string): void {
    this.#retries.get(poolId)?.cancel();
    this.#retries.delete(poolId);
  }

  #cancelRetries(): void {
    for (const { cancel } of this.#retries.values()) cancel();
    this.#retries.clear();
  }
}

/**
 * Takes everybody out of a pool, the models of scale sets too: ARM deletes no balancer that they still name.
 *
 * @param poolId - full id.
 * @throws the first failure; idempotent, so another call goes on where this one ended.
 */
export async function emptyPool(machines: PoolMachines, poolId: string, signal: AbortSignal): Promise<void> {
  const family = poolId.toLowerCase().endsWith("-ipv6") ? "IPv6" : "IPv4";
  const { failed } = await machines.leavePool({ pool: { id: poolId, family }, keep: "nobody" }, signal);
  const [first] = failed;
  if (first !== undefined) throw first.error;
}

function membersOf({ backendIPConfigurations = [] }: { backendIPConfigurations?: { id?: string }[] }) {
  return backendIPConfigurations.flatMap(({ id }) => id ?? []);
}

function textOf(nodes: readonly Node[]): string {
  return nodes
    .map(({ metadata, spec }) => `${metadata.name} ${spec.providerID ?? ""}`)
    .toSorted()
    .join("\n");
}

function noMember(poolId: string, { failed }: PoolReport): CloudError {
  const [first] = failed;
  const cause = CloudError.from(
    first?.error,
    first?.node === undefined ? (first?.resourceId ?? "") : `node ${first.node}`,
  );
  const text = `no node could join the pool ${poolId}; the first failure: ${cause.message}`;
  const wait = cause.retryAfterMs === undefined ? {} : { retryAfterMs: cause.retryAfterMs };
  return new CloudError(cause.code, text, { cause, ...wait });
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {}); // nobody may be left to hear of it
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}
