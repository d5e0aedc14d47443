export { DEFAULT_WORKERS, ServiceController, type ServiceControllerOptions } from "./controller.ts";
export { needsUpdate } from "./decisions.ts";
export { SERVICE_EVENTS, type ServiceEventReason } from "./events.ts";
export { type ServiceFailure, ServiceJournal, type ServiceRecord } from "./journal.ts";
export { type ServiceControllerSettings, serviceController } from "./start.ts";
