import type { EventSink } from "../../cloudprovider/index.ts";
import type { ServiceWriter } from "../runtime/service-writer.ts";

/** How often a Service is looked at again when nothing is kept in line, milliseconds. */
export const LOOK_AGAIN_MS = 60_000;

/** Writes nothing, and says that it did: in observe mode no Service gets a finalizer or a status. */
export const silentWriter: ServiceWriter = { patchStatus: () => Promise.resolve() };

/** Lets warnings through; what a pass says it has done is not so when nothing is written. */
export function warningsOnly(events: EventSink): EventSink {
  return {
    record: (target, type, reason, message) => {
      if (type === "Warning") events.record(target, type, reason, message);
    },
  };
}
