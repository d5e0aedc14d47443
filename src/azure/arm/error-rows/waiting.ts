import type { ErrorRow } from "./error-row.ts";

const OTHERS = "Nothing, unless it lasts: then find out who else changes this resource.";

/** Refusals that time cures: throttling, operations in progress, stale versions. */
export const WAITING: readonly ErrorRow[] = [
  {
    arm: ["ReferencedResourceNotProvisioned"],
    class: "unprovisioned",
    code: "Unavailable",
    says: "a resource it refers to is still being changed, or its last change failed",
    advice: "Nothing, unless it lasts: then look at the resource that the message names, and write or delete it.",
  },
  {
    arm: [
      "SubscriptionRequestsThrottled",
      "RetryableErrorDueToTooManyCalls",
      "TooManyRequests",
      "TooManyRequestsReceived",
      "ResourceRequestsThrottled",
      "TenantRequestsThrottled",
    ],
    class: "throttled",
    code: "Throttled",
    says: "Azure limits how many requests this subscription may send",
    advice: "It is sent again when Azure allows. If this lasts, find who else uses this subscription.",
  },
  {
    arm: ["StorageAccountTooBusy", "AccountRequestsThrottled"],
    class: "throttled",
    code: "Throttled",
    says: "the storage account is asked more often than it can answer",
    advice: "It is sent again later. If this lasts, spread the load over several accounts.",
  },
  {
    arm: [
      "AnotherOperationInProgress",
      "RetryableErrorDueToAnotherOperation",
      "RetryableError",
      "StorageAccountOperationInProgress",
      "OperationInProgress",
      "ConcurrentOperationInProgress",
    ],
    class: "busy",
    code: "Conflict",
    says: "another operation on this or a dependent resource is in progress",
    advice: OTHERS,
  },
  {
    arm: ["AttachDiskWhileBeingDetached", "DetachDiskWhileBeingDetached", "DiskBlobAlreadyInUseByAnotherDisk"],
    class: "busy",
    code: "Conflict",
    says: "the disk is being detached, or its last detach failed",
    advice: "Nothing, unless it lasts: then detach the disk from its machine in Azure.",
  },
  {
    arm: ["OperationNotAllowed", "Conflict"],
    when: /another (exclusive )?operation|concurrent request/i,
    class: "busy",
    code: "Conflict",
    says: "another operation on this resource is in progress",
    advice: OTHERS,
  },
  {
    arm: ["PreconditionFailed", "PreconditionFailedEtagMismatch"],
    class: "conflicted",
    code: "Conflict",
    says: "somebody else changed the resource first",
    advice: OTHERS,
  },
  {
    arm: [
      "CanceledAndSupersededDueToAnotherOperation",
      "OperationPreempted",
      "Canceled",
      "OperationCanceled",
      "DataDisksForceDetached",
    ],
    class: "conflicted",
    code: "Conflict",
    says: "a newer write to the same resource cancelled this one",
    advice: "Make sure that only one controller manages this cluster's resources.",
  },
];
