import { compute, ending, type FaultRow, network, refuse, rewritten, WRITES } from "./fault-row.ts";
import { deletedWith200, dropped } from "./rewrites.ts";

const mismatch =
  'Etag provided in if-match header W/"stale" does not match etag W/"current" of resource {id} in NRP data store.';

const another =
  "Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: {origin}/subscriptions/{subscription}/providers/Microsoft.Network/locations/westeurope/operations/{operation}?api-version=2025-05-01.";

const notProvisioned =
  "Cannot proceed with operation because resource {about} used by resource {id} is not in Succeeded state. Resource is in Failed state and the last operation that updated/is updating the resource is PutPublicIpAddressOperation.";

const superseded =
  "Operation PutLoadBalancerOperation (11111111-1111-4111-8111-111111111111) was canceled and superseded by operation PutLoadBalancerOperation (22222222-2222-4222-8222-222222222222).";

const preempted = "Operation execution has been preempted by a more recent operation.";

/** F08 to F13, and the other faults of one writer among several: etags, overlapping operations, ends of operations. */
export const CONFLICT_ROWS = {
  F08: {
    title: "etag does not match",
    methods: ["PUT", "PATCH", "DELETE"],
    effect: {
      kind: "refuse",
      refusal: network(412, "PreconditionFailed", "Precondition failed.", {
        details: [{ code: "PreconditionFailedEtagMismatch", message: mismatch }],
      }),
      compute: compute(
        412,
        "PreconditionFailed",
        'Etag provided in if-match header "1" does not match etag "3" of resource.',
      ),
    },
  },
  F09: ending("write superseded by another one", {
    status: "Canceled",
    error: {
      code: "Canceled",
      message: "Operation was canceled.",
      details: [{ code: "CanceledAndSupersededDueToAnotherOperation", message: superseded }],
    },
  }),
  F10: ending("operation on a machine preempted", {
    status: "Canceled",
    error: { code: "OperationPreempted", message: preempted },
  }),
  F11: refuse(
    "another operation in progress",
    network(429, "AnotherOperationInProgress", another, { retryAfterSeconds: 10 }),
    { methods: WRITES },
  ),
  F12: refuse(
    "a referenced address is not provisioned",
    network(429, "RetryableError", "A retryable error occurred.", {
      details: [{ code: "ReferencedResourceNotProvisioned", message: notProvisioned }],
    }),
    { methods: ["PUT"] },
  ),
  F13: { title: "resource in state Failed", methods: ["GET"], effect: { kind: "fail-resource" } },
  F48: ending("operation never ends", { status: "Never" }),
  F58: ending("detach fails", {
    status: "Failed",
    error: {
      code: "DetachDiskWhileBeingDetached",
      message: "Cannot detach data disk because it is already being detached from VM '{name}'.",
    },
  }),
  F62: refuse(
    "concurrent request",
    compute(409, "Conflict", "The request failed due to conflict with a concurrent request."),
    {
      methods: WRITES,
    },
  ),
  F63: ending("no capacity", {
    status: "Failed",
    error: {
      code: "ZonalAllocationFailed",
      message:
        "Allocation failed. We do not have sufficient capacity for the requested VM size in this zone. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance.",
    },
  }),
  F69: ending("operation fails", {
    status: "Failed",
    error: { code: "InternalServerError", message: "An error occurred.", details: [] },
  }),
  F70: rewritten("a property is dropped", dropped, { methods: ["GET"] }),
  F72: rewritten("DELETE says 200 and runs on", deletedWith200, { methods: ["DELETE"] }),
} as const satisfies Readonly<Record<string, FaultRow>>;
