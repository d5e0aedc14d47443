import type { Answer, SimulatedRequest } from "../http/exchange.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** Answers a request on one path of the control surface. */
export type ControlHandler = (request: SimulatedRequest) => Promise<Answer> | Answer;

/** What the simulator can be asked beside ARM: paths below `/simulator`, without api-version and without token. */
export class ControlSurface {
  readonly #handlers = new Map<string, ControlHandler>();

  /** Serves a method and a path such as `/simulator/reach`. */
  on(method: string, path: string, handler: ControlHandler): void {
    this.#handlers.set(`${method} ${path}`, handler);
  }

  /** Whether the request is none of ARM's. */
  owns({ url }: SimulatedRequest): boolean {
    return /^\/simulator(\/|$)/i.test(url.pathname);
  }

  /** Answers a request that {@link owns} has claimed. */
  async handle(request: SimulatedRequest): Promise<Answer> {
    const path = request.url.pathname.replace(/\/$/, "").toLowerCase();
    const handler = this.#handlers.get(`${request.method} ${path}`);
    if (handler !== undefined) return handler(request);
    const known = [...this.#handlers.keys()].toSorted().join(", ");
    return refused(404, "NotFound", `${request.method} ${path} is not served; the control surface has ${known}`);
  }
}

/** The JSON object that a request carries; `undefined` when it carries something else. */
export function controlBody({ body }: SimulatedRequest): JsonObject | undefined {
  try {
    const parsed = JSON.parse(body === "" ? "{}" : body) as Json;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** A refusal by the control surface. */
export function refused(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
