import type { Packet } from "../reach/packet.ts";
import type { ProbeAnswers } from "../reach/probing.ts";
import { Reachability } from "../reach/reach.ts";
import type { Topology } from "../reach/topology.ts";
import { describeReach, type Reach } from "../reach/verdict.ts";
import { type Ask, Asks, type Flow } from "./asks.ts";
import { type GapName, isGap } from "./gaps.ts";
import { listeningAddresses } from "./listening.ts";
import type { Finding } from "./violation.ts";

/** What a flow watch goes by. */
export interface FlowWatchOptions {
  readonly read: () => Topology;
  readonly answers: ProbeAnswers | undefined;
  /** The interruptions that are forgiven. */
  readonly gaps: readonly GapName[];
}

/** Watches what is in effect for the flows that are asked for, and for those that shall be kept out. */
export class FlowWatch {
  readonly #options: FlowWatchOptions;
  readonly #asks = new Asks();
  /** Keys of wanted flows that got through when looked at last. */
  readonly #open = new Set<string>();
  /** Wanted flows that a forgiven gap interrupts. */
  readonly #interrupted = new Map<string, string>();
  /** Keys of unwanted flows that got through when they became unwanted: forgiven until the next publication. */
  readonly #closing = new Set<string>();
  /** Keys of unwanted flows that get through and were reported. */
  readonly #leaking = new Set<string>();
  /** Addresses where somebody else's frontends listened from the start. */
  readonly #foreign: ReadonlySet<string>;
  #listening: readonly string[] = [];
  #reach: Reachability;

  constructor(options: FlowWatchOptions) {
    this.#options = options;
    const topology = options.read();
    this.#foreign = new Set(listeningAddresses(topology));
    this.#reach = new Reachability(topology, options.answers);
  }

  /** Changes what is asked for. What shall be shut now and is open may stay so until the next publication. */
  ask(ask: Ask): void {
    this.#asks.ask(ask);
    this.#refresh();
    for (const { key, packet } of this.#unwanted()) if (this.#gets(packet)) this.#closing.add(key);
    this.#note();
  }

  /** Nothing is asked for under the name any more. */
  release(name: string): void {
    this.#asks.release(name);
  }

  /** What is wrong with publishing these addresses: all that is asked for must work, and nothing else. */
  publish(name: string, addresses: readonly string[]): readonly Finding[] {
    this.#asks.publish(name, addresses);
    this.#refresh();
    const wanted = this.#asks.wanted().filter((flow) => flow.name === name);
    const findings = wanted.flatMap((flow): readonly Finding[] => {
      const reach = this.#reach.of(flow.packet);
      return works(reach) ? [] : [about("published", flow, `was published, and ${describeReach(reach)}`)];
    });
    for (const { name: whose, key } of this.#asks.unwanted()) if (whose === name) this.#closing.delete(key);
    return [...findings, ...this.#leaks(), ...this.#note(true, wanted)];
  }

  /**
   * What has got worse since the last look.
   *
   * @param forgive - somebody else has caused it.
   */
  look(topology: Topology, forgive: boolean): readonly Finding[] {
    this.#refresh(topology);
    const cut = this.#note(forgive);
    return [...cut, ...this.#leaks()];
  }

  /** What must not be so in the end: gaps still open, and addresses of what has gone. */
  end(): readonly Finding[] {
    this.#refresh();
    this.#note(true);
    const wanted = new Map(this.#asks.wanted().map((flow) => [flow.key, flow]));
    const gaps = [...this.#interrupted].flatMap(([key, why]): readonly Finding[] => {
      const flow = wanted.get(key);
      return flow === undefined ? [] : [about("reachable", flow, `was interrupted and has not come back: ${why}`)];
    });
    const leftOpen = this.#asks.released().filter(({ packet }) => this.#gets(packet));
    return [...gaps, ...leftOpen.map((flow) => about("published", flow, "nobody asks for it any more, and it works"))];
  }

  #refresh(topology = this.#options.read()): void {
    this.#reach = new Reachability(topology, this.#options.answers);
    this.#listening = listeningAddresses(topology).filter((address) => !this.#foreign.has(address));
  }

  /** Notes which wanted flows get through, and returns those that have stopped to. */
  #note(forgive = false, wanted = this.#asks.wanted()): readonly Finding[] {
    return wanted.flatMap((flow): readonly Finding[] => {
      const reach = this.#reach.of(flow.packet);
      const was = this.#open.has(flow.key);
      if (works(reach)) {
        this.#open.add(flow.key);
        this.#interrupted.delete(flow.key);
        return [];
      }
      this.#open.delete(flow.key);
      if (!was || forgive) return [];
      const why = describeReach(reach);
      if (!isGap(reach.stop, this.#options.gaps)) return [about("reachable", flow, `was reachable, and ${why}`)];
      this.#interrupted.set(flow.key, why);
      return [];
    });
  }

  /** Unwanted flows that get through and did not before. */
  #leaks(): readonly Finding[] {
    return this.#unwanted().flatMap((flow): readonly Finding[] => {
      const reach = this.#reach.of(flow.packet);
      if (reach.stop !== undefined) {
        this.#leaking.delete(flow.key);
        this.#closing.delete(flow.key);
        return [];
      }
      if (this.#closing.has(flow.key) || this.#leaking.has(flow.key)) return [];
      this.#leaking.add(flow.key);
      return [about("denied", flow, `shall be kept out, and ${describeReach(reach)}`)];
    });
  }

  #unwanted(): readonly Flow[] {
    if (!this.#asks.keepOut) return [];
    return [...this.#asks.unwanted(), ...this.#listening.flatMap((address) => this.#asks.unwantedAt(address))];
  }

  #gets(packet: Packet): boolean {
    return this.#reach.of(packet).stop === undefined;
  }
}

/** Somebody gets it, and no connection is lost. */
function works({ stop, lost }: Reach): boolean {
  return stop === undefined && lost.length === 0;
}

function about(oracle: Finding["oracle"], { name, packet }: Flow, what: string): Finding {
  const { source, destination, port, protocol = "Tcp" } = packet;
  const resource = `${destination}:${port} ${protocol}`;
  return { oracle, resource, message: `${name}, from ${source} to ${resource}: ${what}` };
}
