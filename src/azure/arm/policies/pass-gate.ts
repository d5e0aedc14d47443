import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import type { CallScope } from "../call-scope.ts";
import { saysThrottled } from "../errors.ts";
import { readErrorBody } from "../failure.ts";
import { retryAfterOf } from "../retry-after.ts";
import type { GateAnswer, GateTicket, ThrottleGate, Throttling } from "../throttle/gate.ts";
import { policiesNamed, remainingOf } from "../throttle/remaining.ts";
import { ticketOf } from "../throttle/ticket.ts";

/** Takes every request through the throttle gate, and tells the gate what ARM answers about its limits. */
export function passGate(gate: ThrottleGate, scope: CallScope, clock: Clock): PipelinePolicy {
  return {
    name: "passGate",
    async sendRequest(request, next) {
      const signal = (request.abortSignal as AbortSignal | undefined) ?? new AbortController().signal;
      const ticket = ticketFor(request, scope);
      const pass = await gate.enter(ticket, signal);
      // The polls of a write take the lane in which it was admitted.
      if (scope.current !== undefined && ticket.kind !== "read") scope.current.lane = pass.lane;
      const response = await next(request);
      pass.answered(answerOf(response, clock.now()));
      return response;
    },
  };
}

function ticketFor({ method, url }: PipelineRequest, scope: CallScope): GateTicket {
  const path = asInIds(new URL(url).pathname);
  const call = scope.current;
  if (call !== undefined) call.about ??= path;
  return ticketOf({ method, path, lane: call?.lane ?? "refresh", about: call?.about });
}

/** A path in the spelling of ids, by which the queues speak of it; as it is when it cannot be decoded. */
function asInIds(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function answerOf(response: PipelineResponse, nowMs: number): GateAnswer {
  return { remaining: remainingOf(response.headers), throttling: throttlingOf(response, nowMs) };
}

function throttlingOf({ status, headers, bodyAsText }: PipelineResponse, nowMs: number): Throttling | undefined {
  if (status !== 429) return undefined;
  const body = readErrorBody(bodyAsText ?? "", "TooManyRequests");
  if (!saysThrottled(status, body)) return undefined;
  return {
    gateway: headers.get("x-ms-failure-cause")?.toLowerCase() === "gateway",
    codes: [body.code, ...body.details.map(({ code }) => code)],
    policies: policiesNamed(body.details),
    retryAfterMs: retryAfterOf(headers, nowMs),
  };
}
