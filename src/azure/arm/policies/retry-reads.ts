import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import { ArmFailure } from "../failure.ts";
import { retryAfterOf } from "../retry-after.ts";
import { asUnanswered } from "./failures.ts";

/** How often reads are repeated. */
export interface RetryOptions {
  /** Repeats after the first try. */
  readonly retries: number;
  /** First pause, milliseconds; the n-th is (2^n - 1) times as long. */
  readonly baseMs: number;
  /** Longest pause, milliseconds. ARM asking for a longer one ends the tries. */
  readonly longestMs: number;
}

/** What cloud-provider-azure does: pauses of about 5, 15 and 35 seconds. */
export const DEFAULT_RETRY: RetryOptions = { retries: 3, baseMs: 5_000, longestMs: 60_000 };

/** What the policy needs of the world. */
export interface RetryDeps {
  readonly clock: Clock;
  /** 0 (inclusive) to 1. */
  readonly random: () => number;
  readonly options: RetryOptions;
}

const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Repeats GETs that met a passing fault. Writes are never repeated here: only the merge queue knows whether a write may
 * be sent again. Deadlines are not repeated either, the caller has waited long enough.
 */
export function retryReads(deps: RetryDeps): PipelinePolicy {
  return {
    name: "retryReads",
    sendRequest: (request, next) => (request.method === "GET" ? retried(request, next, deps) : next(request)),
  };
}

async function retried(request: PipelineRequest, next: SendRequest, deps: RetryDeps): Promise<PipelineResponse> {
  const { retries, longestMs } = deps.options;
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(request, next);
    const transient = "response" in outcome ? TRANSIENT.has(outcome.response.status) : outcome.transient;
    const asked = "response" in outcome ? retryAfterOf(outcome.response.headers, deps.clock.now()) : undefined;
    if (!transient || attempt > retries || (asked ?? 0) > longestMs) {
      if ("response" in outcome) return outcome.response;
      throw outcome.error;
    }
    const pauseMs = asked ?? pauseAfter(attempt, deps);
    await deps.clock.sleep(pauseMs, request.abortSignal as AbortSignal | undefined);
  }
}

type Outcome = { readonly response: PipelineResponse } | { readonly error: unknown; readonly transient: boolean };

async function attemptOnce(request: PipelineRequest, next: SendRequest): Promise<Outcome> {
  try {
    return { response: await next(request) };
  } catch (caught) {
    const error = asUnanswered(caught, request);
    const transient = error instanceof ArmFailure && error.fact.kind === "unanswered" && error.fact.why !== "deadline";
    return { error, transient: transient && request.abortSignal?.aborted !== true };
  }
}

// Jitter as in cloud-provider-azure: from 0.8 to 1.3 times the nominal pause.
function pauseAfter(attempt: number, { options, random }: RetryDeps): number {
  const nominal = (2 ** attempt - 1) * options.baseMs;
  return Math.round(Math.min(options.longestMs, nominal * (0.8 + random() / 2)));
}
