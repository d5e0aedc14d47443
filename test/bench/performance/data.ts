import { readFileSync, writeFileSync } from "node:fs";
import { path } from "../../../scripts/steps.ts";
import type { RunResult } from "../race/result.ts";

/** Figures that `docs/explanation/performance.md` prints; each part has been measured at a time of its own. */
export interface PerformanceData {
  readonly services?: Part<readonly RunResult[]>;
  /** The same on the machine's time, the controller in a process of its own. */
  readonly process?: Part<readonly RunResult[]>;
  /** Counts of the benches that compare, by bench and name. */
  readonly counts?: Part<Readonly<Record<string, Readonly<Record<string, number>>>>>;
  readonly faults?: Part<FaultFigures>;
}

/** What was measured, when and where. */
export interface Part<T> {
  /** `2026-11-21` */
  readonly date: string;
  readonly machine: string;
  /** The commands that give these figures again. */
  readonly commands: readonly string[];
  readonly figures: T;
}

/** What many seeds of runs with faults have come to. */
export interface FaultFigures {
  readonly seeds: number;
  /** Seeds that did not come to the state of their twin. */
  readonly failed: readonly string[];
  /** Requests as multiples of the twin's. */
  readonly median: number;
  readonly worst: number;
  readonly worstSeed: string;
  readonly medianSeconds: number;
  readonly twinSeconds: number;
  readonly failedRequests: number;
  readonly failedWrites: number;
  /** Failed writes that no event tells of. */
  readonly silentWrites: number;
}

const FILE = path("docs/explanation/performance.json");

/** What is stored. */
export function readPerformance(): PerformanceData {
  return JSON.parse(readFileSync(FILE, "utf8")) as PerformanceData;
}

/** Stores one part, the others stay. */
export function storePerformance(part: PerformanceData): void {
  writeFileSync(FILE, `${JSON.stringify({ ...readPerformance(), ...part }, undefined, 2)}\n`);
}
