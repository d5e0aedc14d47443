import { type Cause, invalidValue } from "../api-error.ts";
import type { ObjectMeta } from "../object.ts";
import { int32, kept, microTime, object, text, time } from "../schema.ts";
import { ageOf } from "./age.ts";
import { type Column, column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { subdomain1123Problem } from "./names.ts";

type Reference = {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
};

type Event = {
  readonly metadata: ObjectMeta;
  readonly involvedObject?: Reference;
  readonly reason?: string;
  readonly message?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly count?: number;
  readonly type?: string;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
};

const reference = object("ObjectReference", {
  kind: text,
  namespace: text,
  name: text,
  uid: text,
  apiVersion: text,
  resourceVersion: text,
  fieldPath: text,
});

const COLUMNS: readonly Column[] = [
  column("Last Seen", "The time at which the most recent occurrence of this event was recorded."),
  column("Type", "Type of this event (Normal, Warning), new types could be added in the future."),
  column("Reason", "A short, machine understandable string that gives the reason for the transition."),
  column("Object", "The object that this event is about."),
  column("Subobject", "The part of the object that this event is about.", 1),
  column("Source", "The component reporting this event.", 1),
  column("Message", "A human-readable description of the status of this operation."),
  column("First Seen", "The time at which the event was first recorded.", 1),
  { name: "Count", type: "integer", priority: 1, description: "The number of times this event has occurred." },
  column("Name", "The name of this event.", 1),
];

/** Core v1 Events. */
export const eventKind: Kind = {
  ...PLAIN,
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  schema: object("Event", {
    ...TYPE_AND_META,
    involvedObject: reference,
    reason: text,
    message: text,
    source: object("EventSource", { component: text, host: text }),
    firstTimestamp: time,
    lastTimestamp: time,
    count: int32,
    type: text,
    eventTime: microTime,
    series: object("EventSeries", { count: int32, lastObservedTime: microTime }),
    action: text,
    related: reference,
    reportingComponent: kept(text),
    reportingInstance: kept(text),
  }),
  namesFirst: false,
  columns: COLUMNS,
  cells: (event, { nowMs }) => cells(event as Event, nowMs),
  fields: (event) => fields(event as Event),
  nameProblem: subdomain1123Problem,
  defaults: (event) => ({ ...event, source: event["source"] ?? {} }),
  validate: (event) => validate(event as Event),
};

function cells(event: Event, nowMs: number): readonly (string | number)[] {
  const { involvedObject = {}, type = "", reason = "", message = "", metadata } = event;
  return [
    lastSeen(event, nowMs),
    type,
    reason,
    target(involvedObject),
    involvedObject.fieldPath ?? "",
    source(event),
    message.trim(),
    firstSeen(event, nowMs),
    timesSeen(event),
    metadata.name,
  ];
}

function target({ kind = "", name = "*" }: Reference): string {
  return `${kind.toLowerCase()}/${name}`;
}

function timesSeen({ series, count = 1 }: Event): number {
  return series?.count ?? count;
}

function firstSeen({ firstTimestamp, eventTime }: Event, nowMs: number): string {
  return ageOf(firstTimestamp ?? eventTime, nowMs);
}

function lastSeen(event: Event, nowMs: number): string {
  const { series, lastTimestamp } = event;
  if (series !== undefined) return ageOf(series.lastObservedTime, nowMs);
  return lastTimestamp === undefined ? firstSeen(event, nowMs) : ageOf(lastTimestamp, nowMs);
}

function source({ source, reportingComponent, reportingInstance }: Event): string {
  const [component, host] = source?.component
    ? [source.component, source.host]
    : [reportingComponent, reportingInstance];
  return [component, host].filter(Boolean).join(", ");
}

function fields({
  involvedObject = {},
  reason = "",
  type = "",
  source = {},
  reportingComponent,
}: Event): Record<string, string> {
  const names = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"] as const;
  return {
    ...Object.fromEntries(names.map((name) => [`involvedObject.${name}`, involvedObject[name] ?? ""])),
    reason,
    type,
    reportingComponent: reportingComponent ?? "",
    source: source.component ?? reportingComponent ?? "",
  };
}

function validate({ metadata, involvedObject = {} }: Event): readonly Cause[] {
  const { namespace = "" } = involvedObject;
  // Events about cluster-scoped objects live in the default namespace.
  const fits =
    namespace === "" ? ["default", "kube-system"].includes(metadata.namespace ?? "") : namespace === metadata.namespace;
  return fits ? [] : [invalidValue("involvedObject.namespace", namespace, "does not match event.namespace")];
}
