import type {
  PipelinePolicy,
  PipelineRequest,
  PipelineRequestOptions,
  PipelineResponse,
  SendRequest,
} from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import { saysAbsent } from "../errors.ts";
import { ArmFailure } from "../failure.ts";
import {
  DEFAULT_PACE,
  judgeOperation,
  type PollPace,
  type PollTarget,
  pollPauseMs,
  pollTargetOf,
  type SeenAnswer,
} from "../operations.ts";
import { retryAfterOf } from "../retry-after.ts";
import { refusal } from "./failures.ts";

/** How operations are followed. */
export interface FollowOptions {
  readonly pace: PollPace;
  /** After so many milliseconds an operation that still runs counts as lost. */
  readonly patienceMs: number;
  /** Looks in a row that may fail before the operation counts as lost; each was already repeated as any read is. */
  readonly hiccups: number;
}

/** A quarter of an hour: the slowest balancer write takes about one minute. */
export const DEFAULT_FOLLOW: FollowOptions = { pace: DEFAULT_PACE, patienceMs: 900_000, hiccups: 3 };

/** What the policy needs besides the pipeline. */
export interface FollowDeps {
  readonly clock: Clock;
  readonly options: FollowOptions;
  readonly createRequest: (options: PipelineRequestOptions) => PipelineRequest;
}

/**
 * Follows every write to the end of its operation, so that the SDK sees a write that was answered late and its poller has
 * nothing left to do: that one loses ARM's error codes, gives up at the first hiccup and sleeps through an abort.
 *
 * The answer is the resource as it is after the operation, with the etag it has then.
 */
export function followOperations(deps: FollowDeps): PipelinePolicy {
  return {
    name: "followOperations",
    async sendRequest(request, next) {
      if (request.method === "GET" || request.method === "HEAD") return next(request);
      const response = await next(request);
      if (response.status >= 300) return response;
      const first = seen(response);
      const target = pollTargetOf(request.method, request.url, first);
      if (target === undefined) return withoutPolling(response);
      const pursuit = new Pursuit(request, next, deps);
      await pursuit.toTheEnd(target, retryAfterOf(response.headers, deps.clock.now()) ?? deps.options.pace.firstMs);
      return withoutPolling(await pursuit.result(first.header("location")));
    },
  };
}

/** One write on its way from accepted to done. */
class Pursuit {
  readonly #write: PipelineRequest;
  readonly #next: SendRequest;
  readonly #deps: FollowDeps;
  readonly #endsAt: number;

  constructor(write: PipelineRequest, next: SendRequest, deps: FollowDeps) {
    this.#write = write;
    this.#next = next;
    this.#deps = deps;
    this.#endsAt = deps.clock.now() + deps.options.patienceMs;
  }

  /** Resolves with the last answer when the operation has succeeded. */
  async toTheEnd(from: PollTarget, firstPauseMs: number): Promise<PipelineResponse> {
    const { clock, options } = this.#deps;
    let target = from;
    let pauseMs = firstPauseMs;
    let hiccups = 0;
    for (let look = 1; ; look++) {
      await this.#pause(pauseMs);
      const answer = await this.#look(target);
      hiccups = answer instanceof ArmFailure ? hiccups + 1 : 0;
      if (answer instanceof ArmFailure) {
        if (hiccups > options.hiccups) throw lost(this.#write, answer.message, answer);
        pauseMs = Math.max(pollPauseMs(look, options.pace), askedBy(answer) ?? 0);
        continue;
      }
      if (await this.#ended(target, answer)) return answer;
      pauseMs = retryAfterOf(answer.headers, clock.now()) ?? pollPauseMs(look, options.pace);
      target = moved(target, answer);
    }
  }

  /** What the write has made: the resource as it is now. */
  async result(location: string | undefined): Promise<PipelineResponse> {
    const { method, url } = this.#write;
    if (method === "DELETE") return this.#emptyAnswer(204);
    if (method === "POST") return location === undefined ? this.#emptyAnswer(200) : this.#get(location);
    // Replicas lag: for a moment after the end the resource may be absent, or still be in its passing state.
    return this.toTheEnd({ mode: "resource", url }, 0);
  }

  async #ended(target: PollTarget, answer: PipelineResponse): Promise<boolean> {
    const verdict = judgeOperation(target, seen(answer));
    switch (verdict.state) {
      case "running":
        return false;
      case "succeeded":
        return true;
      case "failed":
        throw failed(verdict, this.#write);
      case "unclear":
        return this.#goneAnyway(answer);
    }
  }

  // An operation that ARM has forgotten: only a resource that is gone proves that its DELETE was done.
  async #goneAnyway(answer: PipelineResponse): Promise<boolean> {
    const { url, method } = this.#write;
    if (method === "DELETE") {
      const resource = await this.#get(url);
      if (resource.status === 404 && saysAbsent(refusal(resource, this.#write, this.#deps.clock.now()))) return true;
    }
    throw lost(this.#write, `its operation cannot be read any more (status ${answer.status})`, undefined);
  }

  async #look(target: PollTarget): Promise<PipelineResponse | ArmFailure> {
    try {
      const answer = await this.#get(target.url);
      return HICCUPS.has(answer.status) || (target.mode === "resource" && answer.status === 404)
        ? refusal(answer, this.#write, this.#deps.clock.now())
        : answer;
    } catch (caught) {
      if (caught instanceof ArmFailure && this.#write.abortSignal?.aborted !== true && !isHostRefusal(caught))
        return caught;
      throw caught;
    }
  }

  #get(url: string): Promise<PipelineResponse> {
    const { allowInsecureConnection, abortSignal, tracingOptions } = this.#write;
    const request = this.#deps.createRequest({
      method: "GET",
      url,
      ...(allowInsecureConnection !== undefined && { allowInsecureConnection }),
      ...(abortSignal !== undefined && { abortSignal }),
      ...(tracingOptions !== undefined && { tracingOptions }),
    });
    request.headers.set("accept", "application/json");
    return this.#next(request);
  }

  async #pause(ms: number): Promise<void> {
    const left = this.#endsAt - this.#deps.clock.now();
    if (left <= 0) throw overdue(this.#write, this.#deps.options.patienceMs);
    if (ms > 0) await this.#deps.clock.sleep(Math.min(ms, left), this.#write.abortSignal as AbortSignal | undefined);
  }

  #emptyAnswer(status: number): PipelineResponse {
    const request = this.#write;
    const { headers } = this.#deps.createRequest({ url: request.url });
    return { request, status, headers, bodyAsText: "" };
  }
}

/** Answers to a poll that say nothing about the operation. */
const HICCUPS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

function askedBy({ fact }: ArmFailure): number | undefined {
  return fact.kind === "response" || fact.kind === "unsent" ? fact.retryAfterMs : undefined;
}

function isHostRefusal({ fact }: ArmFailure): boolean {
  return fact.kind === "unsent" && fact.why === "host";
}

function seen({ status, headers, bodyAsText }: PipelineResponse): SeenAnswer {
  return { status, header: (name) => headers.get(name), body: parsed(bodyAsText) };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function moved(target: PollTarget, answer: PipelineResponse): PollTarget {
  const url = target.mode === "location" ? answer.headers.get("location") : undefined;
  return url === undefined ? target : { ...target, url };
}

function withoutPolling(response: PipelineResponse): PipelineResponse {
  for (const name of ["azure-asyncoperation", "operation-location", "location"]) response.headers.delete(name);
  return response;
}

function failed(verdict: { readonly as: string; readonly body: ArmFailureBody }, write: PipelineRequest): ArmFailure {
  const words = [verdict.body.message, ...verdict.body.details.map(({ message }) => message)].filter(
    (each) => each !== "",
  );
  const message = words.length === 0 ? `the operation of ${describe(write)} ended as ${verdict.as}` : words.join(" ");
  return new ArmFailure({ kind: "operation", state: verdict.as, body: verdict.body }, message);
}

type ArmFailureBody = Extract<ArmFailure["fact"], { readonly kind: "operation" }>["body"];

function lost(write: PipelineRequest, why: string, cause: unknown): ArmFailure {
  const message = `${describe(write)} was accepted, but its end is unknown: ${why}`;
  return new ArmFailure({ kind: "unanswered", why: "operation", code: "OperationLost" }, message, cause);
}

function overdue(write: PipelineRequest, patienceMs: number): ArmFailure {
  const message = `${describe(write)} was accepted, but has not ended after ${patienceMs / 1000} s`;
  return new ArmFailure({ kind: "unanswered", why: "deadline", code: "OperationDeadlineExceeded" }, message);
}

function describe({ method, url }: PipelineRequest): string {
  return `${method} ${new URL(url).pathname}`;
}
