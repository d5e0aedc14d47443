import type { Answer, SimulatedRequest } from "../http/exchange.ts";
import type { AnswerHeaders } from "./answer-headers.ts";
import { ARM_VERSIONS } from "./api-versions.ts";
import { ArmError, gatewayError } from "./arm-error.ts";
import { type Call, methodNotAllowed, readCall } from "./call.ts";
import type { Engine } from "./engine.ts";
import type { Gate } from "./gate.ts";
import { wordAt } from "./json.ts";
import type { Draws, Duration } from "./latency.ts";
import { ListRoutes } from "./list-routes.ts";
import { Occurrences } from "./occurrences.ts";
import { locationAnswer, statusAnswer, unknownOperation } from "./operation-answers.ts";
import { operationOfToken } from "./operation-urls.ts";
import { type PageSizes, pageOf } from "./paging.ts";
import { findType, findView } from "./registry.ts";
import { type OperationAnswer, ResourceRoutes } from "./resource-routes.ts";
import { type CollectionRoute, parseRoute, type Route } from "./route.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { LIST_TIMING, READ_TIMING } from "./timing.ts";

/** What a front door needs. */
export interface FrontDoorParts {
  readonly engine: Engine;
  readonly subscriptions: Subscriptions;
  readonly headers: AnswerHeaders;
  readonly gate: Gate;
  readonly pageSizes: PageSizes;
}

/** ARM's front door: checks in ARM's order, then hands over to the routes. */
export class FrontDoor {
  readonly #engine: Engine;
  readonly #subscriptions: Subscriptions;
  readonly #pageSizes: PageSizes;
  readonly #resources: ResourceRoutes;
  readonly #lists: ListRoutes;
  readonly #headers: AnswerHeaders;
  readonly #gate: Gate;
  readonly #occurrences = new Occurrences();

  constructor(parts: FrontDoorParts) {
    this.#engine = parts.engine;
    this.#subscriptions = parts.subscriptions;
    this.#pageSizes = parts.pageSizes;
    this.#resources = new ResourceRoutes(parts.engine);
    this.#lists = new ListRoutes(parts.engine, parts.pageSizes);
    this.#headers = parts.headers;
    this.#gate = parts.gate;
  }

  /**
   * Answers one request. Writes wait before they take effect, reads after: like in Azure, what was read may be old
   * when it arrives.
   *
   * @param admitted - awaited between the checks and the effect; it rejects when somebody ends the request there.
   */
  async handle(request: SimulatedRequest, admitted: () => Promise<void> = async () => {}): Promise<Answer> {
    const call = readCall(request);
    const route = parseRoute(call.path);
    const nth = this.#occurrences.next(`${call.method} ${call.path.toLowerCase()}`);
    const reads = call.method === "GET" || call.method === "HEAD";
    const ms = this.#engine.latency.answerMs(referenceTiming(route, call.method), this.#draws(call, nth));
    const { clock } = this.#engine.store;
    if (!reads && ms > 0) await clock.parked(clock.sleep(ms, request.signal));
    const refused = this.#refused(() => this.#admit(call, route));
    if (refused === undefined) await admitted();
    const answer = this.#headers.complete(call, nth, refused ?? this.#answer(call, route));
    if (reads && ms > 0) await clock.parked(clock.sleep(ms, request.signal));
    return answer;
  }

  #draws({ method, path }: Call, nth: number): Draws {
    const { derive } = this.#engine.store;
    const key = path.toLowerCase();
    return () => [derive.fraction("a", method, key, nth), derive.fraction("b", method, key, nth)];
  }

  #refused(check: () => void): Answer | undefined {
    try {
      check();
      return undefined;
    } catch (error) {
      return asArmError(error).toAnswer();
    }
  }

  #answer(call: Call, route: Route): OperationAnswer {
    try {
      return this.#dispatch(call, route);
    } catch (error) {
      return asArmError(error).toAnswer();
    }
  }

  #admit(call: Call, route: Route): void {
    if (call.caller.apiVersion === "") {
      const message = "The api-version query parameter (?api-version=) is required for all requests.";
      throw gatewayError(400, "MissingApiVersionParameter", message);
    }
    if (isArmsOwn(route)) checkArmVersion(call.caller.apiVersion);
    this.#gate.authenticate(call);
    if (route.kind === "unknown") throw gatewayError(404, "NotFound", `No route matches '${call.path}'.`);
    if ("subscription" in route) this.#subscriptions.check(route.subscription);
    this.#gate.admit(call, route);
  }

  #dispatch(call: Call, route: Route): OperationAnswer {
    switch (route.kind) {
      case "resource":
        return this.#resource(call, route);
      case "collection":
        return this.#collection(call, route);
      case "operation":
      case "operationResult":
        return this.#operation(call, route);
      case "deletion":
        return this.#deletion(call, route.token);
      case "resourceGroup":
        return this.#subscriptions.resourceGroup(call, route);
      default:
        if (call.method !== "GET") throw methodNotAllowed(call);
        return pageOrDocument(this.#subscriptions.read(route), call, this.#pageSizes.arm);
    }
  }

  #resource(call: Call, route: Extract<Route, { readonly kind: "resource" }>): OperationAnswer {
    const { id } = route;
    this.#subscriptions.checkGroup(id, call.method !== "GET");
    this.#gate.atProvider(call, route);
    const view = findView(id);
    return view === undefined ? this.#resources.serve(call, id) : this.#lists.viewItem(call, id, view);
  }

  #collection(call: Call, route: CollectionRoute): Answer {
    const { subscription, resourceGroup } = route;
    if (resourceGroup !== undefined) this.#subscriptions.checkGroup({ subscription, resourceGroup }, false);
    this.#gate.atProvider(call, route);
    const view = findView(route);
    return view === undefined ? this.#lists.serve(call, route) : this.#lists.view(call, route, view);
  }

  #operation(call: Call, route: Extract<Route, { readonly kind: "operation" | "operationResult" }>): Answer {
    this.#gate.atProvider(call, route);
    const operation = this.#engine.operations.find(route.id);
    if (operation === undefined || operation.namespace.toLowerCase() !== route.namespace.toLowerCase()) {
      throw unknownOperation(route.id);
    }
    const byLocation = route.kind === "operationResult" || call.query.get("monitor") === "true";
    return byLocation ? locationAnswer(operation, call.caller) : statusAnswer(operation);
  }

  #deletion(call: Call, token: string): Answer {
    const id = operationOfToken(token);
    const operation = id === undefined ? undefined : this.#engine.operations.find(id);
    if (operation === undefined) throw unknownOperation(token);
    return locationAnswer(operation, call.caller);
  }
}

function pageOrDocument(found: ReturnType<Subscriptions["read"]>, call: Call, pageSize: number): Answer {
  return Array.isArray(found)
    ? pageOf(
        found.map((item) => ({ key: wordAt(item, "id"), text: JSON.stringify(item) })),
        call,
        pageSize,
      )
    : { status: 200, body: found };
}

function isArmsOwn({ kind }: Route): boolean {
  return !["resource", "collection", "operation", "operationResult", "deletion", "unknown"].includes(kind);
}

function checkArmVersion(version: string): void {
  if (ARM_VERSIONS.includes(version)) return;
  const message = `The api-version '${version}' is invalid. The supported versions are '${ARM_VERSIONS.join(",")}'.`;
  throw gatewayError(400, "InvalidApiVersionParameter", message);
}

function referenceTiming(route: Route, method: string): Duration {
  if (route.kind === "collection") return LIST_TIMING;
  const type = route.kind === "resource" ? findType(route.id)?.type : undefined;
  if (type === undefined || method === "GET" || method === "HEAD") return READ_TIMING;
  return (method === "DELETE" ? type.timing.delete : type.timing.put).answer;
}

/** Anything but an ARM refusal is a defect of the simulator and says so. */
function asArmError(error: unknown): ArmError {
  if (error instanceof ArmError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ArmError(500, "SimulatorDefect", `The simulator failed: ${text}`);
}
