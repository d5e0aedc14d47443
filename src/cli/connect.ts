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
import type { Logger } from "../base/logger.ts";
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`--kubeconfig: ${reason}`, { cause: error });
  }
}

/** Who listens to what goes to Azure, and whether anything may be written there. */
export type Listeners = Pick<AzureCloudOptions, "onWrite" | "onRequest" | "onThrottle" | "calls" | "mode" | "onDrift">;

/**
 * Reads azure.json and connects to Azure.
 *
 * @throws Error when the configuration cannot be used, CloudError when Azure cannot.
 */
export async function connectToAzure(
  options: Whereabouts,
  { logger, ...listeners }: Listeners & { readonly logger: Logger },
  signal: AbortSignal,
): Promise<AzureCloud> {
  const ca = options.caFile === undefined ? {} : { ca: await systemAuthoritiesAnd(options.caFile) };
  const config = await readCloudConfig(options, { logger, ...ca }, signal);
  const { clusterName } = options;
  const common = { config, clusterName, clock: systemClock, version: packageVersion(), ...ca };
  return await createAzureCloud({ ...common, ...listeners }, signal);
}

async function readCloudConfig(
  { cloudConfig: path }: Whereabouts,
  { logger, ...ca }: { readonly logger: Logger; readonly ca?: string },
  signal: AbortSignal,
): Promise<CloudConfig> {
  const fetchJson = (url: string): Promise<unknown> => fetchPublicJson(url, ca, signal);
  const { config, remarks } = await loadCloudConfig({ path, env: process.env, fetchJson }, signal);
  for (const { field, text } of remarks) logger.warn("about the cloud config", { field, text });
  const problems = checkForController(config);
  if (problems.length > 0) throw new Error(`${path}: ${problems.map(describeProblem).join("; ")}`);
  return config;
}
