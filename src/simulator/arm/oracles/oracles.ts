import type { ProbeAnswers } from "../reach/probing.ts";
import type { TopologyReader } from "../reach/read-topology.ts";
import type { Store } from "../store.ts";
import type { WriteEvent, WriteEvents } from "../write-events.ts";
import type { Ask } from "./asks.ts";
import { BodyWatch, type Owned } from "./body-watch.ts";
import { clashesOf } from "./clashes.ts";
import { FlowWatch } from "./flow-watch.ts";
import type { GapName } from "./gaps.ts";
import { type Limits, PUBLISHED_LIMITS } from "./limits.ts";
import {
  describeViolations,
  type Finding,
  type Occasion,
  ORACLES,
  type OracleName,
  type Violation,
} from "./violation.ts";

/** How oracles are armed; everything has a default. */
export interface OracleOptions {
  /** The oracles that watch. Default all. */
  readonly only?: readonly OracleName[];
  /**
   * Whether a resource, a child or an element of a list is the tested program's own: a rule, or ids that everything below
   * belongs to. Default: what was not there when the oracles were armed and was not written past the sockets since.
   */
  readonly owned?: Owned | readonly string[];
  /** Interruptions that are forgiven as long as they end. Default none. */
  readonly gaps?: readonly GapName[];
  /** Limits other than the published ones. */
  readonly limits?: Partial<Limits>;
  /** Which node answers which probe; all do when absent. */
  readonly answers?: ProbeAnswers;
}

/** What oracles look at. */
export interface OracleParts {
  readonly store: Store;
  readonly topology: TopologyReader;
  readonly events: WriteEvents;
}

/**
 * Sentences that must stay true while a program works on the simulated Azure. Once armed they are checked when a write
 * is accepted, completes or fails, and when the test says that a status was published. Writes past the sockets
 * (`arm.put`, `arm.remove`) are somebody else's: what they change is right.
 *
 * @example
 * ```ts
 * arm.oracles.arm();
 * arm.oracles.ask({ name: "shop/web", ports: [{ port: 80 }], notFrom: ["203.0.113.9"] });
 * const { ingress } = await balancer.ensureLoadBalancer(cluster, service, nodes, signal);
 * arm.oracles.published("shop/web", ingress.flatMap(({ ip }) => ip ?? []));
 * arm.oracles.assertSilent();
 * ```
 */
export class Oracles {
  readonly #parts: OracleParts;
  readonly #violations: Violation[] = [];
  #only: ReadonlySet<OracleName> = new Set();
  #bodies: BodyWatch | undefined;
  #flows: FlowWatch | undefined;
  /** Messages about clashes that are known: told once. */
  #clashes = new Set<string>();
  #unfollow: (() => void) | undefined;

  constructor(parts: OracleParts) {
    this.#parts = parts;
  }

  /** Starts to watch from what is there now; forgets earlier asks and violations. */
  arm({ only = ORACLES, owned, gaps = [], limits = {}, answers }: OracleOptions = {}): void {
    this.disarm();
    const { store, topology, events } = this.#parts;
    this.#violations.length = 0;
    this.#only = new Set(only);
    this.#bodies = new BodyWatch(store, { owned: ownershipOf(owned), limits: { ...PUBLISHED_LIMITS, ...limits } });
    this.#flows = new FlowWatch({ read: () => topology.read(), answers, gaps });
    this.#clashes = new Set(clashesOf(topology.read()).map(({ message }) => message));
    this.#unfollow = events.follow((event) => this.#look(event));
  }

  /** Whether they watch. */
  get armed(): boolean {
    return this.#flows !== undefined;
  }

  /** Stops to watch; violations stay. Idempotent. */
  disarm(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#bodies = undefined;
    this.#flows = undefined;
  }

  /**
   * Says what is asked for from now on under `ask.name`. Once a port of it works it must go on to, and what it keeps
   * out must never get in; what gets in at this moment may until the next publication.
   */
  ask(ask: Ask): void {
    this.#watch().ask(ask);
  }

  /** Says that the status of `name` shows these addresses now: all that is asked for must work at each of them. */
  published(name: string, addresses: readonly string[]): void {
    const findings = this.#watch().publish(name, addresses);
    this.#add(findings, { moment: "published", cause: `status of ${name}: ${addresses.join(", ")}` });
  }

  /** Says that nothing is asked for any more under `name`: in the end none of it may work. */
  release(name: string): void {
    this.#watch().release(name);
  }

  /** What has gone wrong since {@link arm}, in order. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Looks a last time. @returns what has gone wrong since {@link arm}. */
  conclude(): readonly Violation[] {
    this.#add(this.#watch().end(), { moment: "end", cause: "the end of the test" });
    return this.#violations;
  }

  /** {@link conclude}. @throws Error with a report when anything has gone wrong. */
  assertSilent(): void {
    this.conclude();
    if (this.#violations.length > 0) throw new Error(describeViolations(this.#violations));
  }

  #watch(): FlowWatch {
    if (this.#flows === undefined) throw new Error("the oracles are not armed");
    return this.#flows;
  }

  #look(event: WriteEvent): void {
    const { direct, moment, method, id } = event;
    if (direct) this.#bodies?.rebase();
    const bodies = direct ? [] : (this.#bodies?.look(event) ?? []);
    const topology = this.#parts.topology.read();
    const clashes = clashesOf(topology);
    const fresh = clashes.filter(({ message }) => !this.#clashes.has(message));
    this.#clashes = new Set(clashes.map(({ message }) => message));
    const flows = this.#flows?.look(topology, direct) ?? [];
    this.#add([...bodies, ...fresh, ...flows], { moment, cause: `${method} ${id}` });
  }

  #add(findings: readonly Finding[], occasion: Omit<Occasion, "atMs">): void {
    const atMs = this.#parts.store.clock.now();
    const heard = findings.filter(({ oracle }) => this.#only.has(oracle));
    this.#violations.push(...heard.map((finding) => ({ atMs, ...occasion, ...finding })));
  }
}

function ownershipOf(owned: OracleOptions["owned"]): Owned | undefined {
  if (owned === undefined || typeof owned === "function") return owned;
  const own = owned.map((id) => id.toLowerCase());
  return ({ id }) => own.some((one) => id.toLowerCase() === one || id.toLowerCase().startsWith(`${one}/`));
}
