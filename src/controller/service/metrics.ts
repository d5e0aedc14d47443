import type { Counter, Histogram, Metrics } from "../../base/metrics.ts";

/** 1 to 16384 seconds, each bound twice the one before: upstream's. */
const SECONDS_BUCKETS = Array.from({ length: 15 }, (_, power) => 2 ** power);

/** What the service controller counts. */
export interface ServiceMetrics {
  /** Calls that bring members up to date. */
  readonly memberSyncs: Counter;
  readonly memberSyncErrors: Counter;
  /** From a change of the nodes until every balancer was looked at, seconds. */
  readonly nodeSyncSeconds: Histogram;
  /** One call that brings members up to date, seconds. */
  readonly memberSyncSeconds: Histogram;
  /** Passes over a Service that failed, by the contract's error code. */
  readonly passErrors: Counter;
}

/** Declares them; the first four are upstream's names. */
export function serviceMetrics(metrics: Metrics): ServiceMetrics {
  const buckets = SECONDS_BUCKETS;
  return {
    memberSyncs: metrics.counter({
      name: "service_controller_loadbalancer_sync_total",
      help: "Updates of a balancer's members after nodes have changed.",
    }),
    memberSyncErrors: metrics.counter({
      name: "service_controller_nodesync_error_total",
      help: "Services whose members could not be brought up to date after nodes have changed.",
    }),
    nodeSyncSeconds: metrics.histogram({
      name: "service_controller_nodesync_latency_seconds",
      help: "Time from a change of nodes until all balancers were looked at.",
      buckets,
    }),
    memberSyncSeconds: metrics.histogram({
      name: "service_controller_update_loadbalancer_host_latency_seconds",
      help: "Time that one update of a balancer's members takes.",
      buckets,
    }),
    passErrors: metrics.counter({
      name: "service_controller_sync_error_total",
      help: "Passes over a Service that failed, by error code.",
      labels: ["code"],
    }),
  };
}
