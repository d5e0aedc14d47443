import type { Metrics } from "../../base/metrics.ts";
import type { ResourceEvent } from "./engine.ts";

const SECONDS = [0.5, 1, 2, 4, 8, 16, 32, 64, 128];
const RIDERS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Counts and times every write of an ARM resource, and how many edits rode in it. */
export function writeMetrics(metrics: Metrics): (event: ResourceEvent) => void {
  const writes = metrics.counter({
    name: "azure_ccm_arm_writes_total",
    help: "Writes of ARM resources by type, verb and outcome: confirmed, conflicted, lost, broken or refused.",
    labels: ["type", "verb", "outcome"],
  });
  const seconds = metrics.histogram({
    name: "azure_ccm_arm_write_seconds",
    help: "Seconds from sending a write to its confirmation, by resource type.",
    labels: ["type"],
    buckets: SECONDS,
  });
  const riders = metrics.histogram({
    name: "azure_ccm_arm_write_riders",
    help: "Edits that rode in one write, by resource type.",
    labels: ["type"],
    buckets: RIDERS,
  });
  return ({ type, event }) => {
    if (event.kind === "writing") riders.observe(event.riders.length, { type });
    else if (event.kind === "failed") writes.add({ type, verb: event.verb, outcome: event.failure.outcome });
    else if (event.kind === "confirmed") {
      writes.add({ type, verb: event.verb, outcome: "confirmed" });
      seconds.observe(event.ms / 1000, { type });
    }
  };
}
