import { badRequest, noSuchResource } from "../api-error.ts";
import type { Registry, Resource } from "../registry.ts";

/** A path below `/api/v1` or `/apis/GROUP/VERSION` that names a collection or an object. */
export interface Route {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  /** Undefined for a collection. */
  readonly name: string | undefined;
  readonly subresource: "status" | undefined;
  readonly query: URLSearchParams;
}

/**
 * Reads a path such as `/api/v1/namespaces/default/services/web/status`; undefined for paths that name no resource,
 * discovery among them.
 *
 * @throws `ApiError` 404 for a resource that is not served.
 */
export function readRoute(registry: Registry, url: URL): Route | undefined {
  const parts = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (parts[0] !== "api" && parts[0] !== "apis") return undefined;
  const [group = "", version = "", ...rest] = parts[0] === "api" ? ["", ...parts.slice(1)] : parts.slice(1);
  if (rest.length === 0) return undefined;
  const { namespace, plural, name, tail } = readRest(rest);
  const resource = registry.byPath(group, version, plural);
  checkScope(resource, namespace, name);
  return { resource, namespace, name, subresource: readSubresource(resource, tail), query: url.searchParams };
}

function checkScope({ kind }: Resource, namespace: string | undefined, name: string | undefined): void {
  const isMisplaced = kind.namespaced ? namespace === undefined && name !== undefined : namespace !== undefined;
  if (isMisplaced) throw noSuchResource();
}

interface Rest {
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly tail: readonly string[];
}

function readRest(rest: readonly string[]): Rest {
  // `namespaces/x` and `namespaces/x/status` are about the namespace itself.
  const inNamespace = rest[0] === "namespaces" && rest.length > 2 && rest[2] !== "status";
  const [plural = "", name, ...tail] = inNamespace ? rest.slice(2) : rest;
  return { namespace: inNamespace ? rest[1] : undefined, plural, name, tail };
}

function readSubresource({ kind }: Resource, tail: readonly string[]): "status" | undefined {
  if (tail.length === 0) return undefined;
  if (tail.length === 1 && tail[0] === "status" && kind.hasStatus) return "status";
  throw noSuchResource();
}

/** A non-negative whole number in the query; undefined when it is absent. @throws `ApiError` 400 for anything else. */
export function readNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(`${name}: Invalid value: ${JSON.stringify(text)}: must be a whole number`);
}

/** True for `true` and `1`. */
export function readFlag(query: URLSearchParams, name: string): boolean {
  return ["true", "1"].includes(query.get(name) ?? "");
}
