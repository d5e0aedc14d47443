import type { Answer, SimulatedRequest, Verdict } from "../../http/exchange.ts";
import type { FaultContext, FaultRow, Refusal } from "./fault-row.ts";
import { fillRefusal } from "./fill.ts";

/** What faults need of the simulator they live in. */
export interface FaultWorld {
  readonly tenantId: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Adds the headers that every answer of ARM has. */
  complete(request: SimulatedRequest, answer: Answer): Answer;
  /** Puts a resource into state Failed, if it is there. */
  failResource(id: string): void;
}

/** A fault about to happen to a request. */
export interface Strike {
  readonly row: FaultRow;
  readonly request: SimulatedRequest;
  /** The simulator's own answer, at stage `committed`. */
  readonly answer: Answer | undefined;
  /** What the same URL was answered the time before. */
  readonly previous: Answer | undefined;
  readonly about?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Lets a fault happen. Ends of operations are no matter of requests: for them nothing happens here. */
export function strike(blow: Strike, world: FaultWorld): Verdict | undefined {
  const { row, request, answer } = blow;
  const { effect } = row;
  switch (effect.kind) {
    case "refuse":
      return { answer: world.complete(request, fillRefusal(refusalFor(effect, request), contextOf(blow, world))) };
    case "cut":
      return effect.fate;
    case "spoil":
      return { spoiling: effect.spoiling };
    case "rewrite":
      return answer === undefined ? undefined : { answer: effect.rewrite(answer, contextOf(blow, world)) };
    case "fail-resource":
      world.failResource(request.url.pathname);
      return undefined;
    case "operation":
      return undefined;
  }
}

/** Each provider has its own words. */
function refusalFor(
  { refusal, compute }: Extract<FaultRow["effect"], { readonly kind: "refuse" }>,
  request: SimulatedRequest,
): Refusal {
  const isCompute = request.url.pathname.toLowerCase().includes("/providers/microsoft.compute/");
  return isCompute ? (compute ?? refusal) : refusal;
}

function contextOf({ request, previous, about, retryAfterSeconds }: Strike, world: FaultWorld): FaultContext {
  return {
    id: request.url.pathname,
    method: request.method,
    url: request.url,
    about: about ?? "",
    retryAfterSeconds,
    nowMs: world.now(),
    tenantId: world.tenantId,
    previous,
  };
}
