import { ArmError } from "./arm-error.ts";
import { nameOf } from "./arm-id.ts";
import type { Behaviour } from "./behaviour.ts";
import { type Caller, statusUrl } from "./operation-urls.ts";
import type { Operation, OperationEnd } from "./operations.ts";
import type { ResourceRecord } from "./record.ts";

/** A write that arrives while an operation runs on the same resource. */
export interface Overlapping {
  readonly record: ResourceRecord;
  readonly running: Operation;
  readonly method: "PUT" | "PATCH" | "DELETE" | "POST";
  readonly caller: Caller;
  /** Seconds for `Retry-After`; `undefined` sends none. */
  readonly retryAfter: number | undefined;
}

/** Why the write is refused; `undefined` when it takes over. */
export function refusedOverlap(overlapping: Overlapping, behaviour: Behaviour): ArmError | undefined {
  const { record, method } = overlapping;
  if (record.state === "Deleting" && record.busyChild === undefined) return beingDeleted(overlapping);
  if (isExclusive(overlapping)) {
    return record.type.provider === "compute" ? concurrent() : anotherOperation(409, overlapping);
  }
  if (record.type.overlap === "refuse") return anotherOperation(429, overlapping);
  if (record.type.provider === "compute" && method === "DELETE") return undefined;
  const patient = method === "DELETE" ? behaviour.deleteDuringPut === "accept" : behaviour.secondPut === "supersede";
  return patient ? undefined : anotherOperation(409, overlapping);
}

/** How the operation that was taken over ends. */
export function supersededEnd(
  first: Operation,
  second: Pick<Operation, "id" | "name">,
  preempt: boolean,
): OperationEnd {
  if (preempt) {
    const message = "Operation execution has been preempted by a more recent operation.";
    return { status: "Canceled", error: { code: "OperationPreempted", message } };
  }
  const message = `Operation ${first.name} (${first.id}) was canceled and superseded by operation ${second.name} (${second.id}).`;
  const details = [{ code: "CanceledAndSupersededDueToAnotherOperation", message }];
  return { status: "Canceled", error: { code: "Canceled", message: "Operation was canceled.", details } };
}

function beingDeleted(overlapping: Overlapping): ArmError {
  const { record, method } = overlapping;
  if (record.type.provider === "network") return anotherOperation(409, overlapping);
  const message = `Operation '${method}' is not allowed on VM '${nameOf(record.id)}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`;
  return new ArmError(409, "OperationNotAllowed", message);
}

/** Power and the like run alone; only a deletion takes over. */
function isExclusive({ method, running }: Overlapping): boolean {
  return method === "POST" || (running.verb === "POST" && method !== "DELETE");
}

/** The blank at the end is ARM's. */
function concurrent(): ArmError {
  return new ArmError(409, "Conflict", "The request failed due to conflict with a concurrent request. ");
}

function anotherOperation(status: 409 | 429, { running, caller, retryAfter }: Overlapping): ArmError {
  const message = `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${statusUrl(running, caller)}.`;
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return new ArmError(status, "AnotherOperationInProgress", message, { details: [], headers });
}
