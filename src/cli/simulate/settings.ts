import { readFile } from "node:fs/promises";
import { type Checked, describeProblem } from "../../base/checked.ts";
import { systemClock } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import {
  type ArmSimulatorOptions,
  type ClusterSeed,
  type Profile,
  type ProfileName,
  parseClusterSeed,
  parseScenario,
  parseState,
  profile,
  type Scenario,
  type SimulatorState,
} from "../../simulator/index.ts";

/** Options of `azure-ccm simulate`, as the command line gives them. */
export interface SimulateOptions {
  readonly cluster?: string;
  readonly scenario?: string;
  readonly profile?: ProfileName;
  /** 0 is at once, 1 is Azure. */
  readonly latency?: number;
  readonly clock?: "system" | "manual";
  readonly port: number;
  readonly httpsPort: number;
  readonly caFile?: string;
  readonly journal?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** How a simulator is started, and what is put into it. */
export interface SimulateSettings {
  readonly simulator: ArmSimulatorOptions;
  readonly cluster: ClusterSeed | undefined;
  /** Where an earlier run stopped. */
  readonly state: SimulatorState | undefined;
}

/**
 * Reads the files that the flags name and puts everything together: a flag counts more than the scenario, and a profile
 * less than what is said beside it.
 *
 * @throws Error that names the flag, or file and field, of everything that is wrong.
 */
export async function simulateSettings(options: SimulateOptions): Promise<SimulateSettings> {
  const scenario = (await readInput("--scenario", options.scenario, parseScenario)) ?? {};
  const cluster = await readInput("--cluster", options.cluster, parseClusterSeed);
  const state = await readInput("--state", options.state, parseState, { mayBeMissing: true });
  return { simulator: simulatorOptions(options, scenario, state), cluster: cluster ?? scenario.cluster, state };
}

/** Requests that stay in memory; `--journal` writes all of them, a simulator that runs for days keeps the newest. */
const KEPT_REQUESTS = 10_000;

/** The simulator's options. @param state - decides seed, tenant and subscription: guids and etags follow from them. */
export function simulatorOptions(
  options: SimulateOptions,
  scenario: Scenario,
  state: SimulatorState | undefined,
): ArmSimulatorOptions {
  const { cluster: _, profile: written, latency, limits, clock, faults: script, seed, ...rest } = scenario;
  const { profile: chosen, latency: speed } = options;
  const { faults, ...timing } = profileOf(chosen ?? written);
  const { seed: savedSeed, tenantId, subscriptionId } = state ?? {};
  return {
    ...timing,
    ...defined({ latency, limits }),
    ...profileTiming(chosen),
    ...rest,
    ...defined({ latency: speed, faults, script, seed: savedSeed ?? seed, tenantId, subscriptionId }),
    clock: clockOf(options.clock ?? clock, state),
    journal: { keep: KEPT_REQUESTS },
    tls: true,
    ports: { http: options.port, https: options.httpsPort },
  };
}

function profileOf(name: ProfileName | undefined): Partial<Profile> {
  return name === undefined ? {} : profile(name);
}

function profileTiming(name: ProfileName | undefined): Omit<Partial<Profile>, "faults"> {
  const { faults: _, ...timing } = profileOf(name);
  return timing;
}

/** The members that are there: `exactOptionalPropertyTypes` tells absent from undefined. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as ReturnType<typeof defined<T>>;
}

/** A clock of its own begins with today, and never before the instant at which a dump was taken. */
function clockOf(kind: "system" | "manual" | undefined, state: SimulatorState | undefined): typeof systemClock {
  if (kind !== "manual") return systemClock;
  return new VirtualClock("manual", Math.max(systemClock.now(), state?.savedAtMs ?? 0));
}

interface Reading {
  /** A file that is not there yet is no mistake. */
  readonly mayBeMissing?: boolean;
}

async function readInput<T>(
  flag: string,
  path: string | undefined,
  parse: (text: string) => Checked<T>,
  { mayBeMissing = false }: Reading = {},
): Promise<T | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${flag}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  if (text === undefined) return undefined;
  const parsed = parse(text);
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map((problem) => `${path}: ${describeProblem(problem)}`).join("\n"));
}
