import type { ServerResponse } from "node:http";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { badRequest, expired, tooLargeResourceVersion } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import type { Change } from "../store.ts";
import { type Form, partial, readForm, table } from "./form.ts";
import type { Reading } from "./reading.ts";
import { type Route, readFlag, readNumber } from "./route.ts";
import { readSelection, type Selection } from "./selection.ts";

/** How watches behave over time. */
export interface WatchTiming {
  /** Milliseconds between bookmarks, for the watches that asked for them; 0 sends none. */
  readonly bookmarkEveryMs: number;
  /** How long a watch lasts that did not say, in milliseconds. */
  readonly timeoutMs: number;
}

/** How a running watch ends when a test ends it: cleanly, with a 410 event, or with the connection cut. */
export type WatchEnd = "close" | "expire" | "reset";

/** The watches that run. */
export class Watches {
  readonly #reading: Reading;
  readonly #timing: WatchTiming;
  readonly #running = new Set<(end: WatchEnd) => void>();

  constructor(reading: Reading, timing: WatchTiming) {
    this.#reading = reading;
    this.#timing = timing;
  }

  /** Watches that are connected now. */
  get count(): number {
    return this.#running.size;
  }

  /** Ends every running watch. */
  end(how: WatchEnd): void {
    for (const end of this.#running) end(how);
  }

  /** Answers a watch with a stream of events. @throws `ApiError` for a watch that cannot begin. */
  answer(route: Route, request: SimulatedRequest): Answer {
    const plan = planWatch(this.#reading, route, request);
    const headers = { "content-type": "application/json" };
    const { store } = route.resource;
    if (plan.from !== undefined && !store.remembers(plan.from)) {
      // The real server has said 200 by the time it finds that its cache does not go back far enough.
      const { status } = expired(`too old resource version: ${plan.from} (${store.oldest})`);
      return { status: 200, headers, body: `${JSON.stringify({ type: "ERROR", object: status })}\n` };
    }
    return {
      status: 200,
      headers,
      stream: (response) => this.#stream(plan, response, request.signal),
    };
  }

  #stream(plan: Plan, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const { cluster } = this.#reading;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stops: (() => void)[] = [];
    const sink = new Sink(this.#reading, plan, response);
    const end = (how: WatchEnd): void => {
      if (!this.#running.delete(end)) return;
      for (const stop of stops) stop();
      sink.finish(how);
      resolve();
    };
    this.#running.add(end);
    const gone = (): void => end("close");
    signal.addEventListener("abort", gone, { once: true });
    stops.push(
      () => signal.removeEventListener("abort", gone),
      cluster.clock.schedule(plan.timeoutMs ?? this.#timing.timeoutMs, () => end("close")),
      plan.route.resource.store.follow((change) => sink.change(change)),
      this.#bookmarks(sink, plan),
    );
    sink.start();
    if (signal.aborted) end("close");
    return promise;
  }

  #bookmarks(sink: Sink, plan: Plan): () => void {
    const { clock } = this.#reading.cluster;
    const { bookmarkEveryMs } = this.#timing;
    if (!plan.bookmarks || bookmarkEveryMs <= 0) return () => {};
    let cancel = (): void => {};
    const again = (): void => {
      cancel = clock.schedule(bookmarkEveryMs, () => {
        sink.bookmark();
        again();
      });
    };
    again();
    return () => cancel();
  }
}

/** A watch after its request was read. */
interface Plan {
  readonly route: Route;
  readonly form: Form;
  readonly selection: Selection;
  readonly bookmarks: boolean;
  readonly timeoutMs: number | undefined;
  /** Changes after this version are sent; undefined begins with the present state as ADDED events. */
  readonly from: number | undefined;
  /** Whether a bookmark marks the end of the present state. */
  readonly marksInitialEnd: boolean;
}

function planWatch({ cluster }: Reading, route: Route, { headers }: SimulatedRequest): Plan {
  const { query } = route;
  const bookmarks = readFlag(query, "allowWatchBookmarks");
  const initial = readInitialEvents(query, bookmarks);
  const asked = readNumber(query, "resourceVersion") ?? 0;
  const seconds = readNumber(query, "timeoutSeconds");
  const plan = {
    route,
    form: readForm(headers, query),
    selection: readSelection(route),
    bookmarks,
    timeoutMs: seconds === undefined || seconds === 0 ? undefined : seconds * 1000,
    from:
      initial === true || (asked === 0 && initial === undefined)
        ? undefined
        : asked || cluster.registry.revisions.current,
    marksInitialEnd: initial === true,
  };
  const { current } = cluster.registry.revisions;
  if (asked > current) throw tooLargeResourceVersion(asked, current);
  return plan;
}

function readInitialEvents(query: URLSearchParams, bookmarks: boolean): boolean | undefined {
  const text = query.get("sendInitialEvents");
  const match = query.get("resourceVersionMatch");
  if (text === null) {
    if (match === null) return undefined;
    throw badRequest(
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  }
  if (match !== "NotOlderThan") {
    throw badRequest(
      "resourceVersionMatch: Required value: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
  const wants = text === "true" || text === "1";
  if (wants && !bookmarks)
    throw badRequest("allowWatchBookmarks: Required value: sendInitialEvents requires bookmarks");
  return wants;
}

/** Writes the events of one watch. */
class Sink {
  readonly #reading: Reading;
  readonly #plan: Plan;
  readonly #response: ServerResponse;
  #headerSent = false;

  constructor(reading: Reading, plan: Plan, response: ServerResponse) {
    this.#reading = reading;
    this.#plan = plan;
    this.#response = response;
  }

  start(): void {
    const { from, route, selection, marksInitialEnd } = this.#plan;
    this.#response.flushHeaders();
    if (from !== undefined) {
      for (const change of route.resource.store.since(from)) this.change(change);
      return;
    }
    for (const object of route.resource.store.all()) if (selection.matches(object)) this.#send("ADDED", object);
    if (marksInitialEnd) this.bookmark({ annotations: { "k8s.io/initial-events-end": "true" } });
  }

  /** Sends a change as this watch sees it: what enters the selection is added, what leaves it is deleted. */
  change({ type, object, before, resourceVersion }: Change): void {
    const { from, selection } = this.#plan;
    if (from !== undefined && resourceVersion <= from) return;
    const was = before !== undefined && selection.matches(before);
    const is = type !== "DELETED" && selection.matches(object);
    if (is) this.#send(was ? "MODIFIED" : "ADDED", object);
    else if (was) this.#send("DELETED", object);
  }

  bookmark(extra: JsonObject = {}): void {
    const { kind } = this.#plan.route.resource;
    const resourceVersion = String(this.#reading.cluster.registry.revisions.current);
    const metadata = { resourceVersion, creationTimestamp: null, ...extra };
    if (this.#plan.form.kind === "table") {
      const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { name: "", ...metadata } };
      const rows = [{ cells: [], object }];
      this.#write({
        type: "BOOKMARK",
        object: {
          kind: "Table",
          apiVersion: "meta.k8s.io/v1",
          metadata: { resourceVersion },
          columnDefinitions: null,
          rows,
        },
      });
      return;
    }
    this.#write({ type: "BOOKMARK", object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } });
  }

  finish(how: WatchEnd): void {
    if (how === "reset") {
      this.#response.socket?.resetAndDestroy();
      return;
    }
    if (how === "expire") {
      const version = this.#reading.cluster.registry.revisions.current;
      this.#write({ type: "ERROR", object: expired(`too old resource version: ${version} (${version + 1})`).status });
    }
    this.#response.end();
  }

  #send(type: Change["type"], object: KubernetesObject): void {
    const { form } = this.#plan;
    switch (form.kind) {
      case "plain":
        this.#response.write(`{"type":"${type}","object":${this.#reading.texts.of(object)}}\n`);
        return;
      case "metadata":
        this.#write({ type, object: partial(object) });
        return;
      case "table":
        this.#write({ type, object: this.#row(object, form.rowObject) });
        return;
      default:
        return;
    }
  }

  #row(object: KubernetesObject, rowObject: "None" | "Metadata" | "Object"): JsonObject {
    const header = !this.#headerSent;
    this.#headerSent = true;
    const metadata = { resourceVersion: object.metadata.resourceVersion ?? "" };
    const nowMs = this.#reading.cluster.clock.now();
    return table(this.#plan.route.resource.kind, [object], { rowObject, nowMs, metadata, header });
  }

  #write(event: JsonObject): void {
    this.#response.write(`${JSON.stringify(event)}\n`);
  }
}
