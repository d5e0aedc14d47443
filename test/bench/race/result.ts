import { arch, cpus, platform } from "node:os";
import { table } from "../../../src/cli/table.ts";
import type { ProfileName } from "../../../src/simulator/index.ts";
import { median } from "../bench.ts";
import type { Cost } from "./cost.ts";

/** What a run is about: everything that a figure needs beside it to mean something. */
export interface Conditions {
  readonly services: number;
  readonly profile: ProfileName;
  /** `virtual`: one process, time jumps when nothing is left to do; `system`: the machine's. */
  readonly clock: "virtual" | "system";
  readonly poolType: "nodeIP" | "nodeIPConfiguration";
  readonly nodes: number;
  /** Ports of the Services. */
  readonly portScheme: string;
  /** Services worked on at once; absent when the controller is somebody else's. */
  readonly workers?: number;
  readonly seed: string;
  /** Who has worked. */
  readonly controller: string;
  /** Whether the simulator's oracles were armed: a simulator in another process has none to arm. */
  readonly oracles: "silent" | "not armed";
  /** Limits of Azure that were raised in the simulator because the run exceeds them. */
  readonly raised: readonly string[];
}

/** What a run has come to. */
export interface RunResult extends Conditions, Cost {
  /** From the first Service applied to an address in the status. */
  readonly seconds: { readonly first: number; readonly median: number; readonly last: number };
  /** Most memory of the process that `process` names, MiB. */
  readonly rssMiB: number;
  /** Longest time that the event loop of that process did not turn, milliseconds. */
  readonly stallMs: number;
  /** Which process memory and stall are of. */
  readonly process: string;
  readonly machine: string;
}

/** Seconds from milliseconds that each Service has waited. */
export function secondsOf(waitedMs: readonly number[]): RunResult["seconds"] {
  const seconds = (ms: number): number => Math.round(ms) / 1000;
  return {
    first: seconds(Math.min(...waitedMs)),
    median: seconds(median(waitedMs)),
    last: seconds(Math.max(...waitedMs)),
  };
}

/** This machine in a few words. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.trim() || arch()}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}

const HEADING = [
  "services",
  "profile",
  "first",
  "median",
  "last",
  "requests",
  "per Service",
  "lb",
  "nsg",
  "pip",
  "polls",
  "429",
  "KiB",
  "rss MiB",
  "stall ms",
];

/** Runs as a table for people; what is the same in all of them stands below it. */
export function describeRuns(runs: readonly RunResult[]): string {
  const rows = runs.map((run) => [
    String(run.services),
    run.profile,
    ...[run.seconds.first, run.seconds.median, run.seconds.last].map((seconds) => `${seconds.toFixed(1)} s`),
    String(run.armRequests),
    (run.armRequests / run.services).toFixed(2),
    ...["loadBalancers", "networkSecurityGroups", "publicIPAddresses"].map((type) => String(run.writes[type] ?? 0)),
    String(run.polls),
    String(run.rejected),
    String(Math.round(run.bytes / 1024)),
    String(run.rssMiB),
    String(run.stallMs),
  ]);
  const conditions = [...new Set(runs.map(conditionsOf))];
  return [table([HEADING, ...rows]), "", ...conditions].join("\n");
}

function conditionsOf(run: RunResult): string {
  const { clock, poolType, nodes, portScheme, workers, seed, controller, oracles } = run;
  const crew = workers === undefined ? "" : `, ${workers} workers`;
  const simulator = `${clock} clock, pool ${poolType}, ${nodes} nodes, ${portScheme}, seed ${seed}, oracles ${oracles}`;
  return `${controller}${crew}; ${simulator}; rss and stall of ${run.process}; ${run.machine}`;
}
