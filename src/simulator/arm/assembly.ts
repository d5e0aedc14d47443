import { type Clock, systemClock } from "../../base/clock.ts";
import type { Interceptor } from "../http/exchange.ts";
import type { ActorsHands } from "./actors/deed.ts";
import { AnswerHeaders } from "./answer-headers.ts";
import { type Behaviour, DEFAULT_BEHAVIOUR } from "./behaviour.ts";
import { Derive } from "./derive.ts";
import { DirectWrites } from "./direct-writes.ts";
import { Engine } from "./engine.ts";
import { ArmWorld } from "./faults/arm-world.ts";
import { Phases } from "./faults/phases.ts";
import { Faults } from "./faults.ts";
import { FrontDoor } from "./front-door.ts";
import { Gate } from "./gate.ts";
import { Identity } from "./identity/identity.ts";
import { latencyProfile } from "./latency.ts";
import { ServiceLimits } from "./limits/limits.ts";
import { Operations } from "./operations.ts";
import { type PageSizes, pageSizes } from "./paging.ts";
import type { WorldOptions } from "./simulator-options.ts";
import type { StateParts } from "./state/dump.ts";
import { Store } from "./store.ts";
import { Subscriptions } from "./subscriptions.ts";

/** An ARM without sockets. */
export interface Assembly {
  readonly clock: Clock;
  readonly store: Store;
  readonly engine: Engine;
  readonly direct: DirectWrites;
  readonly door: FrontDoor;
  readonly identity: Identity;
  readonly faults: Faults;
  readonly limits: ServiceLimits;
  readonly phases: Phases;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Writes past the sockets. */
  readonly hands: ActorsHands;
  /** Turns switches, and returns how all of them stand. */
  readonly behave: (change: Partial<Behaviour>) => Behaviour;
  /** Changes how long pages are, and returns how long all of them are. */
  readonly paginate: (sizes: number | Partial<PageSizes>) => PageSizes;
  readonly state: StateParts;
}

/** Puts an ARM together. @param intercept - adds an interceptor to its sockets once there are some. */
export function assemble(options: WorldOptions, intercept: (interceptor: Interceptor) => () => void): Assembly {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? "azure";
  const derive = new Derive(seed);
  const tenantId = options.tenantId ?? derive.guid("tenant");
  const subscriptionId = options.subscriptionId ?? derive.guid("subscription");
  const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  const limits = new ServiceLimits(clock, options.limits ?? "none");
  const store = new Store({ derive, clock, behaviour, quotas: () => limits.quotas });
  const operations = new Operations(clock);
  const headers = new AnswerHeaders(derive, () => clock.now(), limits);
  const phases = new Phases(operations);
  const faults = new Faults({ intercept, phases, world: new ArmWorld({ store, headers, tenantId }), seed });
  const engine = new Engine({
    store,
    operations,
    latency: latencyProfile(options.latency ?? "zero"),
    faults,
    overQuota: (draft) => limits.overQuota(draft),
  });
  const subscriptions = new Subscriptions({ store, engine, tenantId, first: subscriptionId });
  const direct = new DirectWrites(engine, subscriptions);
  const identity = new Identity({
    clock,
    derive,
    tenantId,
    source: direct,
    options: options.identity ?? {},
    tokens: options.tokens ?? "any",
    allowedActions: options.allowedActions,
    spareMetadata: () => limits.atMetadataService(),
  });
  const gate = new Gate({ identity, limits, engine, subscriptions });
  const sizes = pageSizes(options.pageSize);
  const door = new FrontDoor({ engine, subscriptions, headers, gate, pageSizes: sizes });
  const hands: ActorsHands = {
    resources: direct,
    put: (id, body) => direct.put(id, body),
    remove: (id) => direct.remove(id),
  };
  const behave = switchesOf(behaviour, engine);
  behave({});
  const paginate = (change: number | Partial<PageSizes>): PageSizes => Object.assign(sizes, pageSizes(change, sizes));
  const outer = { clock, tenantId, subscriptionId, identity, faults, limits, phases };
  const state = { store, operations, subscriptions, history: engine.history, seed, tenantId, subscriptionId };
  return { ...outer, store, engine, direct, door, hands, behave, paginate, state };
}

function switchesOf(behaviour: Behaviour, { history }: Engine): Assembly["behave"] {
  return (change) => {
    Object.assign(behaviour, change);
    if (behaviour.listLagMs > 0) history.begin();
    return behaviour;
  };
}
