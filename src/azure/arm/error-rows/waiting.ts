import type { ErrorRow } from "./error-row.ts";

/** Refusals that time cures: throttling, operations in progress, stale versions. */
export const WAITING: readonly ErrorRow[] = [
  {
    arm: ["ReferencedResourceNotProvisioned"],
    class: "unprovisioned",
    code: "Unavailable",
    says: "a resource it refers to is still being changed, or its last change failed",
  },
  {
    arm: [
      "SubscriptionRequestsThrottled",
      "RetryableErrorDueToTooManyCalls",
      "TooManyRequests",
      "TooManyRequestsReceived",
    ],
    class: "throttled",
    code: "Throttled",
    says: "Azure limits how many requests this subscription may send",
    advice: "It is sent again when Azure allows. If this lasts, find who else uses this subscription.",
  },
  {
    arm: [
      "AnotherOperationInProgress",
      "RetryableErrorDueToAnotherOperation",
      "RetryableError",
      "StorageAccountOperationInProgress",
      "AttachDiskWhileBeingDetached",
    ],
    class: "busy",
    code: "Conflict",
    says: "another operation on this or a dependent resource is in progress",
  },
  {
    arm: ["OperationNotAllowed", "Conflict"],
    when: /another (exclusive )?operation|concurrent request/i,
    class: "busy",
    code: "Conflict",
    says: "another operation on this resource is in progress",
  },
  {
    arm: ["PreconditionFailed", "PreconditionFailedEtagMismatch"],
    class: "conflicted",
    code: "Conflict",
    says: "somebody else changed the resource first",
  },
  {
    arm: ["CanceledAndSupersededDueToAnotherOperation", "OperationPreempted", "Canceled"],
    class: "conflicted",
    code: "Conflict",
    says: "a newer write to the same resource cancelled this one",
    advice: "Make sure that only one controller manages this cluster's resources.",
  },
];
