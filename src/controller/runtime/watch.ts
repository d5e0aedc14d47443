import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { ApiError, apiErrorFrom, type StatusBody } from "./api-error.ts";
import type { Connection } from "./connection.ts";
import { lines } from "./lines.ts";

/** Where a watch's news goes. */
export interface WatchSink {
  /** The version that the stream has reached; called after the event itself was handed over. */
  reached(version: string): void;
  put(raw: object): void;
  remove(raw: object): void;
}

/** One watch. */
export interface WatchOptions {
  readonly connection: Connection;
  readonly path: string;
  /** Resource version after which events are wanted. */
  readonly from: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: () => number;
  readonly onEvent: WatchSink;
}

/** Shortest time after which the server is asked to end a watch; the longest is the double. */
const SERVER_TIMEOUT_SECONDS = 300;

/**
 * Silence after which a watch is given up. API servers send a bookmark about every minute, so this much silence means
 * that the other end is gone; load balancers between drop idle flows without telling anybody.
 */
const IDLE_MS = 150_000;

/**
 * Follows a collection until the stream ends; that is normal and happens every few minutes.
 *
 * @throws ApiError when the watch is refused, breaks, carries an ERROR event or something that is no event.
 */
export async function watchOnce(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const idle = idleTimer(options.clock);
  const query = {
    watch: "1",
    allowWatchBookmarks: "true",
    resourceVersion: options.from,
    timeoutSeconds: String(Math.floor(SERVER_TIMEOUT_SECONDS * (1 + (options.random ?? Math.random)()))),
  };
  const over = AbortSignal.any([signal, idle.signal]);
  try {
    const body = await options.connection.open({ method: "GET", path: options.path, query }, over);
    for await (const line of lines(idle.heard(body))) take(line, options);
  } catch (error) {
    if (idle.signal.aborted) return;
    throw error instanceof ApiError ? error : new ApiError(0, `the watch broke: ${String(error)}`, { cause: error });
  } finally {
    idle.cancel();
  }
}

interface WatchEvent {
  readonly type?: string;
  readonly object?: { readonly metadata?: { readonly name?: string; readonly resourceVersion?: string } };
}

function take(line: string, { onEvent, logger, path }: WatchOptions): void {
  const { type, object } = decode(line);
  const version = object?.metadata?.resourceVersion;
  if (type === "ERROR") throw apiErrorFrom(0, object as StatusBody);
  if (object === undefined || version === undefined || !hand(type, object, onEvent)) {
    logger.warn("a watch event was skipped", { path, type });
    return;
  }
  onEvent.reached(version);
}

/** Hands the event over; false when it is none that we know. */
function hand(type: string | undefined, object: NonNullable<WatchEvent["object"]>, sink: WatchSink): boolean {
  if (type === "BOOKMARK") return true;
  if (object.metadata?.name === undefined) return false;
  if (type === "DELETED") sink.remove(object);
  else if (type === "ADDED" || type === "MODIFIED") sink.put(object);
  else return false;
  return true;
}

function decode(line: string): WatchEvent {
  try {
    const event: unknown = JSON.parse(line);
    if (typeof event === "object" && event !== null) return event;
  } catch {}
  throw new ApiError(0, `not a watch event: ${line.slice(0, 80)}`);
}

/** Aborts when nothing was heard for {@link IDLE_MS}; one timer for the whole stream, however many chunks come. */
function idleTimer(clock: Clock) {
  const silent = new AbortController();
  let heardAtMs = clock.now();
  let cancel = (): void => {};
  const arm = (ms: number): void => {
    cancel = clock.schedule(ms, () => {
      const leftMs = heardAtMs + IDLE_MS - clock.now();
      if (leftMs > 0) arm(leftMs);
      else silent.abort(new Error("the watch went silent"));
    });
  };
  arm(IDLE_MS);
  return {
    signal: silent.signal,
    cancel: () => cancel(),
    heard: async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        heardAtMs = clock.now();
        yield chunk;
      }
    },
  };
}
