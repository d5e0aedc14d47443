import type { HttpHeaders, PipelinePolicy } from "@azure/core-rest-pipeline";
import type { CallScope } from "../call-scope.ts";

/** Answers a call that only asks what it would send: with its own body, at once, and nothing leaves this process. */
export function sketch(scope: CallScope, noHeaders: () => HttpHeaders): PipelinePolicy {
  return {
    name: "sketch",
    sendRequest(request, next) {
      if (scope.current?.sketches !== true) return next(request);
      const { body } = request;
      if (typeof body !== "string") throw new Error("only a write with a body can be sketched");
      return Promise.resolve({ request, status: 200, headers: noHeaders(), bodyAsText: body });
    },
  };
}
