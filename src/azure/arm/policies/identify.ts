import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { CallScope } from "../call-scope.ts";

/** Says who asks, and gives every request of one call the same correlation id, so that Azure's logs can be searched for it. */
export function identify(userAgent: string, scope: CallScope, newId: () => string): PipelinePolicy {
  return {
    name: "identify",
    sendRequest(request, next) {
      request.headers.set("user-agent", userAgent);
      request.headers.set("x-ms-client-request-id", newId());
      const call = scope.current;
      if (call !== undefined) request.headers.set("x-ms-correlation-request-id", call.correlationId);
      return next(request);
    },
  };
}
