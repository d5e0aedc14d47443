import type { Metrics } from "../../src/base/metrics.ts";
import { prometheusMetrics } from "../../src/base/prometheus.ts";
import { type LatencyProfile, type OracleOptions, profile } from "../../src/simulator/index.ts";
import { type ClusterRig, withCluster } from "../fixtures/cluster-rig.ts";
import { nodeManifest, seedOf } from "./race/cluster.ts";
import { type Cost, costOf, writesIn } from "./race/cost.ts";
import { limitingWith, raisedFor, type Size } from "./race/raised.ts";
import { Witness } from "./race/witness.ts";

/** A cluster in which every Service has what it asks for. */
export interface SettledOptions extends Size {
  readonly poolType: "nodeIP" | "nodeIPConfiguration";
  /** `P1`, or no time at all. */
  readonly pace: "P1" | "zero";
  /** Nodes whose machines are there and which are not in the cluster yet. */
  readonly absent?: number;
}

/** A settled cluster, and how to see what something costs it. */
export interface Settled {
  readonly rig: ClusterRig;
  /** What ARM is asked until `isOver`, and for a minute after it. */
  costOf(work: () => unknown, isOver: () => boolean | Promise<boolean>): Promise<Cost>;
  /** Passes over Services that have ended so far. */
  passes(): Promise<number>;
  /** Lets an absent node join. */
  join(): void;
}

/** Budgets count nothing here, quotas do: what they are raised to is printed. */
const UNCOUNTED = { arm: "none", network: "none", compute: "none", storage: "none" } as const;

const PACES: Readonly<Record<SettledOptions["pace"], LatencyProfile | "zero">> = {
  P1: profile("P1").latency,
  zero: "zero",
};

/** Builds such a cluster through the controllers, and lets `work` loose on it; the oracles watch both. */
export async function withSettled(options: SettledOptions, work: (settled: Settled) => Promise<void>): Promise<void> {
  const { services, nodes, poolType, absent = 0 } = options;
  const raised = raisedFor({ services, nodes: nodes + absent });
  for (const note of raised.notes) console.error(`${services} Services, ${nodes} nodes: raised ${note}`);
  const limits = limitingWith(UNCOUNTED, raised) ?? "none";
  const arm = { latency: PACES[options.pace], limits };
  const azureJson = { loadBalancerBackendPoolConfigurationType: poolType };
  const metrics = prometheusMetrics();
  await withCluster(
    { seed: seedOf(nodes + absent), arm, azureJson, metrics, engine: { random: () => 0.5 } },
    async (rig) => {
      const waiting = rig.facts.nodes.slice(nodes);
      for (const { name } of waiting) rig.kubernetes.delete("Node", undefined, name);
      const watching: OracleOptions = { limits: raised.oracles };
      const { kubernetes, clock } = rig;
      const witness = new Witness({ kubernetes, oracles: rig.arm.oracles, now: () => clock.now() }, watching);
      await rig.start();
      witness.apply(services, "settled");
      await witness.ready;
      await rig.clock.sleep(MINUTE_MS);
      await work(handsOn(rig, waiting, metrics));
      witness.close();
    },
  );
}

const MINUTE_MS = 60_000;

function handsOn(rig: ClusterRig, waiting: ClusterRig["facts"]["nodes"], metrics: Metrics): Settled {
  const joining = [...waiting];
  return {
    rig,
    passes: async () => passesIn(await metrics.expose()),
    costOf: async (work, isOver) => {
      const before = rig.arm.journal.count();
      await work();
      await until(rig, isOver);
      await rig.clock.sleep(MINUTE_MS);
      return costOf(rig.arm.journal.entries().slice(before));
    },
    join: () => {
      const node = joining.shift();
      if (node !== undefined) rig.kubernetes.create(nodeManifest(node));
    },
  };
}

function passesIn(metrics: string): number {
  return Number(/^workqueue_work_duration_seconds_count\{name="service"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

/** Resolves when `isSo`, which is asked every second. */
async function until({ clock }: ClusterRig, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let second = 0; !(await isSo()); second++) {
    if (second > 3600) throw new Error(`not so after an hour: ${isSo.toString()}`);
    await clock.sleep(1000);
  }
}

/** What was counted, each line under `label`. */
export function labelled(label: string, cost: Cost): Record<string, number> {
  return {
    [`${label}: requests`]: cost.armRequests,
    [`${label}: reads, polls aside`]: cost.armRequests - cost.polls - writesIn(cost) - cost.rejected,
    [`${label}: polls`]: cost.polls,
    [`${label}: writes`]: writesIn(cost),
    [`${label}: bytes`]: cost.bytes,
  };
}
