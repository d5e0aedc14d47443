import { isObject, type Json, type JsonObject, propertiesOf, wordAt } from "./json.ts";
import type { Field, Shape } from "./shape.ts";

/** One reference in a body: the resource or child that holds it, the member's name, the id it names. */
export interface Link {
  /** Canonical id of the holder: a frontend, an IP configuration, the resource itself. */
  readonly from: string;
  /** The member: `publicIPAddress`, `subnet`, `loadBalancerBackendAddressPools`. */
  readonly field: string;
  readonly to: string;
  /** {@link to} in lower case. */
  readonly toKey: string;
}

/** Every reference in `body`, which has shape `shape` and belongs to `id`, in the order of the body. */
export function linksOf(shape: Shape, body: JsonObject, id: string): readonly Link[] {
  const links: Link[] = [];
  walk(shape, body, id, links);
  return links;
}

/** A link to `to`. */
export function link(from: string, field: string, to: string): Link {
  return { from, field, to, toKey: to.toLowerCase() };
}

function walk(shape: Shape, body: JsonObject, from: string, links: Link[]): void {
  for (const [key, field] of Object.entries(shape)) {
    const value = body[key];
    if (value !== undefined) visit(field, value, { from, key }, links);
  }
}

function visit(field: Field, value: Json, at: { from: string; key: string }, links: Link[]): void {
  if (field.kind === "list") {
    for (const item of itemsOf(value)) visit(field.of, item, at, links);
  } else if (field.kind === "children") {
    for (const item of itemsOf(value).filter(isObject)) {
      walk(field.shape, propertiesOf(item), `${at.from}/${at.key}/${wordAt(item, "name")}`, links);
    }
  } else if (field.kind === "group" && isObject(value)) {
    walk(field.shape, value, at.from, links);
  } else if (field.kind === "reference" && isObject(value)) {
    links.push(link(at.from, at.key, wordAt(value, "id")));
  }
}

function itemsOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
