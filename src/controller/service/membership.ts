import type { Clock } from "../../base/clock.ts";
import { CloudError, type Node, needsCleanup, type Service, wantsLoadBalancer } from "../../cloudprovider/index.ts";
import { nextTryOf } from "../runtime/outcome.ts";
import type { Eligible } from "./eligible-nodes.ts";
import { report, reportFailure } from "./events.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { namesForPeople, sameMembers } from "./nodes.ts";
import type { PassWorld } from "./pass.ts";

/** Brings the members of one balancer up to date after nodes have changed. */
export class MembershipPass {
  readonly #world: PassWorld;
  readonly #metrics: ServiceMetrics;
  readonly #clock: Clock;

  constructor(world: PassWorld, metrics: ServiceMetrics, clock: Clock) {
    this.#world = world;
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /**
   * Asks the cloud for the members of now, unless they are those it was last asked for.
   *
   * @returns the error that a full pass has to mend; undefined when all is well.
   */
  async run(key: string, signal: AbortSignal): Promise<CloudError | undefined> {
    const { memory, nodes } = this.#world;
    const known = memory.get(key);
    if (known === undefined || !wantsLoadBalancer(known.service) || needsCleanup(known.service)) return undefined;
    try {
      const eligible = nodes.now();
      const before = known.members;
      memory.setMembers(key, eligible.members); // even if the call fails: the full pass that follows hands over the same
      if (before !== undefined && sameMembers(before, eligible.members)) return undefined;
      await this.#update(known.service, eligible, signal);
      return undefined;
    } catch (reason) {
      this.#metrics.memberSyncErrors.add();
      return CloudError.from(reason, "updating members");
    }
  }

  async #update(service: Service, { nodes }: Eligible, signal: AbortSignal): Promise<void> {
    const { balancer, clusterName, events } = this.#world;
    const startedAtMs = this.#clock.now();
    this.#metrics.memberSyncs.add();
    try {
      await balancer.updateLoadBalancer(clusterName, service, nodes, signal);
      report(events, service, nodes.length > 0 ? "UpdatedLoadBalancer" : "UnAvailableLoadBalancer");
    } catch (reason) {
      if (reason instanceof CloudError && reason.code === "ImplementedElsewhere") return;
      if (!signal.aborted && !(await this.#exists(service, signal))) return;
      const error = CloudError.from(reason, "updating members");
      if (!signal.aborted) this.#reportFailure(service, nodes, error);
      throw reason;
    } finally {
      this.#metrics.memberSyncSeconds.observe((this.#clock.now() - startedAtMs) / 1000);
    }
  }

  #reportFailure(service: Service, nodes: readonly Node[], error: CloudError): void {
    const { events } = this.#world;
    // A full pass puts it right, at once unless the cloud named a time
    const next = nextTryOf(error, 0);
    const about = { nodes: namesForPeople(nodes), count: String(nodes.length) };
    reportFailure(events, service, "UpdateLoadBalancerFailed", { error, next, nowMs: this.#clock.now(), ...about });
  }

  /** Whether there is a balancer whose members could be wrong; yes, when nobody knows. */
  async #exists(service: Service, signal: AbortSignal): Promise<boolean> {
    const { balancer, clusterName, logger } = this.#world;
    try {
      return (await balancer.getLoadBalancer(clusterName, service, signal)) !== undefined;
    } catch (error) {
      logger.warn("cannot tell whether a balancer exists", { service: service.metadata.name, error });
      return true;
    }
  }
}
