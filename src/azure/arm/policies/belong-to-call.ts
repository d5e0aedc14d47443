import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import type { CallScope } from "../call-scope.ts";

/**
 * Gives every request the signal of its call: the SDK forgets it after the first page. Notes as of when its answer is,
 * which puts the answers of all calls into an order.
 */
export function belongToCall(scope: CallScope, clock: Clock): PipelinePolicy {
  return {
    name: "belongToCall",
    async sendRequest(request, next) {
      const call = scope.current;
      if (call === undefined) return next(request);
      request.abortSignal = call.signal;
      call.asOf = scope.tick();
      // what failed and is sent again began with the attempt that is answered
      if (call.bodies.length === 0) call.firstSent = { tick: call.asOf, atMs: clock.now() };
      const response = await next(request);
      if (request.method !== "GET") call.asOf = scope.tick(); // what was asked meanwhile may be older than the write
      return response;
    },
  };
}
