import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import {
  CloudError,
  type EventSink,
  FINALIZER,
  hasFinalizer,
  keyOf,
  type Lister,
  type LoadBalancer,
  type LoadBalancerStatus,
  type NextTry,
  needsCleanup,
  type Service,
  wantsLoadBalancer,
} from "../../cloudprovider/index.ts";
import { isNotFound } from "../runtime/api-error.ts";
import { apiFailure } from "../runtime/api-failure.ts";
import { servicePatch } from "../runtime/patches.ts";
import type { ServiceWriter } from "../runtime/service-writer.ts";
import type { EligibleNodes } from "./eligible-nodes.ts";
import { report, reportFailure, type ServiceEventReason } from "./events.ts";
import type { ServiceMemory } from "./memory.ts";

/** Everything that a pass over a Service touches. */
export interface PassWorld {
  readonly balancer: LoadBalancer;
  readonly clusterName: string;
  readonly services: Lister<Service>;
  readonly nodes: EligibleNodes;
  readonly memory: ServiceMemory;
  readonly writer: ServiceWriter;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** When a pass over the Service that failed like this comes again. Counts nothing. */
  readonly nextTry: (key: string, error: CloudError) => NextTry;
}

/** Brings the cloud and one Service in line with what the Service asks for. Each rejection is a CloudError. */
export class ServicePass {
  readonly #world: PassWorld;

  constructor(world: PassWorld) {
    this.#world = world;
  }

  /** One pass over `<namespace>/<name>`, whatever has become of it. */
  async run(key: string, signal: AbortSignal): Promise<void> {
    if (key.split("/").length > 2) throw new CloudError("Internal", `unexpected key format: ${JSON.stringify(key)}`);
    const service = this.#world.services.get(key);
    if (service === undefined) await this.#vanished(key, signal);
    else await this.#present(key, service, signal);
  }

  async #present(key: string, service: Service, signal: AbortSignal): Promise<void> {
    const { memory } = this.#world;
    const before = memory.get(key)?.service;
    if (before !== undefined && before.metadata.uid !== service.metadata.uid) {
      await this.#deleteRemembered(before, signal); // deleted and made again under the same name while nobody looked
      memory.forget(key);
    }
    memory.setService(key, service);
    const ensures = wantsLoadBalancer(service) && !needsCleanup(service);
    try {
      await (ensures ? this.#ensure(key, service, signal) : this.#cleanUp(service, signal));
    } catch (error) {
      this.#reportFailure("SyncLoadBalancerFailed", service, error, signal);
      throw error;
    }
    if (!ensures) memory.forget(key);
  }

  async #ensure(key: string, service: Service, signal: AbortSignal): Promise<void> {
    const { balancer, clusterName, memory, nodes: eligible, events } = this.#world;
    report(events, service, "EnsuringLoadBalancer");
    await this.#setFinalizer(service, true, signal);
    const { nodes, members } = eligible.now();
    if (nodes.length === 0) report(events, service, "UnAvailableLoadBalancer");
    memory.setMembers(key, members); // before the call: what fails is repaired by the next pass, not by the next node
    const status = await balancer
      .ensureLoadBalancer(clusterName, service, nodes, signal)
      .catch(elsewhere("failed to ensure load balancer"));
    if (status === undefined) return;
    report(events, service, "EnsuredLoadBalancer");
    await this.#setStatus(service, status, signal);
  }

  async #cleanUp(service: Service, signal: AbortSignal): Promise<void> {
    const { balancer, clusterName, events } = this.#world;
    const found = await balancer
      .getLoadBalancer(clusterName, service, signal)
      .catch(failing("failed to check if load balancer exists before cleanup"))
      .catch(neverParked);
    if (found !== undefined) {
      report(events, service, "DeletingLoadBalancer");
      await balancer
        .ensureLoadBalancerDeleted(clusterName, service, signal)
        .catch(elsewhere("failed to delete load balancer"))
        .catch(neverParked);
    }
    await this.#setFinalizer(service, false, signal);
    report(events, service, "DeletedLoadBalancer");
    await this.#setStatus(service, { ingress: [] }, signal);
  }

  async #vanished(key: string, signal: AbortSignal): Promise<void> {
    const before = this.#world.memory.get(key)?.service;
    if (before === undefined) return;
    await this.#deleteRemembered(before, signal);
    this.#world.memory.forget(key);
  }

  async #deleteRemembered(service: Service, signal: AbortSignal): Promise<void> {
    if (!wantsLoadBalancer(service)) return;
    const { balancer, clusterName, events } = this.#world;
    report(events, service, "DeletingLoadBalancer");
    try {
      await balancer.ensureLoadBalancerDeleted(clusterName, service, signal).catch(neverParked);
    } catch (error) {
      this.#reportFailure("DeleteLoadBalancerFailed", service, error, signal);
      throw error;
    }
    report(events, service, "DeletedLoadBalancer");
  }

  async #setFinalizer(service: Service, present: boolean, signal: AbortSignal): Promise<void> {
    if (hasFinalizer(service) === present) return;
    const others = (service.metadata.finalizers ?? []).filter((each) => each !== FINALIZER);
    const finalizers = present ? [...others, FINALIZER] : others;
    try {
      await this.#write(service, { ...service, metadata: { ...service.metadata, finalizers } }, signal);
    } catch (error) {
      if (!present && isNotFound(error)) return; // gone, and the finalizer with it
      failing(`failed to ${present ? "add" : "remove"} load balancer cleanup finalizer`)(error);
    }
  }

  async #setStatus(service: Service, loadBalancer: LoadBalancerStatus, signal: AbortSignal): Promise<void> {
    try {
      await this.#write(service, { ...service, status: { loadBalancer } }, signal);
    } catch (error) {
      if (isNotFound(error)) return; // deleted meanwhile: nobody is left to tell
      failing("failed to update load balancer status")(error);
    }
  }

  async #write(old: Service, wanted: Service, signal: AbortSignal): Promise<void> {
    const patch = servicePatch(old, wanted);
    if (patch !== undefined) await this.#world.writer.patchStatus(old, patch, signal);
  }

  #reportFailure(reason: ServiceEventReason, service: Service, failure: unknown, signal: AbortSignal): void {
    if (signal.aborted) return; // we are going; nothing is wrong with the Service
    const { events, clock, nextTry } = this.#world;
    const error = CloudError.from(failure, "working on the Service");
    const next = nextTry(keyOf(service), error);
    reportFailure(events, service, reason, { error, next, nowMs: clock.now() });
  }
}

/** Rethrows with what was being done in front; the code and the cloud's advice stay. */
function failing(doing: string): (reason: unknown) => never {
  return (reason) => {
    throw reason instanceof CloudError ? reason.within(doing) : apiFailure(reason, doing);
  };
}

/** As {@link failing}, but "another controller does that" is no failure. */
function elsewhere(doing: string): (reason: unknown) => undefined {
  return (reason) => {
    if (reason instanceof CloudError && reason.code === "ImplementedElsewhere") return undefined;
    return failing(doing)(reason);
  };
}

/** A deletion is tried until it succeeds: the Service has no say in it any more. */
function neverParked(reason: unknown): never {
  throw CloudError.from(reason, "deleting").retrying("backoff");
}
