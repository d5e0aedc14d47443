import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { CallScope } from "../call-scope.ts";

/**
 * Gives every request the signal of its call: the SDK forgets it after the first page. Notes when requests were sent,
 * which puts their answers into an order.
 */
export function belongToCall(scope: CallScope): PipelinePolicy {
  return {
    name: "belongToCall",
    sendRequest(request, next) {
      const call = scope.current;
      if (call === undefined) return next(request);
      request.abortSignal = call.signal;
      call.lastSent = scope.tick();
      if (call.firstSent === 0) call.firstSent = call.lastSent;
      return next(request);
    },
  };
}
