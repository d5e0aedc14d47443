import type { ObservedRequest, ResourceEvent } from "../azure/index.ts";
import type { Logger } from "../base/logger.ts";

/** One line for every write of an ARM resource: what, for whom, how it ended. */
export function logWrite(logger: Logger, { type, id, event }: ResourceEvent): void {
  switch (event.kind) {
    case "writing":
      logger.info("writing", { type, id, verb: event.verb, riders: event.riders, attempt: event.attempt });
      break;
    case "confirmed":
      logger.info("confirmed", { type, id, verb: event.verb, ms: event.ms });
      break;
    case "failed":
      logger.warn("write failed", { type, id, outcome: event.failure.outcome, error: event.failure.error });
      break;
    case "waiting":
      logger.info("waiting", { type, id, because: event.because, ms: event.ms });
      break;
    case "parked":
    case "split":
    case "unchanged":
    case "rejected":
      logger.debug(event.kind, { type, id, riders: event.riders });
  }
}

/** One line for every request to ARM, for those who want to see them all. */
export function logRequest(logger: Logger, { method, path, status, ms, requestId }: ObservedRequest): void {
  logger.debug("ARM request", { method, path, status, ms, requestId });
}
