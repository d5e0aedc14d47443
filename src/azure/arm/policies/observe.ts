import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import type { CallScope } from "../call-scope.ts";

/** One request that left this process. */
export interface ObservedRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly ms: number;
  /** ARM's id of the request. */
  readonly requestId: string | undefined;
  readonly correlationId: string | undefined;
  /** Bytes of the answer's body, as text. */
  readonly responseBytes: number;
}

/**
 * Tells `observer` about every single request, tries and polls included; innermost, so it sees what the wire saw.
 *
 * Virtual time stands still while a request is on the wire: a simulator on the same clock must answer without delay.
 */
export function observe(clock: Clock, scope: CallScope, observer: (request: ObservedRequest) => void): PipelinePolicy {
  return {
    name: "observe",
    async sendRequest(request, next) {
      const started = clock.now();
      const { method, url } = request;
      const path = new URL(url).pathname;
      const tell = (seen: Pick<ObservedRequest, "status" | "requestId" | "responseBytes">): void => {
        const correlationId = scope.current?.correlationId;
        observer({ method, path, ms: clock.now() - started, correlationId, ...seen });
      };
      try {
        const response = await clock.during(next(request));
        const { status, headers, bodyAsText } = response;
        tell({ status, requestId: headers.get("x-ms-request-id"), responseBytes: Buffer.byteLength(bodyAsText ?? "") });
        return response;
      } catch (error) {
        tell({ status: 0, requestId: undefined, responseBytes: 0 });
        throw error;
      }
    },
  };
}
