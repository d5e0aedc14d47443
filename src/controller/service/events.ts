import type { CloudError, EventSink, Service } from "../../cloudprovider/index.ts";

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

/** Records `reason` on `service`, its message filled in with `values`. */
export function report(
  events: EventSink,
  service: Service,
  reason: ServiceEventReason,
  values: Readonly<Record<string, string>> = {},
): void {
  const { type, message } = SERVICE_EVENTS[reason];
  const text = message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  events.record({ kind: "Service", metadata: service.metadata }, type, reason, text);
}

/**
 * An error for people: what happened, what they can do about it, and when it is tried again if that is up to them.
 * Delays are left out on purpose: a text that differs each time could not be counted as a repetition.
 */
export function errorForPeople({ message, advice }: CloudError, waitsForChange: boolean): string {
  const sentences = [
    message,
    ...(advice === undefined ? [] : [advice]),
    ...(waitsForChange ? ["Tried again when the Service changes."] : []),
  ];
  return sentences
    .map((sentence, index) => (index < sentences.length - 1 && !/[.!?]$/.test(sentence) ? `${sentence}.` : sentence))
    .join(" ");
}
