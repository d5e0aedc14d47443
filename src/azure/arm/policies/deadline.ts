import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import { abortReason, type Clock } from "../../../base/clock.ts";
import { ArmFailure } from "../failure.ts";

/**
 * Ends every single request, first ones, pages and polls alike, after `ms` milliseconds; waiting for a token included.
 * The SDK has no deadline of its own.
 */
export function deadline(clock: Clock, ms: number): PipelinePolicy {
  return {
    name: "deadline",
    async sendRequest(request, next) {
      const late = new AbortController();
      const cancel = clock.schedule(ms, () => late.abort(tooLate(request, ms)));
      const outer = request.abortSignal as AbortSignal | undefined;
      const signal = outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]);
      request.abortSignal = signal;
      try {
        return await untilAborted(next, request, signal);
      } finally {
        cancel();
        if (outer === undefined) delete request.abortSignal;
        else request.abortSignal = outer;
      }
    },
  };
}

function untilAborted(next: SendRequest, request: PipelineRequest, signal: AbortSignal): Promise<PipelineResponse> {
  if (signal.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    next(request)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function tooLate({ method, url }: PipelineRequest, ms: number): ArmFailure {
  const message = `${method} ${new URL(url).pathname} had no answer after ${ms / 1000} s`;
  return new ArmFailure({ kind: "unanswered", why: "deadline", code: "DeadlineExceeded" }, message);
}
