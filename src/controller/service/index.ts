export { DEFAULT_WORKERS, ServiceController, type ServiceControllerOptions } from "./controller.ts";
export { needsCleanup, needsUpdate, wantsLoadBalancer } from "./decisions.ts";
export { SERVICE_EVENTS, type ServiceEventReason } from "./events.ts";
export { type ServiceControllerSettings, serviceController } from "./start.ts";
