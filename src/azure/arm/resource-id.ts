/** One step of an ARM id below its provider: a type and the name of one resource of it. */
export interface IdSegment {
  readonly type: string;
  readonly name: string;
}

/** A full ARM id in a resource group, taken apart; spelling kept as it came. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The namespace, such as `Microsoft.Network`. */
  readonly provider: string;
  /** From the top-level resource to the child that the id names; never empty. */
  readonly path: readonly [IdSegment, ...IdSegment[]];
}

const GROUP = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)(\/.*)?$/i;
const PROVIDER = /^\/providers\/([^/]+)((?:\/[^/]+\/[^/]+)+)$/i;

/** Takes an id apart; `undefined` for anything that is not a full id of a resource in a resource group. */
export function parseResourceId(text: string): ResourceId | undefined {
  const [, subscriptionId, resourceGroup, rest = ""] = GROUP.exec(text) ?? [];
  const [, provider, tail] = PROVIDER.exec(rest) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || provider === undefined || tail === undefined) {
    return undefined;
  }
  const parts = tail.slice(1).split("/");
  const path: IdSegment[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) path.push({ type: parts[i]!, name: parts[i + 1]! });
  const [first, ...others] = path;
  return first && { subscriptionId, resourceGroup, provider, path: [first, ...others] };
}

/** Writes an id in ARM's canonical spelling of the fixed segments; the inverse of {@link parseResourceId}. */
export function formatResourceId({ subscriptionId, resourceGroup, provider, path }: ResourceId): string {
  const tail = path.map(({ type, name }) => `/${type}/${name}`).join("");
  return `${formatGroupId(subscriptionId, resourceGroup)}/providers/${provider}${tail}`;
}

/** The id of a resource group: the scope of most lists. */
export function formatGroupId(subscriptionId: string, resourceGroup: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

/** Subscription and resource group of any id in a resource group, also of the group's own id. */
export function groupOf(id: string): { readonly subscriptionId: string; readonly resourceGroup: string } | undefined {
  const [, subscriptionId, resourceGroup] = GROUP.exec(id) ?? [];
  return subscriptionId === undefined || resourceGroup === undefined ? undefined : { subscriptionId, resourceGroup };
}

/** An id in comparable spelling: ARM ignores case in ids, and returns groups and names in varying case. */
export function idKey(id: string): string {
  return id.toLowerCase();
}

/** Whether two ids name the same resource; an absent id equals nothing. */
export function sameId(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && idKey(a) === idKey(b);
}

/** The last name in an id; the text itself when it has no slash. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The id of a child: `childId(lb, "backendAddressPools", "kubernetes")`. */
export function childId(parent: string, type: string, name: string): string {
  return `${parent}/${type}/${name}`;
}

/** The id of the top-level resource that an id belongs to: the one whose etag and merge queue it shares. */
export function topLevelOf(id: ResourceId): ResourceId {
  return { ...id, path: [id.path[0]] };
}

/** The full type of what an id names, such as `Microsoft.Network/loadBalancers/backendAddressPools`. */
export function typeOf({ provider, path }: ResourceId): string {
  return [provider, ...path.map(({ type }) => type)].join("/");
}
