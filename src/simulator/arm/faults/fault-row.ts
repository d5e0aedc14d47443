import type { Answer, Spoiling } from "../../http/exchange.ts";
import type { Json, JsonObject } from "../json.ts";

/** Where in a request's life a fault strikes: before anything, past the front door's checks, or after its effect is in. */
export type FaultStage = "received" | "admitted" | "committed";

/** What a fault knows of the request it strikes. */
export interface FaultContext {
  /** Path of the request. */
  readonly id: string;
  readonly method: string;
  readonly url: URL;
  /** What the fault's target says it is about: another resource, a property. Empty when it says nothing. */
  readonly about: string;
  /** Seconds for `Retry-After`; `undefined` sends none. */
  readonly retryAfterSeconds: number | undefined;
  readonly nowMs: number;
  readonly tenantId: string;
  /** The answer that the same URL got the time before. */
  readonly previous: Answer | undefined;
}

/** An answer as data. `{id}`, `{name}` and so on in its texts are filled in from the request: see `fill.ts`. */
export interface Refusal {
  readonly status: number;
  readonly body: Json;
  /** Seconds; the target may say another number. */
  readonly retryAfterSeconds?: number;
  /** `Retry-After` goes out as a date. */
  readonly asDate?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How an operation ends. `Never`: it runs for good. */
export type OperationRowEnd =
  | { readonly status: "Failed" | "Canceled"; readonly error: JsonObject }
  | { readonly status: "Never" };

/** What a fault does. */
export type Effect =
  /** Another answer; `compute` for paths of that provider. */
  | { readonly kind: "refuse"; readonly refusal: Refusal; readonly compute?: Refusal }
  | { readonly kind: "cut"; readonly fate: "reset" | "hang" }
  | { readonly kind: "spoil"; readonly spoiling: Spoiling }
  /** The simulator's own answer, changed. */
  | { readonly kind: "rewrite"; readonly rewrite: (answer: Answer, context: FaultContext) => Answer }
  /** The write is accepted; its operation ends so. */
  | { readonly kind: "operation"; readonly end: OperationRowEnd }
  /** The resource is found in state Failed. */
  | { readonly kind: "fail-resource" };

/** One row of the catalogue. */
export interface FaultRow {
  /** What happens, in a few words. */
  readonly title: string;
  /** Methods it can strike, upper case; all when absent. */
  readonly methods?: readonly string[];
  /** Paths it strikes when the target names none. */
  readonly path?: RegExp;
  /** Default stage; `received` when absent. */
  readonly at?: FaultStage;
  readonly effect: Effect;
}

/** Methods that change something. */
export const WRITES: readonly string[] = ["PUT", "PATCH", "POST", "DELETE"];

/** A refusal by ARM's front door: code and message, `x-ms-failure-cause: gateway`. */
export function gateway(status: number, code: string, message: string, more: Partial<Refusal> = {}): Refusal {
  const headers = { "x-ms-failure-cause": "gateway", ...more.headers };
  return { status, body: { error: { code, message } }, ...more, headers };
}

/** A refusal by the network provider, which always prints `details`. */
export function network(
  status: number,
  code: string,
  message: string,
  more: Partial<Refusal> & { readonly details?: readonly JsonObject[] } = {},
): Refusal {
  const { details = [], ...rest } = more;
  return { status, body: { error: { code, message, details } }, ...rest };
}

/** A refusal by the compute provider. @param extra - members of the error beside code and message. */
export function compute(
  status: number,
  code: string,
  message: string,
  more: Partial<Refusal> & { readonly extra?: JsonObject } = {},
): Refusal {
  const { extra = {}, ...rest } = more;
  return { status, body: { error: { code, message, ...extra } }, ...rest };
}

/** A row that refuses. */
export function refuse(title: string, refusal: Refusal, more: Partial<FaultRow> = {}): FaultRow {
  return { title, ...more, effect: { kind: "refuse", refusal } };
}

/** A row that changes the simulator's own answer. */
export function rewritten(
  title: string,
  rewrite: Extract<Effect, { readonly kind: "rewrite" }>["rewrite"],
  more: Partial<FaultRow> = {},
): FaultRow {
  return { title, at: "committed", ...more, effect: { kind: "rewrite", rewrite } };
}

/** A row that ends the operation of an accepted write. */
export function ending(title: string, end: OperationRowEnd, more: Partial<FaultRow> = {}): FaultRow {
  return { title, methods: WRITES, ...more, effect: { kind: "operation", end } };
}
