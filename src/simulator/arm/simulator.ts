import { type Checked, describeProblem } from "../../base/checked.ts";
import type { Interceptor } from "../http/exchange.ts";
import { Journal } from "../http/journal.ts";
import { listen } from "../http/listener.ts";
import { Actors } from "./actors/actors.ts";
import { assemble } from "./assembly.ts";
import type { Behaviour } from "./behaviour.ts";
import { checkFaults, FaultBook } from "./control/fault-book.ts";
import { serveControl } from "./control/serve-control.ts";
import { ControlSurface } from "./control-surface.ts";
import { StateInEffect } from "./effect/state-in-effect.ts";
import type { Faults } from "./faults.ts";
import type { Identity } from "./identity/identity.ts";
import type { JsonObject } from "./json.ts";
import type { ServiceLimits } from "./limits/limits.ts";
import { Oracles } from "./oracles/oracles.ts";
import type { Packet } from "./reach/packet.ts";
import type { ProbeAnswers } from "./reach/probing.ts";
import { Reachability } from "./reach/reach.ts";
import { TopologyReader } from "./reach/read-topology.ts";
import type { Reach } from "./reach/verdict.ts";
import type { ResourceReader } from "./resource-reader.ts";
import type { ArmSimulatorOptions } from "./simulator-options.ts";
import { dumpState, type StateParts } from "./state/dump.ts";
import { loadState } from "./state/load.ts";
import type { SimulatorState } from "./state/state.ts";

/** An Azure Resource Manager on loopback. */
export interface ArmSimulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** `https://localhost:PORT`; undefined without `tls`. */
  readonly httpsEndpoint: string | undefined;
  /** PEM of the CA that signed the https certificate; undefined without `tls`. */
  readonly ca: string | undefined;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Every request that was answered. */
  readonly journal: Journal;
  /** Entra ID, the machines' metadata service, and who may do what. */
  readonly identity: Identity;
  /** How many requests and resources there may be: changes it, and tells who was refused. */
  readonly limits: ServiceLimits;
  /** Requests and operations that shall go wrong. */
  readonly faults: Faults;
  /** Somebody else who writes when one of our requests comes by. */
  readonly actors: Actors;
  readonly resources: ResourceReader;
  /**
   * Who gets a packet by what is in effect now, or what stops it and why.
   *
   * @param answers - which node answers which probe; every node answers when absent. A probe that a security group
   * denies is never answered.
   */
  reach(packet: Packet, answers?: ProbeAnswers): Reach;
  /** Sentences that must stay true, checked at every write once armed. */
  readonly oracles: Oracles;
  /** Turns switches from now on. */
  behave(change: Partial<Behaviour>): void;
  /** Looks at every request at each stage; returns what ends it. */
  intercept(interceptor: Interceptor): () => void;
  /**
   * Writes as somebody else would: validated like a PUT and new etag, but at once, past conditions, faults and journal.
   * Takes resource, child, resource group and subscription ids; missing resource groups are made.
   *
   * @throws ArmError as a PUT would be refused.
   */
  put(id: string, body: JsonObject): JsonObject;
  /**
   * Deletes as somebody else would, at once. Returns false when there was nothing.
   *
   * @throws ArmError as a DELETE would be refused.
   */
  remove(id: string): boolean;
  /** Everything that is needed to go on from here. Operations that run are dumped as cancelled. */
  dump(): SimulatorState;
  /**
   * Puts a dump in the place of everything there is; reads answer what they answered when it was taken.
   *
   * @throws Error when it is of another seed or tenant, or has types that are not served; nothing has changed then.
   */
  load(state: SimulatorState): void;
  /** Cuts every connection, frees ports and timers. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts an empty ARM: one subscription, no resource group.
 *
 * @throws Error when a port is taken, or a fault of the script is none.
 */
export async function startArmSimulator(options: ArmSimulatorOptions = {}): Promise<ArmSimulator> {
  accepted(checkFaults(options.script ?? []));
  const interceptors: { add: (interceptor: Interceptor) => () => void } = { add: () => () => {} };
  const parts = assemble(options, (interceptor) => interceptors.add(interceptor));
  const { clock, store, engine, direct, door, identity, faults, limits, phases, tenantId, subscriptionId } = parts;
  const topology = new TopologyReader(new StateInEffect(store), store);
  const reach = (packet: Packet, answers?: ProbeAnswers): Reach =>
    new Reachability(topology.read(), answers).of(packet);
  const control = new ControlSurface();
  const journal = new Journal(options.journal?.keep);
  const book = new FaultBook(faults);
  serveControl(control, { clock, journal, book, state: parts.state, reach, behave: parts.behave });
  const listener = await listen({
    clock,
    journal,
    tls: options.tls ?? false,
    ...(options.ports !== undefined && { ports: options.ports }),
    handle: async (request, admitted) => {
      if (control.owns(request)) return control.handle(request);
      return identity.serve(request) ?? door.handle(request, admitted);
    },
  });
  interceptors.add = (interceptor) => listener.intercept(interceptor);
  identity.atHttps(listener.httpsUrl);
  if (options.faults !== undefined) faults.seeded(options.faults);
  book.add(options.script ?? []);
  return {
    endpoint: listener.httpUrl,
    httpsEndpoint: listener.httpsUrl,
    ca: listener.ca,
    subscriptionId,
    tenantId,
    journal,
    identity,
    limits,
    faults,
    actors: new Actors((interceptor) => listener.intercept(interceptor), phases, parts.hands),
    ...parts.hands,
    resources: direct,
    reach,
    oracles: new Oracles({ store, topology, events: engine.events }),
    behave: parts.behave,
    intercept: (interceptor) => listener.intercept(interceptor),
    ...stateHands(parts.state),
    close: async () => {
      engine.operations.close();
      await listener.close();
    },
  };
}

function stateHands(parts: StateParts): Pick<ArmSimulator, "dump" | "load"> {
  return { dump: () => dumpState(parts), load: (state) => void accepted(loadState(state, parts)) };
}

/** @throws Error that tells of every problem. */
function accepted<T>(result: Checked<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(describeProblem).join("; "));
}
