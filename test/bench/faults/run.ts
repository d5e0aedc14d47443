import { prometheusMetrics } from "../../../src/base/prometheus.ts";
import {
  describeViolations,
  type JournalEntry,
  type KubernetesObject,
  type ProfileName,
} from "../../../src/simulator/index.ts";
import { ClusterRig } from "../../fixtures/cluster-rig.ts";
import type { RunAsk } from "../race/asked.ts";
import { isPoll } from "../race/cost.ts";
import { tooLate } from "../race/too-late.ts";
import { rigOptions } from "../race/virtual-run.ts";
import { Witness } from "../race/witness.ts";
import { finalState } from "./state.ts";
import { type Shown, type Told, writeFailures } from "./write-failures.ts";

/** What a run is made of. */
export interface FaultAsk {
  readonly seed: string;
  readonly services: number;
  readonly poolType: RunAsk["poolType"];
}

/** What a run with faults, or its twin without, has come to. */
export interface FaultRun {
  /** Everything in ARM in the end, comparable. */
  readonly state: unknown;
  /** Requests until all was settled. */
  readonly requests: number;
  /** Virtual seconds until the last Service had its address. */
  readonly seconds: number;
  /** Requests that went wrong, bad ends of operations not counted. */
  readonly failedRequests: number;
  /** Writes that went wrong, and who has told of them. */
  readonly writes: Shown;
  /** Writes more than ten minutes late: something was not settled. */
  readonly lateWrites: readonly string[];
  /** What the oracles say; empty when nothing. */
  readonly violations: string;
  readonly journal: readonly JournalEntry[];
}

/** Every run has so much virtual time after the last address: whatever still goes on must come to nothing. */
const QUIET_MS = 600_000;
const LONGEST_SECONDS = 3600;

/**
 * Creates Services at once in profile P5, or P4 for the twin without faults, and lets everything settle.
 *
 * @throws Error when a Service has no address after an hour.
 */
export async function faultRun(ask: FaultAsk, profile: ProfileName): Promise<FaultRun> {
  const run: RunAsk = { ...ask, profile, nodes: 3, workers: 256, timeoutSeconds: LONGEST_SECONDS };
  const metrics = prometheusMetrics();
  const told: Told[] = [];
  let now = (): number => 0;
  const rig = await ClusterRig.open({
    ...rigOptions(run),
    metrics,
    watch: { onWrite: (event) => void told.push({ ...event, atMs: now() }) },
  });
  try {
    const { arm, kubernetes, clock } = rig;
    now = () => clock.now();
    const witness = new Witness({ kubernetes, oracles: arm.oracles, now }, {});
    await startPatiently(rig);
    const before = arm.journal.count();
    const startedAtMs = clock.now();
    witness.apply(run.services, run.seed);
    await Promise.race([witness.ready, clock.sleep(LONGEST_SECONDS * 1000)]);
    const ready = [...witness.waitedMs.values()];
    if (ready.length < run.services) throw new Error(tooLate(run, ready.length, witness.warnings()));
    const readyAtMs = startedAtMs + Math.max(...ready);
    await clock.sleep(QUIET_MS);
    const journal = arm.journal.entries().slice(before);
    const settledAtMs = Math.max(readyAtMs, ...journal.filter(isWork).map(({ atMs }) => atMs));
    return {
      state: finalState(arm),
      requests: journal.filter(({ atMs }) => atMs <= settledAtMs).length,
      seconds: Math.max(...ready) / 1000,
      failedRequests: journal.filter(hasFailed).length,
      writes: writeFailures({
        journal,
        operations: arm.dump().operations,
        told,
        warnings: warnings(rig),
        metrics: await metrics.expose(),
      }),
      lateWrites: journal.filter((entry) => entry.atMs > readyAtMs && entry.method !== "GET").map(lineOf),
      violations: silence(witness) ? "" : describeViolations(arm.oracles.violations),
      journal,
    };
  } finally {
    await rig.close();
  }
}

/** The first request of a process may go wrong too; whoever supervises it starts it again. */
async function startPatiently(rig: ClusterRig): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rig.start();
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

/** A line of a journal for people. */
export function lineOf({ atMs, tookMs, method, path, query, status }: JournalEntry): string {
  const second = ((atMs - Date.UTC(2026, 0, 1)) / 1000).toFixed(1);
  const short = path.replace(/^.*\/providers\/Microsoft\./, "").slice(0, 130);
  return `${second.padStart(8)} s +${tookMs} ms  ${status} ${method} ${short}${query.replace(/[?&]api-version=[^&]*/, "")}`;
}

/** Writes and polls: while there are any, something is not settled. */
function isWork({ method, path }: JournalEntry): boolean {
  return method !== "GET" || isPoll(path);
}

/** A 404 is what a look before a create hopes for. */
function hasFailed({ status }: JournalEntry): boolean {
  return status === 0 || (status >= 400 && status !== 404);
}

function warnings({ kubernetes }: ClusterRig): readonly KubernetesObject[] {
  return kubernetes.list("Event").filter(({ type }) => type === "Warning");
}

function silence(witness: Witness): boolean {
  try {
    witness.close();
    return true;
  } catch {
    return false;
  }
}
