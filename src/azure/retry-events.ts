import type { Clock } from "../base/clock.ts";
import type { ProviderWorld } from "../cloudprovider/cloud.ts";
import type { ResourceEvent } from "./arm/index.ts";
import { tellFailure } from "./loadbalancer/events.ts";

/**
 * Tells the Services that ride in a write when it has failed and is sent again: nothing else would. A failure that is
 * handed to the callers becomes an event of theirs.
 */
export class RetryEvents {
  readonly #clock: Clock;
  #world: Pick<ProviderWorld, "services" | "events"> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Where to find Services and to record their events. */
  attach(world: Pick<ProviderWorld, "services" | "events">): void {
    this.#world = world;
  }

  /** Takes what a merge queue tells. */
  heard({ event }: ResourceEvent): void {
    if (event.kind !== "waiting" && event.kind !== "parked") return;
    const { error, riders } = event;
    const next = { afterMs: event.kind === "waiting" ? event.ms : (error.retryAfterMs ?? 0) };
    const failure = { error, next, nowMs: this.#clock.now() };
    for (const key of riders) {
      const service = this.#world?.services.get(key); // undefined for a pool's members, or a repair
      if (service === undefined || this.#world === undefined) continue;
      const target = { kind: "Service", metadata: service.metadata } as const;
      tellFailure(this.#world.events, target, "AzureWriteRetried", failure);
    }
  }
}
