import { canonicalCase } from "./casing.ts";

/** Where a resource lives: an ARM id taken apart. Names keep the casing they were given, type segments get ARM's. */
export interface ArmId {
  /** Canonical spelling. */
  readonly text: string;
  /** {@link text} in lower case: ids compare without case. */
  readonly key: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly namespace: string;
  /** `["loadBalancers", "backendAddressPools"]` */
  readonly types: readonly string[];
  /** One for each of {@link types}. */
  readonly names: readonly string[];
}

/** What {@link armId} builds an id from. */
export type ArmIdParts = Pick<ArmId, "subscription" | "resourceGroup" | "namespace" | "types" | "names">;

/** Builds an id. */
export function armId(parts: ArmIdParts): ArmId {
  const { subscription, resourceGroup, names } = parts;
  const namespace = canonicalCase(parts.namespace);
  const types = parts.types.map(canonicalCase);
  const path = types.map((type, i) => `${type}/${names[i] ?? ""}`).join("/");
  const text = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${namespace}/${path}`;
  return { text, key: text.toLowerCase(), subscription, resourceGroup, namespace, types, names };
}

/** Takes a resource id apart; `undefined` when it is none (resource groups and subscriptions are none). */
export function parseArmId(text: string): ArmId | undefined {
  const [lead, subscriptions, subscription, groups, resourceGroup, providers, namespace, ...rest] = text.split("/");
  const frame = [subscriptions, groups, providers].map((word) => word?.toLowerCase()).join("/");
  if (lead !== "" || frame !== "subscriptions/resourcegroups/providers" || rest.length < 2 || rest.length % 2 !== 0) {
    return undefined;
  }
  if (!subscription || !resourceGroup || !namespace || rest.includes("")) return undefined;
  const types = rest.filter((_, i) => i % 2 === 0);
  const names = rest.filter((_, i) => i % 2 === 1);
  return armId({ subscription, resourceGroup, namespace, types, names });
}

/** The type's full name: `Microsoft.Network/loadBalancers/backendAddressPools`. */
export function typeName(id: Pick<ArmId, "namespace" | "types">): string {
  return `${id.namespace}/${id.types.join("/")}`;
}

/** Last name of the id. */
export function nameOf(id: ArmId): string {
  return id.names.at(-1) ?? "";
}

/** The id of the resource `levels` type segments deep: 1 is the top-level one. */
export function ancestor(id: ArmId, levels: number): ArmId {
  if (levels >= id.types.length) return id;
  return armId({ ...id, types: id.types.slice(0, levels), names: id.names.slice(0, levels) });
}

/** The id of a child of `id`. */
export function childId(id: ArmId, type: string, name: string): ArmId {
  return armId({ ...id, types: [...id.types, type], names: [...id.names, name] });
}

/** The last segment of an id's text. */
export function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
