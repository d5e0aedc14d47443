import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { ApiError, methodNotAllowed, noSuchResource } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Registry } from "../registry.ts";
import { AGGREGATED_TYPE, discover, isAggregated } from "./discovery.ts";
import { EMPTY_OPENAPI_V2, OPENAPI_V2_PROTOBUF, openApiV2, openApiV3 } from "./openapi.ts";
import { answerGet, answerList, type Reading } from "./reading.ts";
import { type Route, readFlag, readRoute } from "./route.ts";
import type { Watches } from "./watching.ts";
import { answerCreate, answerDelete, answerDeleteCollection, answerPatch, answerReplace } from "./writing.ts";

/** What the server answers beside resources. */
export interface HandlerOptions {
  readonly reading: Reading;
  readonly watches: Watches;
  /** `gitVersion` of `/version`, such as `v1.33.0`. */
  readonly version: string;
  /** A bearer token that every request must carry; undefined accepts all. */
  readonly token: string | undefined;
}

/** Makes the function that answers every request. Refusals become Status objects. */
export function makeHandler(options: HandlerOptions): (request: SimulatedRequest) => Promise<Answer> {
  return async (request) => {
    try {
      checkToken(options.token, request);
      return answer(options, request);
    } catch (error) {
      return refusal(error);
    }
  };
}

function answer(options: HandlerOptions, request: SimulatedRequest): Answer {
  const route = readRoute(options.reading.cluster.registry, request.url);
  return route === undefined ? answerFixed(options, request) : answerResource(options, route, request);
}

function answerFixed(options: HandlerOptions, request: SimulatedRequest): Answer {
  const { url, method, headers } = request;
  if (method !== "GET") throw methodNotAllowed();
  const path = url.pathname;
  if (!/^\/apis?(\/|$)/.test(path)) return answerBesideApi(options, path, headers.accept ?? "");
  const accept = headers.accept ?? "";
  const body = discover(options.reading.cluster.registry, path, accept);
  const type = isAggregated(path, accept) ? AGGREGATED_TYPE : "application/json";
  return { status: 200, headers: { "content-type": type }, body };
}

function answerBesideApi({ reading, version }: HandlerOptions, path: string, accept: string): Answer {
  const { registry } = reading.cluster;
  if (HEALTH.test(path)) return { status: 200, headers: { "content-type": "text/plain" }, body: "ok" };
  if (path === "/version") return { status: 200, body: versionInfo(version) };
  if (path.startsWith("/openapi/v3")) return { status: 200, body: openApiV3(registry, path) };
  if (path === "/openapi/v2") return answerOpenApiV2(registry, accept);
  if (path === "/") return { status: 200, body: { paths: ["/api", "/apis", "/healthz", "/openapi/v3", "/version"] } };
  throw noSuchResource();
}

const HEALTH = /^\/(healthz|readyz|livez)(\/|$)/;

/** kubectl takes nothing but protobuf here; it asks for lists and for kinds that version 3 does not know. */
function answerOpenApiV2(registry: Registry, accept: string): Answer {
  if (!accept.includes("protobuf")) return { status: 200, body: openApiV2(registry) };
  return { status: 200, headers: { "content-type": OPENAPI_V2_PROTOBUF }, body: EMPTY_OPENAPI_V2 };
}

function answerResource({ reading, watches }: HandlerOptions, route: Route, request: SimulatedRequest): Answer {
  checkVerb(route, request.method);
  const { name } = route;
  if (name === undefined) return answerCollection({ reading, watches }, route, request);
  const named = { ...route, name };
  switch (request.method) {
    case "GET":
      return readFlag(route.query, "watch") ? watches.answer(named, request) : answerGet(reading, named, request);
    case "PUT":
      return answerReplace(reading, named, request);
    case "PATCH":
      return answerPatch(reading, named, request);
    case "DELETE":
      return answerDelete(reading, named, request);
    default:
      throw methodNotAllowed();
  }
}

function answerCollection(
  { reading, watches }: Pick<HandlerOptions, "reading" | "watches">,
  route: Route,
  request: SimulatedRequest,
): Answer {
  switch (request.method) {
    case "GET":
      return readFlag(route.query, "watch") ? watches.answer(route, request) : answerList(reading, route, request);
    case "POST":
      return answerCreate(reading, route, request);
    case "DELETE":
      return answerDeleteCollection(reading, route, request);
    default:
      throw methodNotAllowed();
  }
}

function checkVerb({ resource, name }: Route, method: string): void {
  const collection: Readonly<Record<string, string>> = { GET: "list", POST: "create", DELETE: "deletecollection" };
  const single: Readonly<Record<string, string>> = { GET: "get", PUT: "update", PATCH: "patch", DELETE: "delete" };
  const verb = (name === undefined ? collection : single)[method] ?? "";
  if (!resource.kind.verbs.includes(verb)) throw methodNotAllowed();
}

function checkToken(token: string | undefined, { headers, url }: SimulatedRequest): void {
  if (token === undefined || headers.authorization === `Bearer ${token}`) return;
  if (HEALTH.test(url.pathname)) return;
  throw new ApiError(401, "Unauthorized", "Unauthorized");
}

function refusal(error: unknown): Answer {
  const refused = error instanceof ApiError ? error : internal(error);
  const wait = (refused.status["details"] as JsonObject | undefined)?.["retryAfterSeconds"];
  return {
    status: refused.code,
    ...(typeof wait === "number" && { headers: { "retry-after": String(wait) } }),
    body: refused.status,
  };
}

function internal(error: unknown): ApiError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError(500, "InternalError", `Internal error occurred: ${text}`);
}

function versionInfo(gitVersion: string): JsonObject {
  const [, major = "1", minor = "33"] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    gitVersion,
    gitCommit: "0000000000000000000000000000000000000000",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "none",
    compiler: "none",
    platform: "simulator",
  };
}
