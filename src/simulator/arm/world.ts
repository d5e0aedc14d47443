import { type Checked, describeProblem } from "../../base/checked.ts";
import type { Interceptor } from "../http/exchange.ts";
import { Actors } from "./actors/actors.ts";
import { type Assembly, assemble } from "./assembly.ts";
import { ActorBook } from "./control/actor-book.ts";
import { type Barrier, openBarrier } from "./control/barrier.ts";
import { FaultBook } from "./control/fault-book.ts";
import { StateInEffect } from "./effect/state-in-effect.ts";
import { Oracles } from "./oracles/oracles.ts";
import type { Packet } from "./reach/packet.ts";
import type { ProbeAnswers } from "./reach/probing.ts";
import { Reachability } from "./reach/reach.ts";
import { TopologyReader } from "./reach/read-topology.ts";
import type { Reach } from "./reach/verdict.ts";
import type { WorldOptions } from "./simulator-options.ts";

/** A simulator from its start, or a reset, to the next reset: everything but its sockets and its journal. */
export interface World extends Assembly {
  /** Who looks at its requests. */
  readonly interceptors: Set<Interceptor>;
  readonly actors: Actors;
  readonly oracles: Oracles;
  /** Faults that were set by data. */
  readonly faultBook: FaultBook;
  /** Actors that were set by data. */
  readonly actorBook: ActorBook;
  /** Keeps its time together with other processes; undefined when it is nobody else's. */
  readonly barrier: Barrier | undefined;
  readonly reach: (packet: Packet, answers?: ProbeAnswers) => Reach;
}

/** Opens a world. @throws Error when a fault of the script is none. */
export function openWorld(options: WorldOptions): World {
  const interceptors = new Set<Interceptor>();
  const intercept = (interceptor: Interceptor): (() => void) => {
    interceptors.add(interceptor);
    return () => interceptors.delete(interceptor);
  };
  const parts = assemble(options, intercept);
  const { store, engine, faults } = parts;
  const topology = new TopologyReader(new StateInEffect(store), store);
  const actors = new Actors(intercept, parts.phases, parts.hands);
  const faultBook = new FaultBook(faults);
  if (options.faults !== undefined) faults.seeded(options.faults);
  accepted(faultBook.add(options.script ?? []));
  return {
    ...parts,
    interceptors,
    actors,
    oracles: new Oracles({ store, topology, events: engine.events }),
    faultBook,
    actorBook: new ActorBook(actors),
    barrier: openBarrier(parts.clock, options.participants),
    reach: (packet, answers) => new Reachability(topology.read(), answers).of(packet),
  };
}

/** @throws Error that tells of every problem. */
export function accepted<T>(result: Checked<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(describeProblem).join("; "));
}
