import { Agent, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { type Claim, JOIN_PATH, PARK_PATH, type Tick, type Welcome } from "../http/barrier-protocol.ts";

/** What comes from the other side. */
export interface BarrierEvents {
  readonly onTick: (tick: Tick) => void;
  /** The simulator has gone, or does not take us any more. Not called after {@link BarrierClient.close}. */
  readonly onLost: (reason: Error) => void;
}

/** This process's way to the barrier of a simulator: one connection that says when time moves, one that parks. */
export class BarrierClient {
  readonly #endpoint: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #lines: IncomingMessage;
  readonly #events: BarrierEvents;
  #closed = false;
  #keepsAlive = true;

  private constructor(endpoint: string, lines: IncomingMessage, events: BarrierEvents) {
    this.#endpoint = endpoint;
    this.#lines = lines;
    this.#events = events;
    lines.once("close", () => this.#lost(new Error(`the simulator at ${endpoint} has ended its time`)));
    lines.on("error", () => {}); // `close` follows
  }

  /**
   * Joins.
   *
   * @throws Error when nobody is there, or its time is not to be shared.
   */
  static async join(
    endpoint: string,
    name: string,
    events: BarrierEvents,
  ): Promise<{ readonly client: BarrierClient; readonly welcome: Welcome }> {
    const lines = await post(`${endpoint}${JOIN_PATH}`, { name });
    if (lines.statusCode !== 200) throw new Error(`${endpoint} does not share its time: ${await textOf(lines)}`);
    const { promise: welcome, resolve: welcomed, reject } = Promise.withResolvers<Welcome>();
    lines.once("close", () => reject(new Error(`${endpoint} has hung up`)));
    let take = (line: string): void => {
      welcomed(JSON.parse(line) as Welcome);
      take = (next) => events.onTick(JSON.parse(next) as Tick);
    };
    eachLine(lines, (line) => take(line));
    return { welcome: await welcome, client: new BarrierClient(endpoint, lines, events) };
  }

  /** Says that nothing goes on here. */
  park(claim: Claim): void {
    const sent = (socket: Socket): void => this.#hold(socket);
    post(`${this.#endpoint}${PARK_PATH}`, claim, { agent: this.#agent, sent }).then(
      async (answer) => {
        if (answer.statusCode === 204) answer.resume();
        else this.#lost(new Error(`not taken: ${await textOf(answer)}`));
      },
      (error: Error) => this.#lost(error),
    );
  }

  /** Whether the connection keeps this process alive. */
  keepAlive(on: boolean): void {
    this.#keepsAlive = on;
    this.#hold(this.#lines.socket);
  }

  /** Leaves. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#lines.destroy();
    this.#agent.destroy();
  }

  #hold(socket: Socket): void {
    if (this.#keepsAlive) socket.ref();
    else socket.unref();
  }

  #lost(reason: Error): void {
    if (this.#closed) return;
    this.close();
    this.#events.onLost(reason);
  }
}

interface Posting {
  readonly agent?: Agent;
  /** Told of the connection that takes it. */
  readonly sent?: (socket: Socket) => void;
}

function post(url: string, body: object, { agent, sent = () => {} }: Posting = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { "content-type": "application/json" }, ...(agent && { agent }) };
    request(url, options, resolve).on("error", reject).on("socket", sent).end(JSON.stringify(body));
  });
}

function eachLine(answer: IncomingMessage, take: (line: string) => void): void {
  let rest = "";
  answer.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
