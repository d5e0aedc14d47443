import { createHash } from "node:crypto";
import type { EventTarget } from "../../cloudprovider/index.ts";

/** One thing that happened, before it becomes an API object. */
export interface Happening {
  readonly component: string;
  readonly target: EventTarget;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** A core/v1 Event as it is written. */
export interface EventObject {
  readonly apiVersion: "v1";
  readonly kind: "Event";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly involvedObject: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string };
  readonly reportingComponent: string;
  readonly type: "Normal" | "Warning";
  /** RFC 3339, whole seconds. */
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly count: number;
}

/** Longest name that Kubernetes takes. */
const LONGEST_NAME = 253;

/** Longest message that Kubernetes takes in events of any version. */
const LONGEST_MESSAGE = 1024;

/**
 * The Event for `happening`, counted once.
 *
 * @param nowMs - milliseconds since the epoch.
 * @param serial - tells events of the same millisecond apart; it takes the place of the nanoseconds in the name.
 */
export function eventObject(happening: Happening, nowMs: number, serial: number): EventObject {
  const { component, target, type, reason, message } = happening;
  const { name, namespace, uid } = target.metadata;
  const at = new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z");
  const nanos = (BigInt(Math.trunc(nowMs)) * 1_000_000n + BigInt(serial % 1_000_000)).toString(16);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: fitting(`${name}.${nanos}`), namespace: namespace ?? "default" },
    involvedObject: { apiVersion: "v1", kind: target.kind, name, ...(namespace && { namespace }), uid },
    reason,
    message: message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…`,
    source: { component },
    reportingComponent: component,
    type,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}

function fitting(name: string): string {
  return name.length <= LONGEST_NAME ? name : createHash("sha256").update(name).digest("hex");
}
