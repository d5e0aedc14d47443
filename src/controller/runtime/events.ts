import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import type { Counter, Metrics } from "../../base/metrics.ts";
import type { EventSink } from "../../cloudprovider/index.ts";
import { ApiError, isNotFound } from "./api-error.ts";
import type { Connection } from "./connection.ts";
import { EventCorrelator, type EventWrite } from "./event-correlator.ts";
import type { EventObject, Happening } from "./event-object.ts";
import { STRATEGIC_MERGE } from "./patches.ts";

/** What a recorder needs. */
export interface EventRecorderOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Values in [0, 1) for jitter; `Math.random` when absent. */
  readonly random?: () => number;
}

/** Happenings that may wait to be sent; more are dropped, since nothing may wait for events. */
const LONGEST_QUEUE = 10_000;
/** Tries to send one event to a server that does not answer, and the wait between them. */
const TRIES = 12;
const RETRY_MS = 10_000;

/** Sends events to the API server, in order, one at a time, without anybody waiting for it. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator = new EventCorrelator();
  readonly #queue: Happening[] = [];
  readonly #dropped: Counter;
  #wake = (): void => {};
  #drained: (() => void)[] = [];
  #sending = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#dropped = options.metrics.counter({
      name: "event_recorder_dropped_total",
      help: "Events that were not sent: too many waiting, or the API server refused them.",
      labels: ["why"],
    });
  }

  /** A sink whose events say that they come from `component`. */
  sink(component: string): EventSink {
    return {
      record: (target, type, reason, message) => {
        const { kind, series } = target;
        const { name, namespace, uid } = target.metadata;
        const metadata = { name, uid, ...(namespace !== undefined && { namespace }) };
        const about = { kind, metadata, ...(series !== undefined && { series }) };
        this.#record({ component, target: about, type, reason, message });
      },
    };
  }

  /** Sends what is recorded until `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const happening = this.#queue.shift();
      if (happening === undefined) {
        await this.#nothingToDo(signal);
        continue;
      }
      this.#sending = true;
      const write = this.#correlator.next(happening, this.#options.clock.now());
      if (write !== undefined) await this.#deliver(write, signal);
      this.#sending = false;
    }
    this.#tellDrained();
  }

  /** Resolves when everything recorded so far was sent or given up. */
  drained(): Promise<void> {
    if (this.#queue.length === 0 && !this.#sending) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #record(happening: Happening): void {
    if (this.#queue.length >= LONGEST_QUEUE) {
      this.#dropped.add({ why: "queue full" });
      return;
    }
    this.#queue.push(happening);
    this.#wake();
  }

  async #nothingToDo(signal: AbortSignal): Promise<void> {
    this.#tellDrained();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener("abort", resolve as () => void, { once: true });
    await promise;
    signal.removeEventListener("abort", resolve as () => void);
  }

  #tellDrained(): void {
    for (const tell of this.#drained.splice(0)) tell();
  }

  async #deliver(write: EventWrite, signal: AbortSignal): Promise<void> {
    const { clock, random = Math.random } = this.#options;
    for (let tries = 1; !signal.aborted; tries++) {
      const error = await this.#send(write, signal).then(nothing, (reason: unknown) => reason);
      if (error === undefined || signal.aborted) return;
      const why = error instanceof ApiError && error.status === 0 ? "no answer" : "refused";
      if (why === "refused" || tries >= TRIES) {
        this.#drop(why, write, error);
        return;
      }
      const ms = tries === 1 ? RETRY_MS * random() : RETRY_MS; // spreads the first try of many processes
      await clock.sleep(ms, signal).catch(nothing);
    }
  }

  #drop(why: string, { event }: EventWrite, error: unknown): void {
    this.#dropped.add({ why });
    this.#options.logger.warn("an event was not sent", { reason: event.reason, error });
  }

  async #send({ verb, event }: EventWrite, signal: AbortSignal): Promise<void> {
    if (verb === "create") {
      await this.#create(event, signal);
      return;
    }
    const { count, lastTimestamp, message } = event;
    const path = `${collection(event)}/${event.metadata.name}`;
    const body = { count, lastTimestamp, message };
    try {
      await this.#options.connection.call({ method: "PATCH", path, body, contentType: STRATEGIC_MERGE }, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#create(event, signal); // events expire after an hour; this one goes on under its name
    }
  }

  async #create(event: EventObject, signal: AbortSignal): Promise<void> {
    await this.#options.connection.call({ method: "POST", path: collection(event), body: event }, signal);
  }
}

function collection({ metadata }: EventObject): string {
  return `/api/v1/namespaces/${metadata.namespace}/events`;
}

function nothing(): undefined {}
