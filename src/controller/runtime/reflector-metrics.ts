import type { Counter, Metrics } from "../../base/metrics.ts";

/** Declares what reflectors count: their failures, label `path`. */
export function reflectorFailures(metrics: Metrics): Counter {
  return metrics.counter({
    name: "reflector_failures_total",
    help: "Lists and watches of the API server that failed, by collection.",
    labels: ["path"],
  });
}
