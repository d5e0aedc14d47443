import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ArmSimulator, type ClusterFacts, seedCluster, startArmSimulator } from "../../simulator/index.ts";
import { EXIT_OK } from "../exit.ts";
import { untilInterrupted } from "../interrupt.ts";
import { directions } from "./directions.ts";
import { factsOf, type SimulateFacts } from "./facts.ts";
import { journalInto, saveState } from "./record.ts";
import { type SimulateOptions, type SimulateSettings, simulateSettings } from "./settings.ts";

/**
 * Runs `azure-ccm simulate` until SIGINT or SIGTERM.
 *
 * @returns the exit code.
 * @throws Error when a file is wrong or a port is taken.
 */
export async function runSimulate(options: SimulateOptions): Promise<number> {
  const interrupted = untilInterrupted();
  const settings = await simulateSettings(options);
  const arm = await start(settings.simulator, options);
  try {
    await serve(arm, options, settings, interrupted);
  } finally {
    await arm.close();
  }
  return EXIT_OK;
}

async function start(simulator: SimulateSettings["simulator"], options: SimulateOptions): Promise<ArmSimulator> {
  try {
    return await startArmSimulator(simulator);
  } catch (error) {
    const { port, code } = error as { readonly port?: number; readonly code?: string };
    if (code === undefined || port === undefined) throw error;
    throw new Error(`${port === options.httpsPort ? "--https-port" : "--port"}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function serve(
  arm: ArmSimulator,
  options: SimulateOptions,
  settings: SimulateSettings,
  interrupted: AbortSignal,
): Promise<void> {
  const facts = await furnish(arm, options, settings);
  await save(arm, options); // a file that cannot be written is told of now, not when there is something to lose
  const journal = options.journal === undefined ? undefined : await journalInto(options.journal, arm, warn);
  process.stdout.write(options.json === true ? `${JSON.stringify(facts)}\n` : directions(facts));
  await aborted(interrupted);
  await journal?.close();
  await save(arm, options);
}

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}

async function save(arm: ArmSimulator, { state }: SimulateOptions): Promise<void> {
  if (state !== undefined) await naming("--state", saveState(state, arm.dump()));
}

/** Fills the simulator, and writes what clients need to find it. A cluster is planted where no earlier run has left one. */
async function furnish(
  arm: ArmSimulator,
  { caFile }: SimulateOptions,
  { state, cluster: seed }: SimulateSettings,
): Promise<SimulateFacts> {
  if (caFile !== undefined) await naming("--ca-file", writeFile(caFile, arm.ca ?? ""));
  if (state !== undefined) arm.load(state);
  const cluster: ClusterFacts | undefined =
    state !== undefined || seed === undefined ? undefined : seedCluster(arm, seed);
  return factsOf(arm, { caFile: caFile && resolve(caFile), cluster, resumed: state?.resources.length });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((ended) => signal.addEventListener("abort", () => ended(), { once: true }));
}

async function naming(flag: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw new Error(`${flag}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
