import type { Packet, PacketProtocol } from "../reach/packet.ts";

/** What somebody asks for: a Service, with the ports and the sources that it is for. */
export interface Ask {
  /** Whose it is: `namespace/name` of a Service. */
  readonly name: string;
  readonly ports: readonly AskedPort[];
  /** Addresses or service tags that shall get through. Default `Internet`. */
  readonly from?: readonly string[];
  /** Addresses or service tags that must never get through. Default none. */
  readonly notFrom?: readonly string[];
}

/** One port of an {@link Ask}. */
export interface AskedPort {
  readonly port: number;
  /** Default `Tcp`. */
  readonly protocol?: PacketProtocol;
}

/** A packet that somebody asks for, or asks to be kept out. */
export interface Flow {
  /** {@link Ask.name} */
  readonly name: string;
  readonly packet: Packet;
  readonly key: string;
}

/** Asks as they stand, and the addresses that were published for them. */
export class Asks {
  readonly #asks = new Map<string, Ask>();
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #released = new Map<string, readonly Flow[]>();

  /** From now on this is asked for under its name; published addresses stay. */
  ask(ask: Ask): void {
    this.#asks.set(ask.name, ask);
    this.#released.delete(ask.name);
  }

  /** The status of `name` shows these addresses and no others. */
  publish(name: string, addresses: readonly string[]): void {
    this.#addresses.set(name, addresses);
  }

  /** Nothing is asked for under this name any more. */
  release(name: string): void {
    const flows = this.wanted().filter((flow) => flow.name === name);
    this.#asks.delete(name);
    this.#addresses.delete(name);
    this.#released.set(name, flows);
  }

  /** What shall get through at published addresses. */
  wanted(): readonly Flow[] {
    return [...this.#asks.values()].flatMap((ask) => this.#flows(ask, ask.from ?? ["Internet"]));
  }

  /** Whether anything shall be kept out anywhere. */
  get keepOut(): boolean {
    return [...this.#asks.values()].some(({ notFrom = [] }) => notFrom.length > 0);
  }

  /** What shall be kept out at published addresses. */
  unwanted(): readonly Flow[] {
    return [...this.#asks.values()].flatMap((ask) => this.#flows(ask, ask.notFrom ?? []));
  }

  /**
   * What shall be kept out at an address that was published for nobody: what every ask that waits for its first
   * address keeps out of the port.
   */
  unwantedAt(address: string): readonly Flow[] {
    if ([...this.#addresses.values()].some((addresses) => addresses.includes(address))) return [];
    const waiting = [...this.#asks.values()].filter(({ name }) => (this.#addresses.get(name) ?? []).length === 0);
    return waiting.flatMap((ask) =>
      flowsAt(ask, ask.notFrom ?? [], address).filter(({ packet }) =>
        waiting.every((other) => !hasPort(other, packet) || (other.notFrom ?? []).includes(packet.source)),
      ),
    );
  }

  /** What was asked for once and is not any more: nothing of it shall get through in the end. */
  released(): readonly Flow[] {
    const wanted = new Set(this.wanted().map(({ packet }) => targetOf(packet)));
    return [...this.#released.values()].flat().filter(({ packet }) => !wanted.has(targetOf(packet)));
  }

  #flows(ask: Ask, sources: readonly string[]): readonly Flow[] {
    return (this.#addresses.get(ask.name) ?? []).flatMap((address) => flowsAt(ask, sources, address));
  }
}

function flowsAt({ name, ports }: Ask, sources: readonly string[], destination: string): readonly Flow[] {
  return ports.flatMap(({ port, protocol = "Tcp" }) =>
    sources.map((source) => {
      const packet = { source, destination, port, protocol };
      return { name, packet, key: `${name} ${source} ${targetOf(packet)}` };
    }),
  );
}

function hasPort({ ports }: Ask, packet: Packet): boolean {
  return ports.some(({ port, protocol = "Tcp" }) => port === packet.port && protocol === (packet.protocol ?? "Tcp"));
}

function targetOf({ destination, port, protocol = "Tcp" }: Packet): string {
  return `${destination} ${port} ${protocol}`;
}
