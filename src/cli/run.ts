import { type AzureCloud, CallLog, driftMetrics, gateMetrics, requestMetrics, writeMetrics } from "../azure/index.ts";
import { systemClock } from "../base/clock.ts";
import type { Logger } from "../base/logger.ts";
import type { Metrics } from "../base/metrics.ts";
import { jsonLogger, type LogLevel } from "../base/pino-logger.ts";
import { prometheusMetrics } from "../base/prometheus.ts";
import {
  type ConnectionSettings,
  type Manager,
  ServiceJournal,
  type Serving,
  type ServingOptions,
  serviceController,
  startManager,
  startServing,
} from "../controller/index.ts";
import { logRequest, logWrite } from "./arm-log.ts";
import { connectToAzure, connectToCluster, type Listeners, type Whereabouts } from "./connect.ts";
import { EXIT_OK } from "./exit.ts";
import { explainPage } from "./explain/page.ts";
import { untilInterrupted } from "./interrupt.ts";

/** Options of `azure-ccm run`, as the command line gives them. */
export interface RunOptions extends Whereabouts {
  readonly mode: "manage" | "observe";
  readonly concurrentServiceSyncs: number;
  readonly metricsPort: number;
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
    const calls = new CallLog(systemClock);
    const onRemark = ({ field, text }: { field: string; text: string }): void =>
      logger.warn("about the cloud config", { field, text });
    const listeners = { ...listenersOf(instruments, calls), mode: options.mode };
    const cloud = await connectToAzure(options, { onRemark, ...listeners }, interrupted);
    try {
      await runUntilStopped({ ...options, connection, cloud, calls }, instruments, interrupted);
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

function listenersOf({ logger, metrics }: Instruments, calls: CallLog): Listeners {
  const [countWrite, countRequest] = [writeMetrics(metrics), requestMetrics(metrics)];
  return {
    onWrite: (event) => {
      countWrite(event);
      logWrite(logger, event);
    },
    onRequest: (request) => {
      countRequest(request);
      logRequest(logger, request);
    },
    onThrottle: gateMetrics(metrics),
    onDrift: driftMetrics(metrics),
    calls,
  };
}

interface Running extends RunOptions {
  readonly connection: ConnectionSettings;
  readonly cloud: AzureCloud;
  readonly calls: CallLog;
}

async function runUntilStopped(
  { connection, cloud, calls, clusterName, ...options }: Running,
  instruments: Instruments,
  signal: AbortSignal,
): Promise<void> {
  const journal = new ServiceJournal();
  const controllers = [serviceController({ mode: options.mode, workers: options.concurrentServiceSyncs, journal })];
  const common = { connection, cloud, clusterName, controllers, clock: systemClock, ...instruments };
  const manager = await startManager({ ...common, signal });
  try {
    const pages = [explainPage({ calls, journal })];
    const serving = await serve(manager, { port: options.metricsPort, pages }, instruments);
    const { mode } = options;
    instruments.logger.info("running", { mode, controllers: manager.running, clusterName, port: serving.port });
    await manager.stopped;
    await serving.close();
  } finally {
    await manager.stop();
  }
}

function serve(
  manager: Manager,
  at: Pick<ServingOptions, "port" | "pages">,
  { metrics }: Instruments,
): Promise<Serving> {
  const synced = { name: "informer-sync", ok: () => manager.services.synced && manager.nodes.synced };
  return startServing({ ...at, host: "127.0.0.1", metrics, liveness: [], readiness: [synced] }).catch(
    (error: unknown) => {
      throw new Error(`--metrics-port: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    },
  );
}
