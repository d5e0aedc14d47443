import type { Metrics } from "../../base/metrics.ts";
import type { DriftSummary } from "./drift.ts";

/** Shows how far ARM is from what the cluster asks for, as observe mode finds it. */
export function driftMetrics(metrics: Metrics): (summary: DriftSummary) => void {
  const services = metrics.gauge({
    name: "azure_ccm_drifting_services",
    help: "Services for which something in Azure would change, in observe mode.",
  });
  const changes = metrics.gauge({
    name: "azure_ccm_planned_changes",
    help: "Fields of ARM resources that would change, in observe mode, by whom they are for: services or nodes.",
    labels: ["group"],
  });
  return ({ services: drifting, serviceChanges, nodeChanges }) => {
    services.set(drifting);
    changes.set(serviceChanges, { group: "services" });
    changes.set(nodeChanges, { group: "nodes" });
  };
}
