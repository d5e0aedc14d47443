import type { Answer, Exchange, Interceptor, Spoiling, Verdict } from "../http/exchange.ts";
import { FAULT_CATALOGUE, type FaultName } from "./faults/catalogue.ts";
import type { FaultRow, FaultStage, OperationRowEnd } from "./faults/fault-row.ts";
import { type FaultTarget, Matcher } from "./faults/fault-target.ts";
import type { Phases } from "./faults/phases.ts";
import { Lottery, type SeededFaults } from "./faults/seeded.ts";
import { type FaultWorld, strike } from "./faults/strike.ts";
import type { JsonObject } from "./json.ts";
import { Occurrences } from "./occurrences.ts";

/** A request that goes wrong. */
export interface RequestFault extends FaultTarget {
  /** Before anything, past the front door's checks, or after its effect is in. */
  readonly at: FaultStage;
  /** Another answer, a connection that spoils the simulator's own, one cut without an answer, or no answer ever. */
  readonly with: Answer | { readonly spoiling: Spoiling } | "reset" | "hang";
}

/** A write that is accepted and whose operation ends badly. */
export interface OperationFault extends FaultTarget {
  readonly status: "Failed" | "Canceled";
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly { readonly code: string; readonly message: string }[];
}

/** Where a catalogued fault strikes. What is absent is as the catalogue has it. */
export interface CatalogueTarget extends Partial<FaultTarget> {
  readonly at?: FaultStage;
  /** `Retry-After`, seconds. */
  readonly retryAfterSeconds?: number;
  /** What the fault's words are about: the id of another resource, a property. */
  readonly about?: string;
}

/** A fault that was set. */
export interface SetFault {
  /** How often it has happened. */
  fired(): number;
  /** Takes it away. */
  remove(): void;
}

/** How an operation is to end that a fault was set on. `Never`: it runs until another one ends it. */
export type BadEnd =
  | { readonly status: "Failed" | "Canceled"; readonly error: JsonObject }
  | { readonly status: "Never" };

/** Says how the operation of an accepted write ends; `undefined` lets it end well. */
type EndJudge = (method: string, path: string) => BadEnd | undefined;

/** What {@link Faults} need. */
export interface FaultsParts {
  /** Adds an interceptor to the simulator's sockets and returns what removes it. */
  readonly intercept: (interceptor: Interceptor) => () => void;
  readonly phases: Phases;
  readonly world: FaultWorld;
  /** The simulator's seed. */
  readonly seed: string;
}

/** Faults: scripted ones count the requests that match, so that a script says "the second PUT of this balancer". */
export class Faults {
  readonly #parts: FaultsParts;
  readonly #ends = new Set<EndJudge>();

  constructor(parts: FaultsParts) {
    this.#parts = parts;
  }

  /** Lets a request go wrong. */
  script(fault: RequestFault): SetFault {
    const verdict: Verdict =
      typeof fault.with === "object" && "status" in fault.with ? { answer: fault.with } : fault.with;
    return this.#onRequests(new Matcher(fault), ({ stage }, matches) =>
      stage === fault.at && matches() ? verdict : undefined,
    );
  }

  /** Lets the operation of an accepted write end `Failed` or `Canceled`. */
  failOperation(fault: OperationFault): SetFault {
    const { status, code, message, details } = fault;
    const text = message ?? (status === "Failed" ? "The operation failed." : "Operation was canceled.");
    const error = { code, message: text, details: (details ?? []).map((detail) => ({ ...detail })) };
    return this.#onOperations(new Matcher(fault), { status, error });
  }

  /**
   * Sets a fault of the catalogue by its name, such as `F12`.
   *
   * @param target - where it strikes; the first request of the methods and paths that the catalogue names when empty.
   */
  catalogue(name: FaultName, target: CatalogueTarget = {}): SetFault {
    const row: FaultRow = FAULT_CATALOGUE[name];
    const matcher = new Matcher({ ...target, path: target.path ?? row.path ?? "" }, row.methods);
    if (row.effect.kind === "operation") return this.#onOperations(matcher, row.effect.end);
    const at = target.at ?? row.at ?? "received";
    const { about, retryAfterSeconds } = target;
    const previous = new Map<string, Answer>();
    return this.#onRequests(matcher, ({ stage, request, answer }, matches) => {
      const before = previous.get(request.url.href);
      if (answer !== undefined && stage === "committed") previous.set(request.url.href, answer);
      if (stage !== at || !matches()) return undefined;
      return strike({ row, request, answer, previous: before, about, retryAfterSeconds }, this.#parts.world);
    });
  }

  /**
   * Lets a share of all requests go wrong. What goes wrong follows from the seed, the method, the path and how often they
   * were seen together, never from the order in which sockets deliver.
   */
  seeded(faults: SeededFaults): SetFault {
    const lottery = new Lottery(faults, faults.seed ?? this.#parts.seed);
    const seen = new Occurrences();
    const drawn = new WeakMap<object, ReturnType<Lottery["request"]>>();
    let fired = 0;
    const stopRequests = this.#parts.intercept(({ stage, request, answer }) => {
      const { method, url } = request;
      const path = url.pathname;
      const key = `${method} ${path.toLowerCase()}`;
      if (stage === "received") drawn.set(request, lottery.request(method, path, seen.next(key)));
      const fault = drawn.get(request);
      if (fault === undefined || fault.at !== stage) return undefined;
      fired++;
      return strike({ row: fault.row, request, answer, previous: undefined }, this.#parts.world);
    });
    const judge: EndJudge = (method, path) => {
      const effect = lottery.operation(method, path, seen.next(`end ${method} ${path.toLowerCase()}`))?.effect;
      if (effect?.kind !== "operation") return undefined;
      fired++;
      return endOf(effect.end);
    };
    this.#ends.add(judge);
    const remove = (): void => {
      stopRequests();
      this.#ends.delete(judge);
    };
    return { fired: () => fired, remove };
  }

  /** The end that was set for the operation of this accepted write, if one was. Counts the write. */
  endOf(method: string, path: string): BadEnd | undefined {
    return [...this.#ends].map((judge) => judge(method, path)).find((end) => end !== undefined);
  }

  #onRequests(matcher: Matcher, judge: (exchange: Exchange, matches: () => boolean) => Verdict | undefined): SetFault {
    const { phases } = this.#parts;
    const remove = this.#parts.intercept((exchange) => {
      const addressed = matcher.phased
        ? phases.address(exchange)
        : { method: exchange.request.method, path: exchange.request.url.pathname };
      return judge(exchange, () => matcher.hits(addressed));
    });
    return { fired: () => matcher.fired, remove };
  }

  #onOperations(matcher: Matcher, end: OperationRowEnd): SetFault {
    const judge: EndJudge = (method, path) => (matcher.hits({ method, path }) ? endOf(end) : undefined);
    this.#ends.add(judge);
    return { fired: () => matcher.fired, remove: () => void this.#ends.delete(judge) };
  }
}

function endOf(end: OperationRowEnd): BadEnd {
  return end.status === "Never" ? end : { status: end.status, error: end.error };
}
