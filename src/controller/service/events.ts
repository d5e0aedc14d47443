import {
  type CloudError,
  type EventSink,
  failureSeries,
  failureText,
  type NextTry,
  type Service,
} from "../../cloudprovider/index.ts";

/** Every event that the service controller records on a Service. Reasons and messages are upstream's; users alert on them. */
export const SERVICE_EVENTS = {
  EnsuringLoadBalancer: { type: "Normal", message: "Ensuring load balancer" },
  EnsuredLoadBalancer: { type: "Normal", message: "Ensured load balancer" },
  DeletingLoadBalancer: { type: "Normal", message: "Deleting load balancer" },
  DeletedLoadBalancer: { type: "Normal", message: "Deleted load balancer" },
  UpdatedLoadBalancer: { type: "Normal", message: "Updated load balancer with new hosts" },
  UnAvailableLoadBalancer: { type: "Warning", message: "There are no available nodes for LoadBalancer" },
  SyncLoadBalancerFailed: { type: "Warning", message: "Error syncing load balancer: {error}" },
  DeleteLoadBalancerFailed: { type: "Warning", message: "Error deleting load balancer: {error}" },
  UpdateLoadBalancerFailed: {
    type: "Warning",
    message:
      "Error updating load balancer with new hosts {nodes} [node names limited, total number of nodes: {count}], error: {error}",
  },
} as const;

/** Reason of an event on a Service. */
export type ServiceEventReason = keyof typeof SERVICE_EVENTS;

/** What is filled into a message, and what makes it a repetition of an earlier one. */
export interface ServiceEventValues {
  readonly [name: string]: string;
}

/** Records `reason` on `service`, its message filled in with `values`. */
export function report(
  events: EventSink,
  service: Service,
  reason: ServiceEventReason,
  values: ServiceEventValues = {},
): void {
  const { type } = SERVICE_EVENTS[reason];
  events.record({ kind: "Service", metadata: service.metadata }, type, reason, filledIn(reason, values));
}

/** A failure, and when it is tried again. */
export interface ReportedFailure {
  readonly error: CloudError;
  readonly next: NextTry;
  /** When it happened, milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Records a failure on `service`. The same failure again is the same event, counted, with the newest text: its time of
 * the next try and the ids in what the cloud said differ each time.
 */
export function reportFailure(
  events: EventSink,
  service: Service,
  reason: ServiceEventReason,
  { error, next, nowMs, ...values }: ReportedFailure & { readonly nodes?: string; readonly count?: string },
): void {
  const text = filledIn(reason, { ...values, error: failureText(error, next, nowMs) });
  const { type } = SERVICE_EVENTS[reason];
  const target = { kind: "Service", metadata: service.metadata, series: failureSeries(error) } as const;
  events.record(target, type, reason, text);
}

function filledIn(reason: ServiceEventReason, values: ServiceEventValues): string {
  return SERVICE_EVENTS[reason].message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
