export { DRIFT_EVENTS, type DriftSummary, nounOf } from "./drift.ts";
export { driftMetrics } from "./drift-metrics.ts";
export { type DryBalancer, DryRun, type DryRunDeps } from "./dry-run.ts";
export { ObservingLoadBalancer } from "./observing.ts";
export {
  NODES,
  type Plan,
  type PlannedField,
  type PlannedResource,
  type PlannedService,
  type Reason,
  RISKS,
  type Risk,
} from "./plan.ts";
export { type PlanRequest, type Task, tasksOf } from "./tasks.ts";
export { inWords } from "./words.ts";
