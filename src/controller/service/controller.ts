import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import type { Metrics } from "../../base/metrics.ts";
import {
  CloudError,
  type EventSink,
  keyOf,
  type LoadBalancer,
  type NextTry,
  type Node,
  needsCleanup,
  needsFirstPass,
  type Service,
} from "../../cloudprovider/index.ts";
import { runLoop } from "../runtime/loop.ts";
import { nextTryOf, type Outcome, outcomeOf } from "../runtime/outcome.ts";
import { observeQueue } from "../runtime/queue-metrics.ts";
import { exponentialPerKey } from "../runtime/rate-limiter.ts";
import type { ServiceWriter } from "../runtime/service-writer.ts";
import { resync, type Store, type StoreHandler } from "../runtime/store.ts";
import { Turns } from "../runtime/turns.ts";
import { WorkQueue } from "../runtime/work-queue.ts";
import { changedField } from "./decisions.ts";
import { EligibleNodes } from "./eligible-nodes.ts";
import { ServiceJournal } from "./journal.ts";
import { MembershipPass } from "./membership.ts";
import { ServiceMemory } from "./memory.ts";
import { type ServiceMetrics, serviceMetrics } from "./metrics.ts";
import { nodeChangeMatters } from "./nodes.ts";
import { ServicePass } from "./pass.ts";

/** What the controller works with. */
export interface ServiceControllerOptions {
  readonly balancer: LoadBalancer;
  readonly clusterName: string;
  readonly services: Store<Service>;
  readonly nodes: Store<Node>;
  readonly writer: ServiceWriter;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Services worked on at once; 256 when absent. */
  readonly workers?: number;
  /** Every Service gets a pass again and again after so many milliseconds; only when something changes when absent. */
  readonly lookAgainMs?: number;
  /** Told how each pass ended; nobody is when absent. */
  readonly journal?: ServiceJournal;
}

/** Passes at once: each costs its memory while it waits for the cloud, whose own throttle decides how fast it goes. */
export const DEFAULT_WORKERS = 256;

/** First and longest delay after a failed pass. */
const RETRY_FIRST_MS = 5000;
const RETRY_LONGEST_MS = 300_000;

/** How often Services that wait for their cleanup are looked at again. */
const RESYNC_MS = 30_000;

/** Gives every Service of type LoadBalancer its balancer, and takes it away again. */
export class ServiceController {
  readonly #options: ServiceControllerOptions;
  readonly #services: WorkQueue;
  readonly #members: WorkQueue;
  readonly #memory = new ServiceMemory();
  readonly #turns = new Turns();
  readonly #eligible: EligibleNodes;
  readonly #metrics: ServiceMetrics;
  readonly #pass: ServicePass;
  readonly #membership: MembershipPass;
  readonly #journal: ServiceJournal;
  /** Ends the pass in progress over a Service, because the Service is to go. */
  readonly #leaving = new Map<string, AbortController>();
  /** Services whose members are to be looked at when the pass over them has ended. */
  readonly #deferred = new Set<string>();
  #nodesChangedAtMs: number | undefined;

  constructor(options: ServiceControllerOptions) {
    this.#options = options;
    const { clock, metrics, journal = new ServiceJournal() } = options;
    this.#journal = journal;
    const queue = (name: string): WorkQueue =>
      new WorkQueue({
        clock,
        limiter: exponentialPerKey(RETRY_FIRST_MS, RETRY_LONGEST_MS),
        observer: observeQueue(name, metrics, clock),
      });
    this.#services = queue("service");
    this.#members = queue("node");
    this.#eligible = new EligibleNodes(options.nodes);
    this.#metrics = serviceMetrics(metrics);
    const nextTry = (key: string, error: CloudError): NextTry => this.#nextTry(key, error);
    const world = { ...options, nodes: this.#eligible, memory: this.#memory, nextTry };
    this.#pass = new ServicePass(world);
    this.#membership = new MembershipPass(world, this.#metrics, clock);
  }

  /**
   * Works until `signal` aborts, from the moment both stores have synced. Resolves when the last pass has ended; a pass
   * ends at once on abort, and what it has sent to the cloud is found by the next process.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { services, nodes, clock, logger, lookAgainMs, workers = DEFAULT_WORKERS } = this.#options;
    const handler = this.#serviceHandler();
    const ends = [services.subscribe(handler), nodes.subscribe(this.#nodeHandler())];
    await unlessAborted(Promise.all([services.whenSynced, nodes.whenSynced]), signal);
    resync(services, handler, { periodMs: RESYNC_MS, clock, signal });
    if (lookAgainMs !== undefined) resync(services, this.#looker(), { periodMs: lookAgainMs, clock, signal });
    const loop = { concurrency: workers, logger };
    await Promise.all([
      runLoop({ ...loop, queue: this.#services, pass: (key, ended) => this.passOver(key, ended) }, signal),
      runLoop({ ...loop, queue: this.#members, pass: (key, ended) => this.#membersOf(key, ended) }, signal),
    ]);
    for (const end of ends) end();
  }

  /** One pass over a Service; waits until a members' update of the same Service has ended. Never rejects. */
  async passOver(key: string, stopping: AbortSignal): Promise<Outcome> {
    const leaving = new AbortController();
    this.#leaving.set(key, leaving);
    const signal = AbortSignal.any([stopping, leaving.signal]);
    try {
      await this.#turns.run(key, signal, () => this.#pass.run(key, signal));
      if (this.#options.services.get(key) === undefined) this.#journal.forget(key);
      else this.#journal.succeeded(key, this.#options.clock.now());
      return { kind: "done" };
    } catch (reason) {
      if (signal.aborted) return { kind: "done" }; // leaving: the next pass waits in the queue already
      const error = CloudError.from(reason, "working on the Service");
      const outcome = outcomeOf(error);
      this.#metrics.passErrors.add({ code: error.code });
      this.#journal.failed(key, { error, next: this.#nextTry(key, error), nowMs: this.#options.clock.now() });
      this.#options.logger.warn("a pass over a Service failed", {
        service: key,
        error,
        code: error.code,
        outcome: outcome.kind,
      });
      return outcome;
    } finally {
      this.#leaving.delete(key);
      if (this.#deferred.delete(key)) this.#members.add(key);
    }
  }

  async #membersOf(key: string, signal: AbortSignal): Promise<Outcome> {
    if (this.#turns.busy(key)) {
      this.#deferred.add(key); // waiting here would keep others from their turn
    } else {
      const error = await this.#turns.run(key, signal, () => this.#membership.run(key, signal));
      if (error !== undefined && !signal.aborted) this.#mend(key, error);
    }
    this.#noteNodeSync(key);
    return { kind: "done" };
  }

  /** Services that wait for their cleanup are looked at more often than their failures alone would have it. */
  #nextTry(key: string, error: CloudError): NextTry {
    const service = this.#options.services.get(key);
    const backoffMs = this.#services.nextDelayMs(key);
    return nextTryOf(
      error,
      service !== undefined && needsCleanup(service) ? Math.min(backoffMs, RESYNC_MS) : backoffMs,
    );
  }

  /** Lets a full pass put right what an update of members could not, unless only another object would help. */
  #mend(key: string, error: CloudError): void {
    if (error.retryAfterMs !== undefined) this.#services.addAfter(key, error.retryAfterMs);
    else if (error.retry === "backoff") this.#services.add(key);
  }

  #noteNodeSync(key: string): void {
    this.#members.forget(key);
    if (this.#nodesChangedAtMs === undefined || this.#members.depth > 0) return;
    this.#metrics.nodeSyncSeconds.observe((this.#options.clock.now() - this.#nodesChangedAtMs) / 1000);
    this.#nodesChangedAtMs = undefined;
  }

  #serviceHandler(): StoreHandler<Service> {
    return {
      added: (service) => {
        if (needsFirstPass(service)) this.#services.add(keyOf(service));
      },
      updated: (old, current) => {
        const because = needsCleanup(current) ? "cleanup" : changedField(old, current);
        if (because === undefined) return;
        this.#options.logger.debug("a Service needs a pass", { service: keyOf(current), because });
        this.#services.add(keyOf(current));
        if (needsCleanup(current) && !needsCleanup(old)) this.#leave(keyOf(current));
      },
      deleted: (service) => {
        const key = keyOf(service); // normally forgotten by now; else somebody took our finalizer away
        if (this.#memory.get(key) !== undefined) this.#services.add(key);
        else this.#journal.forget(key);
      },
    };
  }

  /** Has every Service of ours looked at again, whether it has changed or not. */
  #looker(): StoreHandler<Service> {
    const look = (service: Service): void => {
      if (needsFirstPass(service)) this.#services.add(keyOf(service));
    };
    return { added: look, updated: (_, current) => look(current), deleted: () => {} };
  }

  /** A Service that is to go does not wait for a balancer to be built first. */
  #leave(key: string): void {
    this.#leaving.get(key)?.abort(new Error("the Service needs its balancer no more"));
  }

  #nodeHandler(): StoreHandler<Node> {
    return {
      added: () => this.#nodesChanged(true),
      updated: (old, current) => this.#nodesChanged(nodeChangeMatters(old, current)),
      deleted: () => this.#nodesChanged(true),
    };
  }

  #nodesChanged(matters: boolean): void {
    this.#eligible.invalidate();
    if (!matters) return;
    const keys = this.#memory.keys();
    if (keys.length > 0) this.#nodesChangedAtMs ??= this.#options.clock.now();
    for (const key of keys) this.#members.add(key);
  }
}

function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    void work.then(() => resolve());
  });
}
