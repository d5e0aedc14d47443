import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { CallScope } from "../call-scope.ts";

/**
 * Gives every request the signal of its call: the SDK forgets it after the first page. Notes as of when its answer is,
 * which puts the answers of all calls into an order.
 */
export function belongToCall(scope: CallScope): PipelinePolicy {
  return {
    name: "belongToCall",
    async sendRequest(request, next) {
      const call = scope.current;
      if (call === undefined) return next(request);
      request.abortSignal = call.signal;
      call.asOf = scope.tick();
      if (call.firstSent === 0) call.firstSent = call.asOf;
      const response = await next(request);
      if (request.method !== "GET") call.asOf = scope.tick(); // what was asked meanwhile may be older than the write
      return response;
    },
  };
}
