import type { Interceptor } from "../http/exchange.ts";
import type { Journal } from "../http/journal.ts";
import type { Actors } from "./actors/actors.ts";
import type { Behaviour } from "./behaviour.ts";
import { type ClockKind, kindOf } from "./control/clock-requests.ts";
import type { Faults } from "./faults.ts";
import { Host } from "./host.ts";
import type { Identity } from "./identity/identity.ts";
import type { JsonObject } from "./json.ts";
import type { ServiceLimits } from "./limits/limits.ts";
import type { Oracles } from "./oracles/oracles.ts";
import type { PageSizes } from "./paging.ts";
import type { Packet } from "./reach/packet.ts";
import type { ProbeAnswers } from "./reach/probing.ts";
import type { Reach } from "./reach/verdict.ts";
import type { ResourceReader } from "./resource-reader.ts";
import type { ArmSimulatorOptions, WorldOptions } from "./simulator-options.ts";
import { dumpState } from "./state/dump.ts";
import { loadState } from "./state/load.ts";
import type { SimulatorState } from "./state/state.ts";
import { accepted } from "./world.ts";

/** An Azure Resource Manager on loopback. */
export interface ArmSimulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** `https://localhost:PORT`; undefined without `tls`. */
  readonly httpsEndpoint: string | undefined;
  /** PEM of the CA that signed the https certificate; undefined without `tls`. */
  readonly ca: string | undefined;
  /** Which clock it runs on: part of every result. */
  readonly clock: ClockKind;
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
  /** Makes pages of lists longer or shorter from now on. */
  paginate(sizes: number | Partial<PageSizes>): void;
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
  /**
   * Begins anew, as if it had been started with these options: nothing is left of resources, faults, actors, oracles,
   * interceptors and journal, and requests that have not been answered are cut. Sockets, the CA and whoever follows the
   * journal stay. What was taken out of the simulator before (`arm.faults`, `arm.limits`) belongs to the old world.
   *
   * @throws Error when a fault of the script is none; nothing has changed then.
   */
  reset(options?: WorldOptions): void;
  /** Cuts every connection, frees ports and timers. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts an empty ARM: one subscription, no resource group.
 *
 * @throws Error when a port is taken, or a fault of the script is none.
 */
export async function startArmSimulator(options: ArmSimulatorOptions = {}): Promise<ArmSimulator> {
  const host = new Host(options);
  await host.listen(options);
  return surfaceOf(host);
}

/** What a test sees: always of the world that is behind the sockets now. */
function surfaceOf(host: Host): ArmSimulator {
  const { httpUrl, httpsUrl, ca } = host.sockets;
  return {
    endpoint: httpUrl,
    httpsEndpoint: httpsUrl,
    ca,
    journal: host.journal,
    get clock() {
      return kindOf(host.world.clock, host.world.barrier);
    },
    get subscriptionId() {
      return host.world.subscriptionId;
    },
    get tenantId() {
      return host.world.tenantId;
    },
    get identity() {
      return host.world.identity;
    },
    get limits() {
      return host.world.limits;
    },
    get faults() {
      return host.world.faults;
    },
    get actors() {
      return host.world.actors;
    },
    get resources() {
      return host.world.direct;
    },
    get oracles() {
      return host.world.oracles;
    },
    ...handsOf(host),
  };
}

type Hands = "reach" | "behave" | "paginate" | "intercept" | "put" | "remove" | "dump" | "load" | "reset" | "close";

function handsOf(host: Host): Pick<ArmSimulator, Hands> {
  return {
    reach: (packet, answers) => host.world.reach(packet, answers),
    behave: (change) => void host.world.behave(change),
    paginate: (sizes) => void host.world.paginate(sizes),
    intercept: (interceptor) => host.intercept(interceptor),
    put: (id, body) => host.world.direct.put(id, body),
    remove: (id) => host.world.direct.remove(id),
    dump: () => dumpState(host.world.state),
    load: (state) => void accepted(loadState(state, host.world.state)),
    reset: (options = {}) => host.reset(options),
    close: () => host.close(),
  };
}
