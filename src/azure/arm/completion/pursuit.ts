import type { PipelineRequest, PipelineRequestOptions, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import { saysAbsent } from "../errors.ts";
import { ArmFailure } from "../failure.ts";
import { judgeOperation, type PollTarget } from "../operations.ts";
import { refusal } from "../policies/failures.ts";
import { retryAfterOf } from "../retry-after.ts";
import { failed, lost, overdue, seen } from "./accepted.ts";
import { Durations, type PollPace } from "./poll-pace.ts";
import { Progress } from "./progress.ts";

/** How operations are followed. */
export interface FollowOptions {
  readonly pace: PollPace;
  /** After so many milliseconds an operation that still runs counts as lost. */
  readonly patienceMs: number;
  /** After so many milliseconds a create that still shows a passing state is asked about in its operation. */
  readonly watchMs: number;
  /** Looks in a row that may fail before the operation counts as lost; each was already repeated as any read is. */
  readonly hiccups: number;
}

/** What a pursuit needs besides its write. */
export interface PursuitDeps {
  readonly clock: Clock;
  readonly options: FollowOptions;
  readonly createRequest: (options: PipelineRequestOptions) => PipelineRequest;
}

/** One write on its way from accepted to done. */
export class Pursuit {
  readonly #write: PipelineRequest;
  readonly #next: SendRequest;
  readonly #deps: PursuitDeps;
  readonly #endsAt: number;

  constructor(write: PipelineRequest, next: SendRequest, deps: PursuitDeps) {
    this.#write = write;
    this.#next = next;
    this.#deps = deps;
    this.#endsAt = deps.clock.now() + deps.options.patienceMs;
  }

  /** Milliseconds until the operation counts as lost; below 0 from then on. */
  get leftMs(): number {
    return this.#endsAt - this.#deps.clock.now();
  }

  /** Resolves with the last answer when the operation has succeeded. */
  async toTheEnd(from: PollTarget, progress: Progress, firstPauseMs: number): Promise<PipelineResponse> {
    const { clock, options } = this.#deps;
    let target = from;
    let pauseMs = firstPauseMs;
    for (let hiccups = 0; ; ) {
      await this.#pause(pauseMs);
      const atMs = clock.now();
      const answer = await this.look(target);
      hiccups = answer instanceof ArmFailure ? hiccups + 1 : 0;
      if (answer instanceof ArmFailure) {
        progress.unseen();
        if (hiccups > options.hiccups) throw lost(this.#write, answer.message, answer);
        pauseMs = Math.max(progress.pauseMs(), askedBy(answer) ?? 0);
        continue;
      }
      const isDone = await this.#ended(target, answer).catch((failure: unknown) => {
        progress.brokenOff();
        throw failure;
      });
      if (isDone) {
        progress.ended(atMs);
        return answer;
      }
      progress.running(atMs);
      pauseMs = retryAfterOf(answer.headers, clock.now()) ?? progress.pauseMs();
      target = moved(target, answer);
    }
  }

  /** What the write has made: the resource as it is now. */
  async result(): Promise<PipelineResponse> {
    const { method, url } = this.#write;
    if (method === "DELETE") return this.answer(204, "");
    // Replicas lag: for a moment after the end the resource may be absent, or still be in its passing state.
    const { clock, options } = this.#deps;
    const settling = new Progress("", { clock, pace: options.pace, durations: new Durations() });
    return this.toTheEnd({ mode: "resource", url }, settling, 0);
  }

  /** One look; a failure when the answer tells nothing about the write. */
  async look(target: PollTarget): Promise<PipelineResponse | ArmFailure> {
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

  /** An answer to the write that ARM has not sent in this form. */
  answer(status: number, bodyAsText: string): PipelineResponse {
    const request = this.#write;
    const { headers } = this.#deps.createRequest({ url: request.url });
    return { request, status, headers, bodyAsText };
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
    const { leftMs } = this;
    if (leftMs <= 0) throw overdue(this.#write, this.#deps.options.patienceMs);
    if (ms > 0) await this.#deps.clock.sleep(Math.min(ms, leftMs), this.#write.abortSignal as AbortSignal | undefined);
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

function moved(target: PollTarget, answer: PipelineResponse): PollTarget {
  const url = target.mode === "location" ? answer.headers.get("location") : undefined;
  return url === undefined ? target : { ...target, url };
}
