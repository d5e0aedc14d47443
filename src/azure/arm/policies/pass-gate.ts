import type { PipelinePolicy, PipelineRequest } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import { ownerOfPath } from "../api-versions.ts";
import type { CallScope } from "../call-scope.ts";
import { saysThrottled } from "../errors.ts";
import { readErrorBody } from "../failure.ts";
import { retryAfterOf } from "../retry-after.ts";
import type { GateTicket, RequestKind, ThrottleGate } from "../throttle.ts";

/** Takes every request through the throttle gate, and closes the gate when ARM says that we send too many. */
export function passGate(gate: ThrottleGate, scope: CallScope, clock: Clock): PipelinePolicy {
  return {
    name: "passGate",
    async sendRequest(request, next) {
      const ticket = ticketOf(request, scope);
      const signal = (request.abortSignal as AbortSignal | undefined) ?? new AbortController().signal;
      await gate.enter(ticket, signal);
      const response = await next(request);
      if (saysThrottled(response.status, readErrorBody(response.bodyAsText ?? "", "TooManyRequests"))) {
        gate.throttled(ticket, {
          gateway: response.headers.get("x-ms-failure-cause")?.toLowerCase() === "gateway",
          retryAfterMs: retryAfterOf(response.headers, clock.now()),
        });
      }
      return response;
    },
  };
}

function ticketOf(request: PipelineRequest, scope: CallScope): GateTicket {
  const { method, url } = request;
  const kind: RequestKind = method === "GET" || method === "HEAD" ? "read" : method === "DELETE" ? "delete" : "write";
  return { ...ownerOfPath(new URL(url).pathname), kind, lane: scope.current?.lane ?? "refresh" };
}
