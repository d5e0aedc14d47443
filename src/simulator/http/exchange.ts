import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** One request as a simulator sees it: the body read to its end, the URL made absolute. */
export interface SimulatedRequest {
  /** Counts up from 1 for each listener pair: the order of arrival. */
  readonly number: number;
  /** Upper case. */
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** As received; empty when there is none. */
  readonly body: string;
  /** The body before it was read as text, for clients that send protobuf; absent in requests made by hand. */
  readonly bytes?: Uint8Array;
  /** Aborts when the client goes away or the simulator closes. */
  readonly signal: AbortSignal;
}

/** What a simulator answers. A body that is an object goes out as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
  /** Takes over the response after status and headers were set: watches. Returns when the stream has ended. */
  readonly stream?: (response: ServerResponse) => Promise<void>;
  /** The request carried a secret: the journal keeps no body of it and does not count it among the writes. */
  readonly confidential?: true;
}

/** Who keeps the time of the processes that send the requests. */
export interface Timekeeper {
  /** Does the work of one request, from its arrival until its answer has left. */
  attend(headers: IncomingHttpHeaders, work: () => Promise<void>): Promise<void>;
  /** Headers of the answer to a request with these `headers`; asked for when it leaves. */
  stamp(headers: IncomingHttpHeaders): Readonly<Record<string, string>>;
}

/**
 * Where a request stands: nothing done yet; past the front door's checks (ARM only); its effect is in but the client does
 * not know; the answer has left.
 */
export type Stage = "received" | "admitted" | "committed" | "answered";

/** One request at one stage, as an {@link Interceptor} sees it. */
export interface Exchange {
  readonly stage: Stage;
  readonly request: SimulatedRequest;
  /** The simulator's answer, from stage `committed` on. */
  readonly answer?: Answer;
}

/**
 * What a connection does to an answer.
 *
 * - `slow`: pieces of `bytes` (1 or more), `everyMs` milliseconds of the simulator's clock between them.
 * - `truncated`: `Content-Length` tells of the whole, the connection ends after `bytes`, or half of it.
 * - `half-open`: the answer arrives, then the connection is dead without a word: what is sent on it later is never answered.
 */
export type Spoiling =
  | { readonly kind: "slow"; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: "truncated"; readonly bytes: number }
  | { readonly kind: "half-open" };

/**
 * What an interceptor makes of an exchange: another answer, an answer that the connection spoils (the simulator's own one
 * if it says none), a connection cut without one, or no answer ever.
 */
export type Verdict =
  | { readonly answer: Answer; readonly spoiling?: Spoiling }
  | { readonly answer?: undefined; readonly spoiling: Spoiling }
  | "reset"
  | "hang";

/**
 * Looks at every exchange at each of its stages and may change its fate; `undefined` lets it pass.
 * A verdict at stage `received` or `admitted` keeps the request from having any effect, unless it only spoils the answer;
 * at `answered` it is too late for one.
 */
export type Interceptor = (exchange: Exchange) => Promise<Verdict | undefined> | Verdict | undefined;
