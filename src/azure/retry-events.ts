import type { Clock } from "../base/clock.ts";
import type { EventTarget, ProviderWorld } from "../cloudprovider/cloud.ts";
import type { ResourceEvent } from "./arm/index.ts";
import { idKey } from "./arm/resource-id.ts";
import { tellFailure } from "./loadbalancer/events.ts";

type World = Pick<ProviderWorld, "services" | "nodes" | "events">;

/**
 * Tells the Services and Nodes that ride in a write when it has failed and is sent again: nothing else would. A failure
 * that is handed to the callers becomes an event of theirs.
 */
export class RetryEvents {
  readonly #clock: Clock;
  #world: World | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Where to find Services and Nodes and to record their events. */
  attach(world: World): void {
    this.#world = world;
  }

  /** From now on nobody is told: what ends with the process is no failure of a Service. */
  detach(): void {
    this.#world = undefined;
  }

  /** Takes what a merge queue tells. */
  heard({ id, event }: ResourceEvent): void {
    const world = this.#world;
    if (world === undefined || (event.kind !== "waiting" && event.kind !== "parked")) return;
    const { error, riders } = event;
    const next = { afterMs: event.kind === "waiting" ? event.ms : (error.retryAfterMs ?? 0) };
    const failure = { error, next, nowMs: this.#clock.now() };
    for (const target of new Set(riders.flatMap((key) => targetsOf(key, id, world)))) {
      tellFailure(world.events, target, "AzureWriteRetried", failure);
    }
  }
}

/** A Service, a Node, or for the model of a scale set all its Nodes; nobody for a repair. */
function targetsOf(key: string, resourceId: string, { services, nodes }: World): readonly EventTarget[] {
  const service = services.get(key);
  if (service !== undefined) return [{ kind: "Service", metadata: service.metadata }];
  const machines = `azure://${idKey(resourceId)}/`;
  const concerned = nodes
    .list()
    .filter(
      ({ metadata, spec }) => key === `Node/${metadata.name}` || idKey(spec.providerID ?? "").startsWith(machines),
    );
  return concerned.map(({ metadata }) => ({ kind: "Node", metadata }));
}
