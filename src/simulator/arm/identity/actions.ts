import { canonicalCase } from "../casing.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** An action on a scope, as roles name them. */
export interface ScopedAction {
  /** `Microsoft.Network/loadBalancers/write` */
  readonly action: string;
  readonly scope: string;
}

/** The action that a request is: the type's path and what is done to it. */
export function actionOf(method: string, path: string): ScopedAction {
  const { type, isAction } = typeIn(path);
  const verb = method === "POST" && isAction ? "action" : verbOf(method);
  return { action: `${type}/${verb}`, scope: path };
}

function verbOf(method: string): string {
  if (method === "GET" || method === "HEAD") return "read";
  return method === "DELETE" ? "delete" : "write";
}

/** The type that a path names, and whether the path ends in a word that is no name of a resource. */
function typeIn(path: string): { readonly type: string; readonly isAction: boolean } {
  const decoded = decodeURIComponent(path).replace(/\/$/, "");
  const [, namespace, rest] = /\/providers\/([^/]+)\/(.+)$/i.exec(decoded) ?? [];
  if (namespace === undefined || rest === undefined) return { type: aboveProviders(decoded), isAction: false };
  const segments = rest.split("/");
  const types = segments.filter((_, i) => i % 2 === 0).map(canonicalCase);
  return { type: [canonicalCase(namespace), ...types].join("/"), isAction: segments.length % 2 === 1 };
}

/** `Microsoft.Resources/subscriptions/resourceGroups` */
function aboveProviders(path: string): string {
  const [, , , area] = path.split("/");
  const words: Readonly<Record<string, string>> = { resourcegroups: "/resourceGroups", providers: "/providers" };
  const suffix = area === undefined ? "" : (words[area.toLowerCase()] ?? `/${area}`);
  return `Microsoft.Resources/subscriptions${suffix}`;
}

/** What one must be allowed to do with a resource in order to refer to it, by its type. */
const JOIN_ACTIONS: ReadonlyMap<string, string> = new Map(
  [
    ["Microsoft.Network/virtualNetworks/subnets", "join"],
    ["Microsoft.Network/virtualNetworks", "joinLoadBalancer"],
    ["Microsoft.Network/publicIPAddresses", "join"],
    ["Microsoft.Network/publicIPPrefixes", "join"],
    ["Microsoft.Network/networkSecurityGroups", "join"],
    ["Microsoft.Network/routeTables", "join"],
    ["Microsoft.Network/natGateways", "join"],
    ["Microsoft.Network/networkInterfaces", "join"],
    ["Microsoft.Network/loadBalancers/backendAddressPools", "join"],
    ["Microsoft.Network/loadBalancers/inboundNatRules", "join"],
    ["Microsoft.Network/loadBalancers/inboundNatPools", "join"],
    ["Microsoft.Network/applicationSecurityGroups", "joinIpConfiguration"],
  ].map(([type = "", verb = ""]) => [type.toLowerCase(), `${type}/${verb}/action`]),
);

/** The actions on other resources that a body asks for by referring to them, sorted by scope. */
export function linkedActions(path: string, body: string): readonly ScopedAction[] {
  const own = path.toLowerCase().replace(/\/$/, "");
  const parent = own.split("/").slice(0, 9).join("/");
  const scopes = new Map<string, ScopedAction>();
  for (const id of idsIn(parsed(body))) {
    const key = id.toLowerCase();
    const action = JOIN_ACTIONS.get(typeIn(id).type.toLowerCase());
    const isOwn = key === parent || key.startsWith(`${parent}/`);
    if (action !== undefined && !isOwn) scopes.set(key, { action, scope: id });
  }
  return [...scopes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, scoped]) => scoped);
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function idsIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(idsIn);
  if (!isObject(value)) return [];
  return Object.entries(value as JsonObject).flatMap(([key, item]) =>
    key === "id" && typeof item === "string" ? [item] : item === undefined ? [] : idsIn(item),
  );
}
