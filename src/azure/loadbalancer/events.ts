import type { EventSink, EventTarget } from "../../cloudprovider/cloud.ts";
import type { CloudError } from "../../cloudprovider/errors.ts";
import { failureSeries, failureText, type NextTry } from "../../cloudprovider/rules/index.ts";

/** Every event that the provider itself records, all of type Warning, on a Service unless it is about a Node. */
export const PROVIDER_EVENTS = {
  AzureWriteRetried: "Azure has not taken a change, it is sent again: {error}",
  CleanUpLoadBalancerFailed: "What the Service used before could not be removed: {error}",
  DeletePublicIPAddress: "Azure keeps a public IP that the Service needs no more: {error}",
  CreateOrUpdateInterface: "The node could not be brought into a pool, or out of it: {error}",
  DeletingFrontendIPConfiguration: "A frontend stays, because something else uses it; what, is in the message.",
  IPTagsNotChanged: "The tags of an address cannot change while it is in use.",
  InvalidSourceRanges: "Some of spec.loadBalancerSourceRanges are no ranges; everybody they do not let in is kept out.",
  InvalidAllowedIPRanges: "The same, of the annotation.",
  ConflictConfiguration: "Two settings do not go together; which one counts, is in the message.",
  UnknownAnnotation: "An annotation that looks like one of ours is none.",
  UnusualAnnotation: "An annotation's value was accepted and deserves a word.",
} as const;

/** Reason of an event about a failure. */
type FailureReason =
  | "AzureWriteRetried"
  | "CleanUpLoadBalancerFailed"
  | "DeletePublicIPAddress"
  | "CreateOrUpdateInterface";

/** A failure to tell of. */
export interface ToldFailure {
  readonly error: CloudError;
  /** Absent when nobody tries again. */
  readonly next?: NextTry;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Records a failure. The same one again is the same event, counted, with the newest text. */
export function tellFailure(
  events: EventSink,
  target: EventTarget,
  reason: FailureReason,
  { error, next, nowMs }: ToldFailure,
): void {
  const text = PROVIDER_EVENTS[reason].replace("{error}", failureText(error, next, nowMs));
  const { kind, metadata } = target;
  events.record({ kind, metadata, series: failureSeries(error) }, "Warning", reason, text);
}
