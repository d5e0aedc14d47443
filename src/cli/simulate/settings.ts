import { readFile } from "node:fs/promises";
import { type Checked, describeProblem } from "../../base/checked.ts";
import {
  type ArmSimulatorOptions,
  type ClusterSeed,
  type ProfileName,
  parseClusterSeed,
  parseScenario,
  parseState,
  profile,
  type Scenario,
  type SimulatorState,
  scenarioOptions,
} from "../../simulator/index.ts";

/** Options of `azure-ccm simulate`, as the command line gives them. */
export interface SimulateOptions {
  readonly cluster?: string;
  readonly scenario?: string;
  readonly profile?: ProfileName;
  /** 0 is at once, 1 is Azure. */
  readonly latency?: number;
  readonly clock?: "system" | "manual" | "auto";
  /** With the clock `auto`: how many processes share the time. */
  readonly participants?: number;
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
  const { latency, clock, participants } = options;
  const asked = { ...withProfile(scenario, options.profile), ...defined({ latency, clock, participants }) };
  const { seed, tenantId, subscriptionId } = state ?? {};
  return {
    ...scenarioOptions(asked, state?.savedAtMs),
    ...defined({ seed, tenantId, subscriptionId }),
    journal: { keep: KEPT_REQUESTS },
    tls: true,
    ports: { http: options.port, https: options.httpsPort },
  };
}

/** The scenario with the profile of a flag: what that says of timing and limits counts more than the file. */
function withProfile(scenario: Scenario, name: ProfileName | undefined): Scenario {
  if (name === undefined) return scenario;
  const { latency: _, limits, ...rest } = scenario;
  const keepsLimits = limits !== undefined && profile(name).limits === undefined;
  return { ...rest, profile: name, ...(keepsLimits && { limits }) };
}

/** The members that are there: `exactOptionalPropertyTypes` tells absent from undefined. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as ReturnType<typeof defined<T>>;
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
