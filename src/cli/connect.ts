import {
  type AzureCloud,
  type AzureCloudOptions,
  type CloudConfig,
  checkForController,
  createAzureCloud,
  fetchPublicJson,
  loadCloudConfig,
} from "../azure/index.ts";
import { describeProblem } from "../base/checked.ts";
import { systemClock } from "../base/clock.ts";
import { type ConnectionSettings, connectionSettings } from "../controller/index.ts";
import { systemAuthoritiesAnd } from "./trust.ts";
import { packageVersion } from "./version.ts";

/** How the cluster and Azure are found, as the command line gives it. */
export interface Whereabouts {
  readonly cloudConfig: string;
  readonly kubeconfig?: string;
  readonly clusterName: string;
  readonly caFile?: string;
}

/** The way to the API server. @throws Error that names the flag. */
export async function connectToCluster({ kubeconfig }: Pick<Whereabouts, "kubeconfig">): Promise<ConnectionSettings> {
  const source = kubeconfig === undefined ? {} : { kubeconfig };
  try {
    return await connectionSettings(source, () => systemClock.now());
  } catch (error) {
    throw new Error(`--kubeconfig: ${reasonOf(error)}`, { cause: error });
  }
}

/** Who listens to what goes to Azure, and whether anything may be written there. */
export type Listeners = Pick<AzureCloudOptions, "onWrite" | "onRequest" | "onThrottle" | "calls" | "mode" | "onDrift">;

interface Remarking {
  /** Told what deserves a word about azure.json. */
  readonly onRemark: (remark: { readonly field: string; readonly text: string }) => void;
}

/** Tells people a remark about azure.json, on standard error. */
export function tellRemark({ field, text }: { readonly field: string; readonly text: string }): void {
  process.stderr.write(`azure-ccm: --cloud-config: ${field} ${text}\n`);
}

/**
 * Reads azure.json and connects to Azure.
 *
 * @throws Error when the configuration cannot be used, CloudError when Azure cannot.
 */
export async function connectToAzure(
  options: Whereabouts,
  { onRemark, ...listeners }: Listeners & Remarking,
  signal: AbortSignal,
): Promise<AzureCloud> {
  const ca = options.caFile === undefined ? {} : { ca: await systemAuthoritiesAnd(options.caFile) };
  const config = await readCloudConfig(options, { onRemark, ...ca }, signal);
  const { clusterName } = options;
  const common = { config, clusterName, clock: systemClock, version: packageVersion(), ...ca };
  return await createAzureCloud({ ...common, ...listeners }, signal);
}

async function readCloudConfig(
  { cloudConfig: path }: Whereabouts,
  { onRemark, ...ca }: Remarking & { readonly ca?: string },
  signal: AbortSignal,
): Promise<CloudConfig> {
  const fetchJson = (url: string): Promise<unknown> => fetchPublicJson(url, ca, signal);
  const { config, remarks } = await loadCloudConfig({ path, env: process.env, fetchJson }, signal);
  for (const remark of remarks) onRemark(remark);
  const problems = checkForController(config);
  if (problems.length > 0) throw new Error(`${path}: ${problems.map(describeProblem).join("; ")}`);
  return config;
}

/** Without the number of the system call's error: who reads it has named the file. */
function reasonOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" && path !== undefined ? `there is no file ${path}` : message;
}
