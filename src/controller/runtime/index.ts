export { ApiError, isExpired, isNotFound } from "./api-error.ts";
export { type ApiRequest, Connection, type ConnectionSettings } from "./connection.ts";
export { EventRecorder, type EventRecorderOptions } from "./events.ts";
export { type CredentialSource, connectionSettings } from "./kubeconfig.ts";
export { listAll } from "./list.ts";
export { type LoopOptions, runLoop } from "./loop.ts";
export { type Controller, type ControllerWorld, type Manager, type ManagerOptions, startManager } from "./manager.ts";
export { type Outcome, outcomeOf } from "./outcome.ts";
export { type Patch, STRATEGIC_MERGE, servicePatch } from "./patches.ts";
export { projectNode, projectService, type Raw } from "./projections.ts";
export { observeQueue, type QueueObserver } from "./queue-metrics.ts";
export {
  defaultControllerLimiter,
  exponentialPerKey,
  type RateLimiter,
  strictestOf,
  tokenBucket,
} from "./rate-limiter.ts";
export { Reflector, type ReflectorOptions, type ReflectorStats } from "./reflector.ts";
export { type ServiceWriter, serviceWriter } from "./service-writer.ts";
export { type IndexFunction, resync, Store, type Stored, type StoreHandler } from "./store.ts";
export { WorkQueue, type WorkQueueOptions } from "./work-queue.ts";
