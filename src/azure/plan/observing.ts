import { abortReason, type Clock } from "../../base/clock.ts";
import type { ProviderWorld } from "../../cloudprovider/cloud.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { LoadBalancer } from "../../cloudprovider/load-balancer.ts";
import { keyOf, type LoadBalancerStatus, type Node, type Service } from "../../cloudprovider/objects.ts";
import { needsFirstPass } from "../../cloudprovider/rules/index.ts";
import { DRIFT_EVENTS, type Drift, type DriftSummary, driftOf } from "./drift.ts";
import { NODES, type Plan, type PlannedService } from "./plan.ts";
import type { Task } from "./tasks.ts";

/** What observing needs. */
export interface ObservingDeps {
  /** Answers what is there; only its reads are used. */
  readonly reader: Pick<LoadBalancer, "getLoadBalancer" | "getLoadBalancerName">;
  readonly plan: (tasks: readonly Task[], signal: AbortSignal) => Promise<Plan>;
  readonly world: ProviderWorld;
  readonly clock: Clock;
  /** Told how much differs, after every look. */
  readonly onDrift: (summary: DriftSummary) => void;
}

/** A drift that stays as it is is told again after so long, milliseconds: Kubernetes forgets events after an hour. */
const REMIND_MS = 1_800_000;

/** How often those are forgotten that are gone, milliseconds. */
const SWEEP_MS = 60_000;

interface Wait {
  readonly task: Task;
  readonly done: PromiseWithResolvers<void>;
}

interface Told {
  readonly text: string;
  readonly atMs: number;
}

/**
 * Balancers that are looked at and never written: each pass is planned, and what it would have changed is told in an
 * event and in metrics. Services that come while a look is under way share the next one.
 */
export class ObservingLoadBalancer implements LoadBalancer {
  readonly #deps: ObservingDeps;
  readonly #waiting = new Map<string, Wait>();
  readonly #told = new Map<string, Told>();
  readonly #changes = new Map<string, number>();
  #looking = false;
  #sweeping = false;

  constructor(deps: ObservingDeps) {
    this.#deps = deps;
  }

  async getLoadBalancer(
    clusterName: string,
    service: Service,
    signal: AbortSignal,
  ): Promise<{ readonly status: LoadBalancerStatus | undefined } | undefined> {
    const found = await this.#deps.reader.getLoadBalancer(clusterName, service, signal);
    if (found === undefined) this.#forget(keyOf(service));
    return found;
  }

  getLoadBalancerName(clusterName: string, service: Service): string {
    return this.#deps.reader.getLoadBalancerName(clusterName, service);
  }

  /** @returns the status that the Service has: nothing was made. */
  async ensureLoadBalancer(
    _clusterName: string,
    service: Service,
    _nodes: readonly Node[],
    signal: AbortSignal,
  ): Promise<LoadBalancerStatus> {
    await this.#look({ service, action: "ensure" }, signal);
    return service.status.loadBalancer;
  }

  async updateLoadBalancer(
    _clusterName: string,
    service: Service,
    _nodes: readonly Node[],
    signal: AbortSignal,
  ): Promise<void> {
    await this.#look({ service, action: "ensure" }, signal);
  }

  async ensureLoadBalancerDeleted(_clusterName: string, service: Service, signal: AbortSignal): Promise<void> {
    await this.#look({ service, action: "delete" }, signal);
  }

  #look(task: Task, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new CloudError("Aborted", abortReason(signal).message));
    const key = keyOf(task.service);
    const done = this.#waiting.get(key)?.done ?? Promise.withResolvers<void>();
    this.#waiting.set(key, { task, done });
    if (!this.#looking) void this.#lookAtAll();
    return unlessAborted(done.promise, signal);
  }

  async #lookAtAll(): Promise<void> {
    this.#looking = true;
    await Promise.resolve(); // those that come in one turn of the event loop share a look
    while (this.#waiting.size > 0) {
      const waits = [...this.#waiting.values()];
      this.#waiting.clear();
      await this.#lookAt(waits);
    }
    this.#looking = false;
  }

  async #lookAt(waits: readonly Wait[]): Promise<void> {
    const { plan, world, onDrift } = this.#deps;
    try {
      const tasks = waits.map(({ task }) => task);
      const planned = await plan(tasks, world.signal);
      for (const wait of waits) this.#conclude(wait, planned);
      this.#changes.set(NODES, driftOf(planned, NODES).changes);
      onDrift(this.#summary());
      if (!this.#sweeping) void this.#sweep();
    } catch (error) {
      for (const { done } of waits) done.reject(error);
    }
  }

  #conclude({ task, done }: Wait, plan: Plan): void {
    const key = keyOf(task.service);
    const { error = null } = plan.services.find(({ service }) => service === key) ?? {};
    if (error !== null) {
      done.reject(failure(error));
      return;
    }
    const drift = driftOf(plan, key);
    this.#changes.set(key, drift.changes);
    this.#tell(task.service, drift);
    done.resolve();
  }

  #tell(service: Service, { changes, text }: Drift): void {
    const { clock } = this.#deps;
    const key = keyOf(service);
    const before = this.#told.get(key);
    if (changes === 0) {
      if (this.#told.delete(key)) this.#record(service, "LoadBalancerInSync", text);
      return;
    }
    if (before?.text === text && clock.now() - before.atMs < REMIND_MS) return;
    this.#told.set(key, { text, atMs: clock.now() });
    this.#record(service, "LoadBalancerDrift", text);
  }

  #record({ metadata }: Service, reason: keyof typeof DRIFT_EVENTS, changes: string): void {
    const { type, message } = DRIFT_EVENTS[reason];
    const text = message.replace("{changes}", changes);
    this.#deps.world.events.record({ kind: "Service", metadata }, type, reason, text);
  }

  /** Whoever cleans up after a Service need not be this process, and nobody asks about it any more afterwards. */
  async #sweep(): Promise<void> {
    const { clock, world } = this.#deps;
    this.#sweeping = true;
    while (this.#services().length > 0) {
      const slept = await clock.sleep(SWEEP_MS, world.signal).then(
        () => true,
        () => false,
      );
      if (!slept) return;
      for (const key of this.#services()) if (!this.#isObserved(key)) this.#forget(key);
    }
    this.#sweeping = false;
  }

  #isObserved(key: string): boolean {
    const service = this.#deps.world.services.get(key);
    return service !== undefined && needsFirstPass(service);
  }

  #services(): readonly string[] {
    return [...this.#changes.keys()].filter((key) => key !== NODES);
  }

  #forget(key: string): void {
    this.#told.delete(key);
    if (!this.#changes.delete(key)) return;
    if (this.#services().length === 0) this.#changes.delete(NODES); // found by their looks only
    this.#deps.onDrift(this.#summary());
  }

  #summary(): DriftSummary {
    const nodeChanges = this.#changes.get(NODES) ?? 0;
    const services = [...this.#changes].filter(([key, changes]) => key !== NODES && changes > 0);
    const serviceChanges = services.reduce((sum, [, changes]) => sum + changes, 0);
    return { services: services.length, serviceChanges, nodeChanges };
  }
}

function failure({ code, message, advice }: NonNullable<PlannedService["error"]>): CloudError {
  return new CloudError(code, message, advice === undefined ? {} : { advice });
}

/** The look goes on, others may wait for it too. */
async function unlessAborted(look: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(new CloudError("Aborted", abortReason(signal).message));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([look, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
