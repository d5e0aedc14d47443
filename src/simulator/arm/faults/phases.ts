import type { Exchange, SimulatedRequest } from "../../http/exchange.ts";
import type { Operations } from "../operations.ts";
import type { Addressed } from "./fault-target.ts";

const POLL = /\/locations\/[^/]+\/(?:operations|operationresults|diskoperations)\/([^/]+)$/i;

/** Tells polls and final GETs from other requests. */
export class Phases {
  readonly #operations: Operations;
  readonly #known = new WeakMap<SimulatedRequest, Addressed>();
  /** Paths of resources, lower case, whose operation was seen to have ended and that were not read since. */
  readonly #ended = new Set<string>();

  constructor(operations: Operations) {
    this.#operations = operations;
  }

  /** The request as targets see it: the same at each stage. Call it at every stage, so that ends are noticed. */
  address({ request, stage }: Exchange): Addressed {
    const known = this.#known.get(request);
    const addressed = known ?? this.#read(request);
    if (known === undefined) this.#known.set(request, addressed);
    if (stage === "committed" && addressed.phase === "poll") this.#notice(request.url.pathname);
    return addressed;
  }

  #read({ method, url: { pathname: path } }: SimulatedRequest): Addressed {
    if (method !== "GET") return { method, path };
    const about = this.#operationOf(path)?.about;
    if (about !== undefined) return { method, path, phase: "poll", about };
    return this.#ended.delete(path.toLowerCase()) ? { method, path, phase: "finalGet" } : { method, path };
  }

  #notice(path: string): void {
    const operation = this.#operationOf(path);
    if (operation?.about !== undefined && operation.end !== undefined) this.#ended.add(operation.about.toLowerCase());
  }

  #operationOf(path: string): ReturnType<Operations["find"]> {
    return this.#operations.find(POLL.exec(path)?.[1] ?? "");
  }
}
