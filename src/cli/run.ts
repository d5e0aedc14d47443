import {
  type AzureCloud,
  checkForController,
  createAzureCloud,
  fetchPublicJson,
  loadCloudConfig,
  type ObservedRequest,
  type ResourceEvent,
  requestMetrics,
  writeMetrics,
} from "../azure/index.ts";
import { describeProblem } from "../base/checked.ts";
import { systemClock } from "../base/clock.ts";
import type { Logger } from "../base/logger.ts";
import type { Metrics } from "../base/metrics.ts";
import { jsonLogger, type LogLevel } from "../base/pino-logger.ts";
import { prometheusMetrics } from "../base/prometheus.ts";
import {
  type ConnectionSettings,
  connectionSettings,
  type Manager,
  type Serving,
  serviceController,
  startManager,
  startServing,
} from "../controller/index.ts";
import { logRequest, logWrite } from "./arm-log.ts";
import { EXIT_OK } from "./exit.ts";
import { untilInterrupted } from "./interrupt.ts";
import { systemAuthoritiesAnd } from "./trust.ts";
import { packageVersion } from "./version.ts";

/** Options of `azure-ccm run`, as the command line gives them. */
export interface RunOptions {
  readonly cloudConfig: string;
  readonly kubeconfig?: string;
  readonly clusterName: string;
  readonly concurrentServiceSyncs: number;
  readonly metricsPort: number;
  readonly caFile?: string;
  readonly logLevel: LogLevel;
}

/**
 * Runs `azure-ccm run` until SIGINT or SIGTERM. Writes that were sent are finished then; what waits is dropped, the next
 * process finds and finishes it.
 *
 * @returns the exit code.
 * @throws Error when it cannot start: configuration, identity, cluster.
 */
export async function runControllers(options: RunOptions): Promise<number> {
  const interrupted = untilInterrupted();
  const logger = jsonLogger(options.logLevel);
  const instruments = { logger, metrics: prometheusMetrics() };
  try {
    const connection = await connectToCluster(options);
    const cloud = await connectToAzure(options, instruments, interrupted);
    try {
      await runUntilStopped({ ...options, connection, cloud }, instruments, interrupted);
    } finally {
      await cloud.close();
    }
  } catch (error) {
    if (!interrupted.aborted) throw error; // what was under way when the signal came ends as an error
  }
  logger.info("stopped");
  return EXIT_OK;
}

interface Instruments {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

async function connectToCluster({ kubeconfig }: RunOptions): Promise<ConnectionSettings> {
  const source = kubeconfig === undefined ? {} : { kubeconfig };
  try {
    return await connectionSettings(source, () => systemClock.now());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`--kubeconfig: ${reason}`, { cause: error });
  }
}

async function connectToAzure(options: RunOptions, instruments: Instruments, signal: AbortSignal): Promise<AzureCloud> {
  const { logger, metrics } = instruments;
  const ca = options.caFile === undefined ? {} : { ca: await systemAuthoritiesAnd(options.caFile) };
  const fetchJson = (url: string): Promise<unknown> => fetchPublicJson(url, ca, signal);
  const { config, remarks } = await loadCloudConfig({ path: options.cloudConfig, env: process.env, fetchJson }, signal);
  for (const { field, text } of remarks) logger.warn("about the cloud config", { field, text });
  const problems = checkForController(config);
  if (problems.length > 0) throw new Error(`${options.cloudConfig}: ${problems.map(describeProblem).join("; ")}`);
  const { clusterName } = options;
  const common = { config, clusterName, clock: systemClock, version: packageVersion(), ...ca };
  const [countWrite, countRequest] = [writeMetrics(metrics), requestMetrics(metrics)];
  const onWrite = (event: ResourceEvent): void => {
    countWrite(event);
    logWrite(logger, event);
  };
  const onRequest = (request: ObservedRequest): void => {
    countRequest(request);
    logRequest(logger, request);
  };
  return await createAzureCloud({ ...common, onWrite, onRequest }, signal);
}

interface Running extends RunOptions {
  readonly connection: ConnectionSettings;
  readonly cloud: AzureCloud;
}

async function runUntilStopped(
  { connection, cloud, clusterName, ...options }: Running,
  instruments: Instruments,
  signal: AbortSignal,
): Promise<void> {
  const controllers = [serviceController({ workers: options.concurrentServiceSyncs })];
  const common = { connection, cloud, clusterName, controllers, clock: systemClock, ...instruments };
  const manager = await startManager({ ...common, signal });
  try {
    const serving = await serve(manager, options.metricsPort, instruments);
    instruments.logger.info("running", { controllers: manager.running, clusterName, port: serving.port });
    await manager.stopped;
    await serving.close();
  } finally {
    await manager.stop();
  }
}

function serve(manager: Manager, port: number, { metrics }: Instruments): Promise<Serving> {
  const synced = { name: "informer-sync", ok: () => manager.services.synced && manager.nodes.synced };
  return startServing({ port, host: "127.0.0.1", metrics, liveness: [], readiness: [synced] }).catch(
    (error: unknown) => {
      throw new Error(`--metrics-port: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    },
  );
}
