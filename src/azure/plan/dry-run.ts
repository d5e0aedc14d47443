import type { Clock } from "../../base/clock.ts";
import type { EventSink, Lister, ProviderWorld } from "../../cloudprovider/cloud.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { LoadBalancer } from "../../cloudprovider/load-balancer.ts";
import { keyOf, type LoadBalancerStatus, type Node, type Service } from "../../cloudprovider/objects.ts";
import { adviceFor, mayReceiveTraffic } from "../../cloudprovider/rules/index.ts";
import { type Arm, DryArm } from "../arm/index.ts";
import { plannedResource } from "./assemble.ts";
import { dryClock } from "./dry-clock.ts";
import type { Plan, PlannedService } from "./plan.ts";
import type { PlanRequest, Task } from "./tasks.ts";
import { inWords } from "./words.ts";

/** A balancer that runs on a dry engine, and when what it does in the background has ended. */
export interface DryBalancer {
  readonly balancer: LoadBalancer;
  readonly settled: () => Promise<void>;
}

/** What a dry run stands on. */
export interface DryRunDeps {
  /** Is only read from. */
  readonly arm: Arm;
  readonly clock: Clock;
  readonly clusterName: string;
  /** Makes the provider, as for a real run. */
  readonly open: (dry: Arm, world: ProviderWorld, clock: Clock) => DryBalancer;
}

/** Runs the provider's own passes over Services on an engine that notes writes in place of sending them. */
export class DryRun {
  readonly #deps: DryRunDeps;
  readonly #arm: DryArm;
  readonly #services: Map<string, Service>;
  readonly #nodes: readonly Node[];
  readonly #tasks: readonly Task[];
  readonly #heard: { readonly key: string; readonly reason: string; readonly text: string }[] = [];
  readonly #ended = new AbortController();

  constructor(deps: DryRunDeps, { services, nodes }: Pick<PlanRequest, "services" | "nodes">, tasks: readonly Task[]) {
    this.#deps = deps;
    this.#arm = new DryArm(deps.arm);
    this.#services = new Map(services.map((service) => [keyOf(service), service]));
    this.#nodes = nodes;
    this.#tasks = tasks;
  }

  /**
   * One pass over each Service, one after the other, as the controller with one worker would.
   *
   * @throws CloudError when ARM cannot be read for the bodies; what fails for one Service is in the plan.
   */
  async plan(signal: AbortSignal): Promise<Plan> {
    const { balancer, settled } = this.#deps.open(this.#arm, this.#world(signal), dryClock(this.#deps.clock));
    const services: PlannedService[] = [];
    try {
      for (const task of this.#tasks) services.push(await this.#pass(task, { balancer, settled }, signal));
    } finally {
      this.#ended.abort(new CloudError("Aborted", "the dry run has ended"));
    }
    const changes = await this.#arm.changes(signal);
    const keys = new Set(this.#tasks.map(({ service }) => keyOf(service)));
    const resources = changes.flatMap((change) => plannedResource(change, keys) ?? []);
    return inWords({ resources, services }, this.#arm.standIns.words);
  }

  async #pass({ service, action }: Task, dry: DryBalancer, signal: AbortSignal): Promise<PlannedService> {
    const key = keyOf(service);
    const from = this.#heard.length;
    let status: LoadBalancerStatus = { ingress: [] };
    let error: PlannedService["error"] = null;
    try {
      if (action === "ensure") status = await this.#ensure(service, dry.balancer, signal);
      else await this.#delete(service, dry.balancer, signal);
      this.#publish(service, action, status);
      await dry.settled();
    } catch (caught) {
      signal.throwIfAborted();
      error = toldError(CloudError.from(caught, `planning ${key}`));
    }
    const remarks = this.#heard.slice(from).map(({ reason, text }) => ({ reason, text }));
    return { service: key, action, addresses: status.ingress.flatMap(({ ip }) => ip ?? []), error, remarks };
  }

  #ensure(service: Service, balancer: LoadBalancer, signal: AbortSignal): Promise<LoadBalancerStatus> {
    const nodes = this.#nodes.filter(mayReceiveTraffic).toSorted(byName);
    return balancer.ensureLoadBalancer(this.#deps.clusterName, service, nodes, signal);
  }

  async #delete(service: Service, balancer: LoadBalancer, signal: AbortSignal): Promise<void> {
    const { clusterName } = this.#deps;
    const found = await balancer.getLoadBalancer(clusterName, service, signal);
    if (found !== undefined) await balancer.ensureLoadBalancerDeleted(clusterName, service, signal);
  }

  /** What the controller would write to the Service, so that the passes after this one meet it. */
  #publish(service: Service, action: PlannedService["action"], loadBalancer: LoadBalancerStatus): void {
    const key = keyOf(service);
    const gone = service.metadata.deletionTimestamp !== undefined || service.spec.type === "LoadBalancer";
    if (action === "delete" && gone) this.#services.delete(key);
    else this.#services.set(key, { ...service, status: { loadBalancer } });
  }

  #world(signal: AbortSignal): ProviderWorld {
    const nodes = new Map(this.#nodes.map((node) => [keyOf(node), node]));
    const events: EventSink = {
      record: (target, type, reason, text) => {
        if (type === "Warning") this.#heard.push({ key: keyOf(target), reason, text });
      },
    };
    const life = AbortSignal.any([signal, this.#ended.signal]);
    return { services: lister(this.#services), nodes: lister(nodes), events, signal: life };
  }
}

function lister<T>(objects: ReadonlyMap<string, T>): Lister<T> {
  return { get: (key) => objects.get(key), list: () => [...objects.values()], synced: true };
}

function byName(a: Node, b: Node): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

function toldError(error: CloudError): PlannedService["error"] {
  const { code, message, summary = message, quote } = error;
  return { code, message: quote === undefined ? summary : message, advice: adviceFor(error) };
}
