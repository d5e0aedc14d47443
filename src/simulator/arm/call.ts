import type { SimulatedRequest } from "../http/exchange.ts";
import { type ArmError, gatewayError } from "./arm-error.ts";
import type { Conditions } from "./conditions.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Caller } from "./operation-urls.ts";

/** A request as ARM reads it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** Query by lower-case key. */
  readonly query: ReadonlyMap<string, string>;
  readonly caller: Caller;
  readonly conditions: Conditions;
  readonly authorization: string | undefined;
  readonly request: SimulatedRequest;
}

/** Reads what every route needs. */
export function readCall(request: SimulatedRequest): Call {
  const { method, url, headers } = request;
  const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
  return {
    method,
    path: url.pathname,
    query,
    caller: { origin: originOf(request), apiVersion: query.get("api-version") ?? "" },
    conditions: { ifMatch: headers["if-match"], ifNoneMatch: headers["if-none-match"] },
    authorization: headers.authorization,
    request,
  };
}

/** The scheme and authority that the client used, a proxy's word first: poll and page URLs must lead back there. */
export function originOf({ url, headers }: SimulatedRequest): string {
  const [host] = [headers["x-forwarded-host"]].flat();
  const [proto] = [headers["x-forwarded-proto"]].flat();
  return `${proto ?? url.protocol.replace(":", "")}://${host ?? url.host}`;
}

/** Bodies above 4 MB are refused. */
const LARGEST_BODY = 4 * 1024 * 1024;

/** The JSON object that a write carries. @throws ArmError 413, 415 or 400 */
export function readBody({ request: { body, headers } }: Call): JsonObject {
  if (Buffer.byteLength(body) > LARGEST_BODY) {
    throw gatewayError(413, "RequestEntityTooLarge", "The request content size exceeds the maximum size of 4 MB.");
  }
  if (!(headers["content-type"] ?? "").toLowerCase().startsWith("application/json")) {
    const message = `The content media type '${headers["content-type"] ?? "<null>"}' is not supported. Only 'application/json' is supported.`;
    throw gatewayError(415, "UnsupportedMediaType", message);
  }
  const parsed = parseJson(body);
  if (isObject(parsed)) return parsed;
  const message = "The request content was invalid and could not be deserialized: 'An object was expected.'.";
  throw gatewayError(400, "InvalidRequestContent", message);
}

function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch (error) {
    const message = `The request content was invalid and could not be deserialized: '${String(error)}'.`;
    throw gatewayError(400, "InvalidRequestContent", message);
  }
}

/** The answer to a method that a path does not take. */
export function methodNotAllowed({ method, path }: Call): ArmError {
  return gatewayError(405, "MethodNotAllowed", `The HTTP method '${method}' is not supported at '${path}'.`);
}
