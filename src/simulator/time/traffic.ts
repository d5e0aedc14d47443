import { type ChannelListener, subscribe, unsubscribe } from "node:diagnostics_channel";
import { JOIN_PATH, PARK_PATH, PARTICIPANT_HEADER } from "../http/barrier-protocol.ts";

/** What is known of one request, whichever client sends it. */
export interface Sending {
  /** `127.0.0.1:8080` */
  readonly host: string;
  readonly path: string;
  /** Adds a header before it is sent. */
  readonly mark: (name: string, value: string) => void;
}

/** What a {@link Traffic} tells and is told. */
export interface TrafficParts {
  readonly participant: string;
  /** Ports of the simulator. */
  readonly ports: readonly number[];
  /** An answer says what time it is. */
  readonly onTime: (nowMs: number) => void;
  /** A request was sent or has ended. */
  readonly onChange: () => void;
}

/** A request under way. */
interface Flight {
  /** Undefined for one to somebody else, whose answer time stands still for. */
  readonly number: number | undefined;
  sent: boolean;
}

/**
 * The requests of this process: those to the simulator are numbered and marked, so that both sides can say which are
 * under way; those to anybody else are counted.
 *
 * It sees what goes through Node's `http` and `https`, undici and `fetch`, which tell of their requests by channels.
 */
export class Traffic {
  readonly #parts: TrafficParts;
  readonly #flights = new Map<object, Flight>();
  #last = 0;
  #elsewhere = 0;
  #connecting = 0;
  readonly #listeners: readonly (readonly [string, ChannelListener])[];

  /** @param sources - the channels to listen to. */
  constructor(parts: TrafficParts, sources: (traffic: Traffic) => readonly (readonly [string, ChannelListener])[]) {
    this.#parts = parts;
    this.#listeners = sources(this);
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  /** The highest number of a request so far. */
  get last(): number {
    return this.#last;
  }

  /** Numbers of requests that the simulator has, or is about to get, ascending. */
  get open(): readonly number[] {
    const flights = [...this.#flights.values()];
    return flights
      .flatMap(({ number, sent }) => (sent && number !== undefined ? [number] : []))
      .toSorted((a, b) => a - b);
  }

  /** Whether somebody else has a request of ours, or a connection is being made. */
  get busy(): boolean {
    return this.#elsewhere > 0 || this.#connecting > 0;
  }

  /** A request was made; it may have to wait for a connection. */
  begin(key: object, sending: Sending): void {
    const [path = ""] = sending.path.split("?");
    if (path === JOIN_PATH || path === PARK_PATH) return;
    const ours = this.#isSimulator(sending.host) && !/^\/simulator(\/|$)/i.test(path);
    const number = ours ? ++this.#last : undefined;
    if (number === undefined) this.#elsewhere++;
    else sending.mark(PARTICIPANT_HEADER, `${this.#parts.participant};${number}`);
    this.#flights.set(key, { number, sent: false });
  }

  /** A request has got its connection. */
  send(key: object): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    flight.sent = true;
    this.#parts.onChange();
  }

  /**
   * The head of an answer has come.
   *
   * @param isWhole - whether the body says how long it is. An answer of somebody else that does not may be a stream that
   *   never ends, so it counts as arrived.
   */
  answer(key: object, nowHeader: string | undefined, isWhole: boolean): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    if (flight.number === undefined && !isWhole) this.end(key);
    else if (flight.number !== undefined && nowHeader !== undefined) this.#parts.onTime(Number(nowHeader));
  }

  /** A request has got its whole answer, or never will. Idempotent. */
  end(key: object): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    this.#flights.delete(key);
    if (flight.number === undefined) this.#elsewhere--;
    this.#parts.onChange();
  }

  /** @param by - 1 when somebody begins to connect, -1 when the connection is there or has failed. */
  connecting(by: 1 | -1): void {
    this.#connecting = Math.max(0, this.#connecting + by);
    this.#parts.onChange();
  }

  /** Sees nothing from now on. */
  stop(): void {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
  }

  #isSimulator(host: string): boolean {
    const [, name = "", port = ""] = /^(.*):(\d+)$/.exec(host) ?? [];
    return ["127.0.0.1", "localhost", "[::1]"].includes(name) && this.#parts.ports.includes(Number(port));
  }
}
