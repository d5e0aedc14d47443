import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describeProblem } from "../../base/checked.ts";
import { jsonLogger, type LogLevel } from "../../base/pino-logger.ts";
import { type ClusterSeed, parseClusterSeed } from "../../simulator/index.ts";
import { EXIT_FAILED, EXIT_OK } from "../exit.ts";
import { untilInterrupted } from "../interrupt.ts";
import { packageVersion } from "../version.ts";
import { Demo } from "./demo.ts";
import { type Manifest, readManifests } from "./manifests.ts";
import { Narrator } from "./narrator.ts";
import { type DemoResult, succeeded } from "./result.ts";

/** Options of `azure-ccm demo`, as the command line gives them. */
export interface DemoCommandOptions {
  readonly filename?: readonly string[];
  readonly cluster?: string;
  readonly once?: boolean;
  readonly stay?: boolean;
  readonly json?: boolean;
  /** 0 is at once, 1 about a second per operation. */
  readonly latency: number;
  /** Seconds. */
  readonly timeout: number;
  readonly poolType: "nodeIP" | "nodeIPConfiguration";
  readonly logLevel: LogLevel;
}

/** Where the default manifests lie, in the spelling that reads best from where the user stands. */
function examples(): string {
  const path = fileURLToPath(new URL("../../../examples", import.meta.url));
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

/** Runs `azure-ccm demo`. @returns the exit code. */
export async function runDemo(options: DemoCommandOptions): Promise<number> {
  const manifests = await readManifests(options.filename ?? [examples()]);
  const cluster = options.cluster === undefined ? undefined : await readCluster(options.cluster);
  const narrator = new Narrator(options.json === true ? process.stderr : process.stdout, options.json === true);
  const { latency, poolType, logLevel } = options;
  const interrupted = untilInterrupted();
  const demo = await Demo.start(
    {
      latency: latency === 1 ? "second" : latency === 0 ? "zero" : latency,
      cluster,
      poolType,
      logger: jsonLogger(logLevel),
      version: packageVersion(),
      onWrite: (event) => narrator.progress(event),
    },
    interrupted,
  );
  const folder = await mkdtemp(join(tmpdir(), "azure-ccm-demo-"));
  try {
    return await play(demo, { options, manifests, narrator, folder, interrupted });
  } finally {
    await demo.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly options: DemoCommandOptions;
  readonly manifests: readonly Manifest[];
  readonly narrator: Narrator;
  readonly folder: string;
  readonly interrupted: AbortSignal;
}

async function play(demo: Demo, { options, manifests, narrator, folder, interrupted }: Scene): Promise<number> {
  const kubeconfigPath = join(folder, "kubeconfig");
  const cloudConfigPath = join(folder, "azure.json");
  await writeFile(kubeconfigPath, demo.lab.kubernetes.kubeconfig(), { mode: 0o600 });
  await writeFile(cloudConfigPath, demo.lab.azureJson, { mode: 0o600 });
  const stays = options.once !== true && (options.stay === true || process.stdout.isTTY);
  narrator.opening(demo.lab, manifests);
  const applied = await demo.apply(manifests);
  narrator.skipped(applied);
  const result = await demo.wait(applied, options.timeout, interrupted);
  if (options.json === true) print(result);
  narrator.closing(demo.lab, result, stays ? { kubeconfigPath, cloudConfigPath } : undefined);
  if (!stays) return succeeded(result) ? EXIT_OK : EXIT_FAILED;
  await ended(interrupted);
  return EXIT_OK;
}

function print(result: DemoResult): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function readCluster(path: string): Promise<ClusterSeed> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new Error(`--cluster: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  const seed = parseClusterSeed(text);
  if (seed.ok) return seed.value;
  throw new Error(seed.problems.map((problem) => `${path}: ${describeProblem(problem)}`).join("\n"));
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
