export {
  CallLog,
  fetchPublicJson,
  type GateEvent,
  gateMetrics,
  type ObservedRequest,
  type RecordedCall,
  type ResourceEvent,
  requestMetrics,
  writeMetrics,
} from "./arm/index.ts";
export {
  type AzureCloud,
  type AzureCloudOptions,
  checkService,
  createAzureCloud,
  planServices,
} from "./azure-cloud.ts";
export {
  type CloudConfig,
  checkForController,
  type LoadOptions,
  loadCloudConfig,
  type ParsedConfig,
  parseCloudConfig,
} from "./config/index.ts";
export type { ServiceFacts } from "./loadbalancer/explain/facts.ts";
export type { Held, HeldBalancer, HeldFrontend } from "./loadbalancer/explain/held.ts";
export {
  DRIFT_EVENTS,
  type DriftSummary,
  driftMetrics,
  inWords,
  NODES,
  nounOf,
  type Plan,
  type PlannedField,
  type PlannedResource,
  type PlannedService,
  type PlanRequest,
  type Reason,
  RISKS,
  type Risk,
} from "./plan/index.ts";
