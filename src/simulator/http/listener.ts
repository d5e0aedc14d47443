import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { makeCertificate } from "./certificate.ts";
import type { Answer, Interceptor, SimulatedRequest, Spoiling, Stage, Timekeeper, Verdict } from "./exchange.ts";
import type { Journal } from "./journal.ts";
import { sendAnswer } from "./sending.ts";

/** What a listener serves and how it tells about it. */
export interface ListenerOptions {
  /** Looked up for each request: it may be another one after {@link Listener.cut}. */
  readonly clock: Clock;
  readonly journal: Journal;
  /** Also listen on https, with a certificate for localhost from a CA of its own. Costs some 50 ms. */
  readonly tls: boolean;
  /** Loopback ports to listen on; the system chooses where there is none, or 0. */
  readonly ports?: { readonly http?: number | undefined; readonly https?: number | undefined };
  /** Who looks at every exchange, in order; looked up for each. {@link Listener.intercept} adds to it. */
  readonly interceptors?: Set<Interceptor>;
  /** Requests that are none of a client's: no interceptor sees them, and no journal has them. */
  readonly exempt?: (request: SimulatedRequest) => boolean;
  /** Keeps time with the clients; looked up for each request. */
  readonly timekeeper?: Timekeeper | undefined;
  /** @param admitted - to be awaited once before the request takes effect; rejects when an interceptor ends it there. */
  readonly handle: (request: SimulatedRequest, admitted: () => Promise<void>) => Promise<Answer>;
}

/** A simulator's sockets: always on loopback. */
export interface Listener {
  /** `http://127.0.0.1:PORT` */
  readonly httpUrl: string;
  /** `https://localhost:PORT`; undefined without TLS. */
  readonly httpsUrl: string | undefined;
  /** PEM of the CA that signed the https certificate; undefined without TLS. */
  readonly ca: string | undefined;
  /** Adds an interceptor; they are asked in order, the first verdict wins. Returns the function that removes it. */
  intercept(interceptor: Interceptor): () => void;
  /** Cuts the connection of every request that has not been answered; none of them gets into the journal. */
  cut(): void;
  /** Cuts every connection and frees the ports. Idempotent. */
  close(): Promise<void>;
}

/** Opens the sockets. @throws Error when a port is taken. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const exchanges = new Exchanges(options);
  const http = createHttpServer((request, response) => void exchanges.attend(request, response));
  const httpPort = await open(http, options.ports?.http);
  const certificate = options.tls ? await makeCertificate() : undefined;
  const https =
    certificate && createHttpsServer(certificate, (request, response) => void exchanges.attend(request, response));
  const httpsPort = https && (await openBeside(http, https, options.ports?.https));
  const servers: Server[] = https === undefined ? [http] : [http, https];
  return {
    httpUrl: `http://127.0.0.1:${httpPort}`,
    httpsUrl: httpsPort === undefined ? undefined : `https://localhost:${httpsPort}`,
    ca: certificate?.ca,
    intercept: (interceptor) => exchanges.intercept(interceptor),
    cut: () => exchanges.cut(),
    close: async () => {
      exchanges.close();
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** Ends a request between admission and effect. */
class Intercepted extends Error {
  override readonly name = "Intercepted";
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super("an interceptor ended the request");
    this.verdict = verdict;
  }
}

/** What leaves for the client, if anything does. */
interface Departure {
  readonly answer: Answer | undefined;
  readonly spoiling: Spoiling | undefined;
}

class Exchanges {
  readonly #options: ListenerOptions;
  readonly #own = new Set<Interceptor>();
  #closing = new AbortController();
  /** Connections that are dead although neither side has closed them. */
  readonly #dead = new WeakSet<Socket>();
  #count = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  get #interceptors(): Set<Interceptor> {
    return this.#options.interceptors ?? this.#own;
  }

  intercept(interceptor: Interceptor): () => void {
    this.#interceptors.add(interceptor);
    return () => this.#interceptors.delete(interceptor);
  }

  close(): void {
    this.#closing.abort(new Error("the simulator closed"));
  }

  cut(): void {
    this.#closing.abort(new Error("the simulator was reset"));
    this.#closing = new AbortController();
  }

  async attend(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { timekeeper } = this.#options;
    const work = (): Promise<void> => this.#serve(incoming, response);
    await (timekeeper === undefined ? work() : timekeeper.attend(incoming.headers, work));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort(new Error("the client went away")));
    response.on("error", () => {}); // a client that hangs up is no error of ours
    if (this.#dead.has(incoming.socket)) {
      incoming.resume(); // one that is not read does not tell of its end
      await this.#options.clock.parked(aborted(gone.signal));
      return;
    }
    const started = this.#options.clock.now();
    const closing = this.#closing;
    let sent: Answer | undefined;
    let request: SimulatedRequest | undefined;
    try {
      request = await this.#read(incoming, AbortSignal.any([gone.signal, closing.signal]));
      sent = await this.#answer(request, response);
    } catch {
      incoming.socket.destroy();
    }
    const isCut = closing !== this.#closing;
    if (isCut && !response.writableEnded) incoming.socket.destroy();
    if (request === undefined || isCut) return;
    this.#record(request, response, { sent, atMs: started });
  }

  async #read(incoming: IncomingMessage, signal: AbortSignal): Promise<SimulatedRequest> {
    const secure = "encrypted" in incoming.socket;
    const origin = `${secure ? "https" : "http"}://${incoming.headers.host ?? "localhost"}`;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    return {
      number: ++this.#count,
      method: (incoming.method ?? "GET").toUpperCase(),
      url: new URL(incoming.url ?? "/", origin),
      headers: incoming.headers,
      body: bytes.toString("utf8"),
      bytes,
      signal,
    };
  }

  async #answer(request: SimulatedRequest, response: ServerResponse): Promise<Answer | undefined> {
    const { answer, spoiling } = await this.#depart(request, response);
    if (answer === undefined) return undefined;
    if (spoiling?.kind === "half-open" && response.socket !== null) this.#dead.add(response.socket);
    const stamp = this.#options.timekeeper?.stamp(request.headers) ?? {};
    for (const [name, value] of Object.entries(stamp)) response.setHeader(name, value);
    await sendAnswer(answer, response, { clock: this.#options.clock, signal: request.signal, spoiling });
    await this.#judge("answered", request, answer);
    return answer;
  }

  async #depart(request: SimulatedRequest, response: ServerResponse): Promise<Departure> {
    const { clock } = this.#options;
    const early = await this.#judge("received", request);
    if (early !== undefined && ends(early))
      return await enforce(early, { clock, request, response, answer: undefined });
    const handled = await this.#handle(request);
    if (handled instanceof Intercepted) {
      return await enforce(handled.verdict, { clock, request, response, answer: undefined });
    }
    const { answer } = handled;
    if (answer === undefined) return handled;
    const spoiling = handled.spoiling ?? early?.spoiling;
    const late = await this.#judge("committed", request, answer);
    if (late === undefined) return { answer, spoiling };
    const final = await enforce(late, { clock, request, response, answer });
    return { ...final, spoiling: final.spoiling ?? spoiling };
  }

  async #handle(request: SimulatedRequest): Promise<Departure | Intercepted> {
    let spoiling: Spoiling | undefined;
    const admitted = async (): Promise<void> => {
      if (this.#interceptors.size === 0) return;
      const verdict = await this.#judge("admitted", request);
      if (verdict !== undefined && ends(verdict)) throw new Intercepted(verdict);
      spoiling = verdict?.spoiling;
    };
    try {
      const answer = await this.#options.handle(request, admitted);
      return { answer, spoiling };
    } catch (error) {
      if (error instanceof Intercepted) return error;
      throw error;
    }
  }

  async #judge(stage: Stage, request: SimulatedRequest, answer?: Answer): Promise<Verdict | undefined> {
    if (this.#options.exempt?.(request) === true) return undefined;
    for (const interceptor of this.#interceptors) {
      const verdict = await interceptor({ stage, request, ...(answer && { answer }) });
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  #record(request: SimulatedRequest, response: ServerResponse, seen: { sent: Answer | undefined; atMs: number }): void {
    if (this.#options.exempt?.(request) === true) return;
    const { method, url, body, number } = request;
    const confidential = seen.sent?.confidential === true;
    this.#options.journal.add({
      number,
      method,
      path: url.pathname,
      query: url.search,
      status: seen.sent?.status ?? 0,
      atMs: seen.atMs,
      tookMs: this.#options.clock.now() - seen.atMs,
      requestBytes: Buffer.byteLength(body),
      responseBytes: Number(response.getHeader("content-length") ?? 0),
      ...(method !== "GET" && !confidential && { body }),
      ...(confidential && { confidential }),
    });
  }
}

type OnlySpoils = Extract<Verdict, { readonly answer?: undefined }>;

/** Whether a verdict ends a request; one that only spoils the answer waits for it. */
function ends(verdict: Verdict): verdict is Exclude<Verdict, OnlySpoils> {
  return typeof verdict === "string" || verdict.answer !== undefined;
}

interface Judged {
  readonly clock: Clock;
  readonly request: SimulatedRequest;
  readonly response: ServerResponse;
  /** The simulator's own answer, once there is one. */
  readonly answer: Answer | undefined;
}

async function enforce(verdict: Verdict, { clock, request, response, answer }: Judged): Promise<Departure> {
  if (verdict === "hang") {
    await clock.parked(aborted(request.signal));
    return { answer: undefined, spoiling: undefined };
  }
  if (verdict === "reset") {
    response.socket?.resetAndDestroy();
    return { answer: undefined, spoiling: undefined };
  }
  return { answer: verdict.answer ?? answer, spoiling: verdict.spoiling };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Opens `second`; when it cannot be, `first` is closed again. */
async function openBeside(first: Server, second: Server, port: number | undefined): Promise<number> {
  try {
    return await open(second, port);
  } catch (error) {
    await closeServer(first);
    throw error;
  }
}

function open(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
