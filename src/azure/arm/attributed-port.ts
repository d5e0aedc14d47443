import type { CallLog } from "./call-log.ts";
import type { ResourcePort } from "./port.ts";
import type { QueueEvent } from "./queue/options.ts";

/** A port whose writes belong to the riders that they carry. */
export interface AttributedPort<T> {
  readonly port: ResourcePort<T>;
  /** To be told what the queue over the port does: it names the riders right before it writes. */
  readonly observe: (event: QueueEvent) => void;
}

/** Puts a port into a log: a queue may be woken by one Service and write for another. */
export function attributed<T>(port: ResourcePort<T>, calls: Pick<CallLog, "onBehalfOf">): AttributedPort<T> {
  let riders: readonly string[] = [];
  return {
    port: {
      read: (signal) => port.read(signal),
      put: (value, condition, signal) => calls.onBehalfOf(riders, () => port.put(value, condition, signal)),
      remove: (condition, signal) => calls.onBehalfOf(riders, () => port.remove(condition, signal)),
      classify: (error) => port.classify(error),
    },
    observe: (event) => {
      if (event.kind === "writing") ({ riders } = event);
    },
  };
}
