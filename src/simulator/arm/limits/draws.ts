import type { BudgetName } from "./budgets.ts";
import { armClass } from "./classes.ts";
import { computeGroup } from "./compute-groups.ts";
import type { ProviderRequest } from "./provider-request.ts";

/** One budget that a request draws from. */
export interface DrawFrom {
  readonly budget: BudgetName;
  /** Whose budget: subscription, region, principal or resource, in lower case. */
  readonly of: string;
}

/** Which style of each layer counts. */
export interface LimitStyles {
  readonly arm: "buckets" | "hourly" | "none";
  readonly network: "window" | "bucket" | "none";
  readonly compute: "buckets" | "windows" | "none";
  readonly storage: "documented" | "none";
}

/** ARM's own budgets: the caller's, and the subscription's. */
export function armDraws(
  style: LimitStyles["arm"],
  request: { readonly method: string; readonly subscription: string; readonly principal: string },
): readonly DrawFrom[] {
  if (style === "none") return [];
  const layer = style === "buckets" ? "arm" : "arm-hourly";
  const kind = armClass(request.method);
  return [
    { budget: `${layer}.${kind}`, of: `${request.subscription} ${request.principal}`.toLowerCase() },
    { budget: `${layer}.global-${kind}`, of: request.subscription.toLowerCase() },
  ];
}

/** A provider's own budgets. */
export function providerDraws(styles: LimitStyles, request: ProviderRequest): readonly DrawFrom[] {
  const { route } = request;
  if (!("subscription" in route)) return [];
  const namespace = "namespace" in route ? route.namespace : route.kind === "resource" ? route.id.namespace : "";
  const of = `${route.subscription} ${request.region}`.toLowerCase();
  switch (namespace.toLowerCase()) {
    case "microsoft.network":
      if (styles.network === "none") return [];
      return [{ budget: `network-${styles.network}.${isRead(request) ? "reads" : "writes"}`, of }];
    case "microsoft.compute":
      return computeDraws(styles.compute, request, of);
    case "microsoft.storage":
      return styles.storage === "none" ? [] : [{ budget: storageBudget(request), of }];
    default:
      return [];
  }
}

function isRead({ method }: ProviderRequest): boolean {
  return method === "GET" || method === "HEAD";
}

function storageBudget(request: ProviderRequest): BudgetName {
  if (!isRead(request)) return "storage.Write";
  const lists = request.route.kind === "collection";
  return lists ? "storage.List_ObservationWindow_00:05:00" : "storage.Read_ObservationWindow_00:05:00";
}

function computeDraws(style: LimitStyles["compute"], request: ProviderRequest, of: string): readonly DrawFrom[] {
  const group = computeGroup(request);
  if (style === "none" || group === undefined) return [];
  if (style === "windows") return group.windows.map((budget) => ({ budget, of }));
  const { resource, subscription } = group;
  const own = resourceKey(request);
  return [
    ...(resource !== undefined && own !== "" ? [{ budget: resource, of: own }] : []),
    ...(subscription === undefined ? [] : [{ budget: subscription, of }]),
  ];
}

function resourceKey({ route, polled }: ProviderRequest): string {
  if (route.kind === "resource") return route.id.key;
  if (route.kind === "collection" && route.names.length > 0) {
    return `${route.resourceGroup ?? ""} ${route.types[0] ?? ""} ${route.names.join(" ")}`.toLowerCase();
  }
  return polled?.toLowerCase() ?? "";
}
