import { Agent, type Dispatcher, request } from "undici";
import { abortReason, type Clock } from "../../base/clock.ts";
import { ApiError, apiErrorFrom, type StatusBody } from "./api-error.ts";

/** Where an API server is and how to be let in. */
export interface ConnectionSettings {
  /** `https://host:port` or `http://host:port`; a path is kept as a prefix. */
  readonly server: string;
  /** Headers that authenticate, asked for before every request so that a rotated token is seen. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
  /** Handed to Node's TLS as it is: `ca`, `cert`, `key`, `servername`, `rejectUnauthorized`. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /** Sent with each request; shows in audit logs. */
  readonly userAgent?: string;
}

/** One request to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root: `/api/v1/services`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Media type of the body; `application/json` when absent. */
  readonly contentType?: string;
}

/** Longest that one attempt at a call may take, answer read. */
const CALL_DEADLINE_MS = 30_000;

/** How often a call is sent again when the server asks for patience. */
const MAX_RETRIES = 10;

/** Wait before a read whose connection broke is sent again. */
const BROKEN_READ_WAIT_MS = 1000;

/** Sockets to one server; watches hold one each. */
const MAX_SOCKETS = 32;

/**
 * A pooled, authenticated way to one API server. HTTP/1.1 on purpose: over HTTP/2 one stuck connection would hold up
 * every call and watch at once.
 */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #clock: Clock;
  readonly #pool: Dispatcher;
  readonly #dead = new AbortController();

  constructor(settings: ConnectionSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#pool = new Agent({
      connect: { ...settings.tls, keepAlive: true, keepAliveInitialDelay: 30_000 },
      allowH2: false,
      connections: MAX_SOCKETS,
      headersTimeout: 0, // deadlines are ours, by the clock
      bodyTimeout: 0,
    });
  }

  /** `https://host:port` of the server. */
  get server(): string {
    return this.#settings.server;
  }

  /**
   * Sends a request and reads its answer. Answers 429 and 5xx that carry `Retry-After` are waited out, up to 10 times;
   * reads also survive broken connections.
   *
   * @param signal - ends waiting and reading at once. A write that was sent is not torn down: its answer is awaited, up to
   *   the deadline of 30 seconds, because a cut would leave its effect unknown.
   * @returns the parsed JSON body.
   * @throws ApiError for every refusal and failure.
   */
  async call(what: ApiRequest, signal: AbortSignal): Promise<unknown> {
    for (let retries = 0; ; retries++) {
      try {
        return await this.#attempt(what, signal);
      } catch (error) {
        const waitMs = retries < MAX_RETRIES ? waitBeforeRetry(what, error) : undefined;
        if (waitMs === undefined || signal.aborted || this.#dead.signal.aborted) throw error;
        await this.#clock.sleep(waitMs, AbortSignal.any([signal, this.#dead.signal]));
      }
    }
  }

  /**
   * Opens a watch: sends the request, and hands out the body while it arrives. The headers must come within 30 seconds.
   *
   * @throws ApiError when the server refuses or cannot be reached.
   */
  async open(what: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const deadline = this.#deadline();
    try {
      const answer = await this.#clock.during(this.#send(what, AbortSignal.any([signal, deadline.signal])));
      if (answer.statusCode !== 200) throw await this.#clock.during(refusal(answer));
      return answer.body;
    } catch (error) {
      throw asApiError(error, what, signal);
    } finally {
      deadline.cancel();
    }
  }

  /** Cuts every socket at once, in the middle of whatever they carry, and refuses everything from now on. Idempotent. */
  kill(): void {
    this.#dead.abort(new Error("the connection was closed"));
    this.#pool.destroy().catch(() => {}); // rejects when called twice
  }

  async #attempt(what: ApiRequest, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) throw abortReason(signal);
    const deadline = this.#deadline();
    const signals = what.method === "GET" ? [signal, deadline.signal] : [deadline.signal];
    try {
      return await this.#clock.during(this.#exchange(what, AbortSignal.any(signals)));
    } catch (error) {
      throw asApiError(error, what, signal);
    } finally {
      deadline.cancel();
    }
  }

  async #exchange(what: ApiRequest, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#send(what, signal);
    if (answer.statusCode >= 300) throw await refusal(answer);
    return await answer.body.json();
  }

  async #send(what: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { server, headers, userAgent = "azure-ccm" } = this.#settings;
    const query = what.query === undefined ? "" : `?${new URLSearchParams(what.query).toString()}`;
    const credentials = (await headers?.()) ?? {};
    this.#dead.signal.throwIfAborted();
    return await request(`${server.replace(/\/$/, "")}${what.path}${query}`, {
      dispatcher: this.#pool,
      method: what.method,
      headers: {
        ...credentials,
        accept: "application/json",
        "user-agent": userAgent,
        ...(what.body && { "content-type": what.contentType ?? "application/json" }),
      },
      ...(what.body && { body: JSON.stringify(what.body) }),
      signal,
    });
  }

  #deadline(): { readonly signal: AbortSignal; readonly cancel: () => void } {
    const late = new AbortController();
    const reason = new Error(`no answer within ${CALL_DEADLINE_MS / 1000} seconds`);
    return { signal: late.signal, cancel: this.#clock.schedule(CALL_DEADLINE_MS, () => late.abort(reason)) };
  }
}

async function refusal(answer: Dispatcher.ResponseData): Promise<ApiError> {
  const text = await answer.body.text();
  const retryAfter = Number(answer.headers["retry-after"] ?? Number.NaN);
  return apiErrorFrom(answer.statusCode, parsed(text), Number.isFinite(retryAfter) ? retryAfter : undefined);
}

function parsed(text: string): StatusBody | string {
  try {
    return JSON.parse(text) as StatusBody;
  } catch {
    return text;
  }
}

function waitBeforeRetry({ method }: ApiRequest, error: unknown): number | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 0) return method === "GET" ? BROKEN_READ_WAIT_MS : undefined;
  return error.status === 429 || error.status >= 500 ? error.retryAfterMs : undefined;
}

function asApiError(error: unknown, { method, path }: ApiRequest, signal: AbortSignal): unknown {
  if (error instanceof ApiError || signal.aborted) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ApiError(0, `${method} ${path}: ${text}`, { cause: error });
}
