import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { CallScope } from "../call-scope.ts";
import { seen } from "../completion/accepted.ts";
import { DEFAULT_PACE, Durations } from "../completion/poll-pace.ts";
import { Progress } from "../completion/progress.ts";
import { type FollowOptions, Pursuit, type PursuitDeps } from "../completion/pursuit.ts";
import { type Created, createdBy, judgeCreate, tellingOf } from "../completion/told-by.ts";
import type { Watch } from "../completion/watch.ts";
import { ArmFailure } from "../failure.ts";
import { type PollTarget, pollTargetOf, type SeenAnswer, saysSucceeded } from "../operations.ts";
import { parseResourceId, typeOf } from "../resource-id.ts";
import { type ArmTypeName, typeNameOf } from "../resource-types.ts";
import { retryAfterOf } from "../retry-after.ts";

/**
 * A quarter of an hour: the slowest balancer write takes about one minute. Half a minute of watching: a public IP takes a
 * few seconds.
 */
export const DEFAULT_FOLLOW: FollowOptions = {
  pace: DEFAULT_PACE,
  patienceMs: 900_000,
  watchMs: 30_000,
  hiccups: 3,
};

/** What the policy needs besides the pipeline. */
export interface FollowDeps extends PursuitDeps {
  readonly scope: CallScope;
  /** Who looks at resources of a type in the scope of an id with one list. */
  readonly watchOf: (type: ArmTypeName, id: string) => Watch;
}

/**
 * Follows every write to the end of its operation, so that the SDK sees a write that was answered late and its poller has
 * nothing left to do: that one loses ARM's error codes, gives up at the first hiccup and sleeps through an abort.
 *
 * The answer is the resource as it is after the operation, with the etag it has then.
 */
export function followOperations(deps: FollowDeps): PipelinePolicy {
  const { clock, options } = deps;
  const durations = new Durations();
  return {
    name: "followOperations",
    async sendRequest(request, next) {
      if (request.method === "GET" || request.method === "HEAD") return next(request);
      const response = await next(request);
      if (response.status >= 300) return response;
      const first = seen(response);
      const target = pollTargetOf(request.method, request.url, first);
      if (target === undefined) return withoutPolling(response);
      const progress = new Progress(kindOf(request), { clock, pace: options.pace, durations });
      const pursuit = new Pursuit(request, next, deps);
      const askedMs = retryAfterOf(response.headers, clock.now());
      return withoutPolling(await ended({ pursuit, progress, request, response, first, target, askedMs }, deps));
    },
  };
}

/** A write that ARM has accepted and not ended. */
interface Accepted {
  readonly pursuit: Pursuit;
  readonly progress: Progress;
  readonly request: PipelineRequest;
  readonly response: PipelineResponse;
  /** What the response says. */
  readonly first: SeenAnswer;
  readonly target: PollTarget;
  /** How long ARM asked us to wait before the first look, milliseconds. */
  readonly askedMs: number | undefined;
}

/** The answer to a write as it is when its operation has succeeded. */
async function ended(write: Accepted, deps: FollowDeps): Promise<PipelineResponse> {
  const { pursuit, progress, request, response, first, target, askedMs } = write;
  const call = deps.scope.current;
  const answeredAt = call?.asOf ?? 0;
  const created = createdBy(request.method, pathOf(request), response.status, first.body);
  const made = created && (await watched({ pursuit, progress, created, request, askedMs }, deps));
  if (made !== undefined) return made;
  const firstPauseMs = created === undefined ? (askedMs ?? progress.pauseMs()) : 0;
  await pursuit.toTheEnd(target, progress, firstPauseMs);
  if (!isFinal(request, first)) return pursuit.result();
  if (call !== undefined) call.asOf = answeredAt;
  return response;
}

/** A create whose end can be seen in what it makes. */
interface WatchedCreate {
  readonly pursuit: Pursuit;
  readonly progress: Progress;
  readonly created: Created;
  readonly request: PipelineRequest;
  /** How long ARM asked us to wait between looks, milliseconds. */
  readonly askedMs: number | undefined;
}

/** Looks at what a create makes until that is there; undefined as soon as only the operation can tell how it went. */
async function watched(of: WatchedCreate, deps: FollowDeps): Promise<PipelineResponse | undefined> {
  const { progress, created, askedMs } = of;
  for (let pauseMs = askedMs ?? progress.pauseMs(); ; pauseMs = Math.max(progress.pauseMs(), askedMs ?? 0)) {
    const dueMs = deps.clock.now() + Math.min(pauseMs, of.pursuit.leftMs);
    const { copy, atMs, response } = await glance(of, dueMs, deps);
    const verdict = judgeCreate(created, copy);
    if (verdict === "done") {
      progress.ended(atMs);
      return response();
    }
    if (verdict === "unclear" || progress.elapsedMs > deps.options.watchMs || of.pursuit.leftMs <= 0) return undefined;
    progress.running(atMs);
  }
}

/** One look at what a create makes, and when it began. */
interface Glance {
  readonly copy: unknown;
  readonly atMs: number;
  /** The copy as the answer to the write. */
  readonly response: () => PipelineResponse;
}

/** Looks when it is due, in a list with others or alone. */
async function glance(of: WatchedCreate, dueMs: number, { clock, scope, watchOf }: FollowDeps): Promise<Glance> {
  const { created, pursuit, request } = of;
  const { id, type } = created;
  const signal = (request.abortSignal as AbortSignal | undefined) ?? new AbortController().signal;
  const isAnswer = (copy: unknown): boolean => judgeCreate(created, copy) === "done";
  const sighting = await watchOf(type, id).look({ id, dueMs, isAnswer }, signal);
  if (sighting !== "alone") {
    const { copy, atMs, since } = sighting;
    const response = (): PipelineResponse => {
      if (scope.current !== undefined) scope.current.asOf = since;
      return pursuit.answer(200, JSON.stringify(copy));
    };
    return { copy, atMs, response };
  }
  const atMs = clock.now();
  const answer = await pursuit.look({ mode: "resource", url: request.url });
  const told = answer instanceof ArmFailure || answer.status !== 200 ? undefined : answer;
  return { copy: told && seen(told).body, atMs, response: () => told ?? pursuit.answer(204, "") };
}

/** Whether the answer to the write itself shows the resource as it is after the operation. */
function isFinal(request: PipelineRequest, first: SeenAnswer): boolean {
  return request.method === "PUT" && tellingOf(typeNameOf(pathOf(request))).answerIsFinal && saysSucceeded(first.body);
}

/** Method and type: what such writes have in common is how long they take. */
function kindOf(request: PipelineRequest): string {
  const path = pathOf(request);
  const id = parseResourceId(path);
  return `${request.method} ${id === undefined ? path : typeOf(id).toLowerCase()}`;
}

function pathOf({ url }: PipelineRequest): string {
  return decodeURIComponent(new URL(url).pathname);
}

function withoutPolling(response: PipelineResponse): PipelineResponse {
  for (const name of ["azure-asyncoperation", "operation-location", "location"]) response.headers.delete(name);
  return response;
}
