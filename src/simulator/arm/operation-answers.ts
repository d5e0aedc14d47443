import type { Answer } from "../http/exchange.ts";
import { ArmError } from "./arm-error.ts";
import { type Caller, locationUrl } from "./operation-urls.ts";
import { endedBadly, type Operation } from "./operations.ts";

/** The document of an operation: the network provider's holds nothing but the status. */
export function statusAnswer(operation: Operation): Answer {
  const { end, startedMs, endedMs, namespace, id, output } = operation;
  const error = end !== undefined && end.status !== "Succeeded" && { error: end.error };
  const status = end?.status ?? "InProgress";
  const body =
    namespace === "Microsoft.Compute"
      ? {
          startTime: iso(startedMs),
          ...(endedMs !== undefined && { endTime: iso(endedMs) }),
          status,
          ...(output !== undefined && { properties: { output } }),
          ...error,
          name: id,
        }
      : { status, ...error };
  return { status: 200, headers: retryAfter(operation), body };
}

/** What `Location` answers: 202 while the operation runs, then the result of the call. */
export function locationAnswer(operation: Operation, caller: Caller): Answer {
  const { end, namespace, verb } = operation;
  if (end === undefined) {
    const headers = { location: locationUrl(operation, caller), ...retryAfter(operation) };
    return {
      status: 202,
      headers,
      ...(namespace === "Microsoft.Compute" && { body: statusAnswer(operation).body ?? "" }),
    };
  }
  const failed = endedBadly(operation);
  if (failed !== undefined) return failed.toAnswer();
  if (operation.output !== undefined) return { status: 200, body: operation.output };
  return { status: verb === "DELETE" && namespace !== "Microsoft.Resources" ? 204 : 200 };
}

/** The answer for an operation that nobody has started. */
export function unknownOperation(id: string): ArmError {
  return new ArmError(404, "OperationNotFound", `The operation '${id}' was not found.`, { details: [] });
}

/** Terminal answers carry none. */
function retryAfter({ end, retryAfter: { poll } }: Operation): Record<string, string> {
  return end !== undefined || poll === undefined ? {} : { "retry-after": String(poll) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "0000+00:00");
}
