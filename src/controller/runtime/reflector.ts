import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import type { Counter, Metrics } from "../../base/metrics.ts";
import { keyOf } from "../../cloudprovider/index.ts";
import type { Connection } from "./connection.ts";
import { listAll } from "./list.ts";
import { reflectorFailures } from "./reflector-metrics.ts";
import { RoundBackoff } from "./round-backoff.ts";
import type { Store, Stored } from "./store.ts";
import { watchOnce } from "./watch.ts";
import { afterListFailure, afterWatchFailure, type NextStep } from "./watch-failure.ts";

/** Which kind to mirror, and how. */
export interface ReflectorOptions<T extends Stored> {
  readonly connection: Connection;
  /** Collection to list and watch: `/api/v1/services`. */
  readonly path: string;
  /** Keeps of an object what is read; applied as soon as it is decoded. */
  readonly project: (raw: object) => T;
  readonly store: Store<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Values in [0, 1) for jitter; `Math.random` when absent. */
  readonly random?: () => number;
  /** Objects per page of a list; 500 when absent. */
  readonly pageSize?: number;
}

/** Requests and events so far. */
export interface ReflectorStats {
  readonly lists: number;
  readonly watches: number;
  readonly events: number;
  readonly failures: number;
}

/** A watch that ends sooner than this without a single event is a server in trouble. */
const VERY_SHORT_MS = 1000;

/** Keeps a store equal to a collection of the API server, through every fault that the server or the network can have. */
export class Reflector<T extends Stored> {
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: RoundBackoff;
  readonly #failures: Counter;
  readonly #stats = { lists: 0, watches: 0, events: 0, failures: 0 };
  /** Version that the store has reached; empty before the first list. */
  #version = "";
  #forgetVersion = false;
  #listedAtMs = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new RoundBackoff(options.clock, options.random ?? Math.random);
    this.#failures = reflectorFailures(options.metrics);
  }

  get stats(): ReflectorStats {
    return { ...this.#stats };
  }

  /** Mirrors until `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let step: NextStep = { next: "list", forgetVersion: false, wait: "none" };
    while (!signal.aborted) {
      step = await (step.next === "list" ? this.#list(signal) : this.#watch(signal));
      if (step.forgetVersion) this.#forgetVersion = true;
      await this.#pause(step.wait, signal);
    }
  }

  async #list(signal: AbortSignal): Promise<NextStep> {
    const { clock, store } = this.#options;
    const version = this.#forgetVersion ? "" : this.#version;
    this.#stats.lists++;
    try {
      const listed = await listAll(this.#options, version, signal);
      store.replace(listed.objects);
      this.#version = listed.version;
      this.#forgetVersion = false;
      this.#listedAtMs = clock.now();
      return { next: "watch", forgetVersion: false, wait: "none" };
    } catch (error) {
      this.#report("a list failed", error, signal);
      return afterListFailure(error, version !== "");
    }
  }

  async #watch(signal: AbortSignal): Promise<NextStep> {
    const { clock, store, project } = this.#options;
    const startedAtMs = clock.now();
    const eventsBefore = this.#stats.events;
    this.#stats.watches++;
    const onEvent = {
      reached: (version: string) => {
        this.#version = version;
        this.#stats.events++;
      },
      put: (raw: object) => store.put(project(raw)),
      remove: (raw: object) => {
        const last = project(raw);
        store.remove(keyOf(last), last);
      },
    };
    try {
      await watchOnce({ ...this.#options, from: this.#version, onEvent }, signal);
      const short = clock.now() - startedAtMs < VERY_SHORT_MS && this.#stats.events === eventsBefore;
      return { next: "watch", forgetVersion: false, wait: short ? "backoff" : "none" };
    } catch (error) {
      this.#report("a watch failed", error, signal);
      return afterWatchFailure(error, clock.now() - this.#listedAtMs);
    }
  }

  async #pause(wait: NextStep["wait"], signal: AbortSignal): Promise<void> {
    if (wait === "none" || signal.aborted) return;
    const ms = wait === "backoff" ? this.#backoff.next() : wait.ms;
    await this.#options.clock.sleep(ms, signal).catch(() => {}); // aborted: the loop above sees it
  }

  #report(message: string, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { path, logger } = this.#options;
    this.#stats.failures++;
    this.#failures.add({ path });
    logger.warn(message, { path, version: this.#version, error });
  }
}
