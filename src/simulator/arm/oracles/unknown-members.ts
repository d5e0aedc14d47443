import { isObject, type Json, type JsonObject, propertiesOf, wordAt } from "../json.ts";
import type { Field, Shape } from "../shape.ts";
import type { Finding } from "./violation.ts";

/** Members that the shape does not name, as JSON, by holder (id in lower case) and path. */
export interface UnknownMembers {
  readonly holders: ReadonlySet<string>;
  readonly members: ReadonlyMap<string, { readonly holder: string; readonly path: string; readonly value: string }>;
}

/** The members of a body that ARM's schema does not name. */
export function unknownMembersOf(
  id: string,
  { shape, computed }: { readonly shape: Shape; readonly computed: readonly string[] },
  document: JsonObject,
): UnknownMembers {
  const holders = new Set<string>();
  const members = new Map<string, { holder: string; path: string; value: string }>();
  const visit = (fields: Shape, body: JsonObject, at: { holder: string; path: string }): void => {
    holders.add(at.holder.toLowerCase());
    for (const [key, value] of Object.entries(body)) {
      if (value === undefined) continue;
      const path = at.path === "" ? key : `${at.path}.${key}`;
      const field = fields[key];
      if (field !== undefined) descend(field, value, { holder: at.holder, path });
      else if (!computed.includes(key)) {
        members.set(`${at.holder.toLowerCase()} ${path}`, { holder: at.holder, path, value: JSON.stringify(value) });
      }
    }
  };
  const descend = (field: Field, value: Json, at: { holder: string; path: string }): void => {
    if (field.kind === "group" && isObject(value)) visit(field.shape, value, at);
    if (field.kind !== "children" || !Array.isArray(value)) return;
    for (const child of (value as readonly Json[]).filter(isObject)) {
      visit(field.shape, propertiesOf(child), { holder: `${at.holder}/${at.path}/${wordAt(child, "name")}`, path: "" });
    }
  };
  visit(shape, propertiesOf(document), { holder: id, path: "" });
  return { holders, members };
}

/** Unknown members that were there and are not as they were, although who had them is still there. */
export function lostUnknown(before: UnknownMembers, after: UnknownMembers): readonly Finding[] {
  return [...before.members].flatMap(([key, { holder, path, value }]): readonly Finding[] => {
    const now = after.members.get(key)?.value;
    if (now === value || !after.holders.has(holder.toLowerCase())) return [];
    const message = `${path}, which no schema names, was ${value} and is ${now ?? "gone"}`;
    return [{ oracle: "unknown", resource: holder, message }];
  });
}
