import { type ArmId, armId } from "./arm-id.ts";
import { canonicalCase } from "./casing.ts";

/** A list of resources, or a word after a resource: a child list, a view, an action. */
export interface CollectionRoute {
  readonly kind: "collection";
  readonly subscription: string;
  /** Absent for a list over the whole subscription. */
  readonly resourceGroup: string | undefined;
  readonly namespace: string;
  /** One more than {@link names}: the last is the list's type, or the action. */
  readonly types: readonly string[];
  readonly names: readonly string[];
}

/** What a URL path asks for. */
export type Route =
  | { readonly kind: "subscriptions" }
  | { readonly kind: "subscription" | "locations" | "resourceGroups"; readonly subscription: string }
  | { readonly kind: "resourceGroup"; readonly subscription: string; readonly name: string }
  | { readonly kind: "provider"; readonly subscription: string; readonly namespace: string }
  | {
      readonly kind: "operation" | "operationResult";
      readonly subscription: string;
      readonly id: string;
      readonly namespace: string;
    }
  | { readonly kind: "deletion"; readonly subscription: string; readonly token: string }
  | { readonly kind: "resource"; readonly subscription: string; readonly id: ArmId }
  | CollectionRoute
  | { readonly kind: "unknown" };

const UNKNOWN: Route = { kind: "unknown" };

/** Reads a path. Fixed words compare without case; a slash at the end of a path is forgiven, an empty segment is not. */
export function parseRoute(path: string): Route {
  const [root, subscription, ...rest] = decoded(path.replace(/\/$/, "")) ?? [];
  if (root?.toLowerCase() !== "subscriptions") return UNKNOWN;
  return subscription === undefined ? { kind: "subscriptions" } : below(subscription, rest);
}

function below(subscription: string, [area, ...rest]: readonly string[]): Route {
  switch (area?.toLowerCase()) {
    case undefined:
      return { kind: "subscription", subscription };
    case "locations":
      return rest.length === 0 ? { kind: "locations", subscription } : UNKNOWN;
    case "operationresults":
      return rest.length === 1 ? { kind: "deletion", subscription, token: rest.join("") } : UNKNOWN;
    case "resourcegroups":
      return groupRoute(subscription, rest);
    case "providers":
      return providerRoute(subscription, rest);
    default:
      return UNKNOWN;
  }
}

function decoded(path: string): readonly string[] | undefined {
  const segments = path.split("/").slice(1);
  if (segments.includes("")) return undefined;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function groupRoute(subscription: string, rest: readonly string[]): Route {
  const [resourceGroup, providers, namespace, ...path] = rest;
  if (resourceGroup === undefined) return { kind: "resourceGroups", subscription };
  if (providers === undefined) return { kind: "resourceGroup", subscription, name: resourceGroup };
  if (providers.toLowerCase() !== "providers" || namespace === undefined || path.length === 0) return UNKNOWN;
  const types = path.filter((_, i) => i % 2 === 0).map(canonicalCase);
  const names = path.filter((_, i) => i % 2 === 1);
  if (types.length > names.length) {
    return { kind: "collection", subscription, resourceGroup, namespace: canonicalCase(namespace), types, names };
  }
  return { kind: "resource", subscription, id: armId({ subscription, resourceGroup, namespace, types, names }) };
}

function providerRoute(subscription: string, rest: readonly string[]): Route {
  const [provider, type] = rest;
  if (provider === undefined) return UNKNOWN;
  const namespace = canonicalCase(provider);
  if (type === undefined) return { kind: "provider", subscription, namespace };
  if (type.toLowerCase() === "locations") return locationRoute(subscription, namespace, rest.slice(2));
  if (rest.length !== 2) return UNKNOWN;
  const types = [canonicalCase(type)];
  return { kind: "collection", subscription, resourceGroup: undefined, namespace, types, names: [] };
}

/** What is below a location: operations, and lists such as usages. */
function locationRoute(subscription: string, namespace: string, rest: readonly string[]): Route {
  const [location, list, id] = rest;
  if (location !== undefined && list !== undefined && rest.length === 2 && !isOperationList(list)) {
    const types = ["locations", canonicalCase(list)];
    return { kind: "collection", subscription, resourceGroup: undefined, namespace, types, names: [location] };
  }
  if (id === undefined || rest.length !== 3) return UNKNOWN;
  const kind = OPERATION_LISTS[list?.toLowerCase() ?? ""];
  return kind === undefined ? UNKNOWN : { kind, subscription, namespace, id };
}

function isOperationList(list: string): boolean {
  return OPERATION_LISTS[list.toLowerCase()] !== undefined;
}

const OPERATION_LISTS: Readonly<Record<string, "operation" | "operationResult">> = {
  diskoperations: "operation",
  operations: "operation",
  operationresults: "operationResult",
};
