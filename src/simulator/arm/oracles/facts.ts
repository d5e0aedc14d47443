import { isObject, type Json, type JsonObject, textAt } from "../json.ts";

/** A thing that somebody can own: a resource, a child, a named or referenced element of a list. */
export interface Holder {
  /** Id; elements of lists that have no id of their own get one in the same form. */
  readonly id: string;
  readonly document: JsonObject;
}

/** One member of a holder, and its value as JSON. */
export interface Fact {
  /** Key of the holder: its id in lower case. */
  readonly holder: string;
  /** Path within the holder: `frontendPort`, `tags.team`. */
  readonly member: string;
  readonly value: string;
}

/** A body taken apart. Equal bodies give equal facts; the order of lists of named elements does not count. */
export interface Facts {
  /** By key: id in lower case. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** By `{holder} {member}`. */
  readonly facts: ReadonlyMap<string, Fact>;
}

/** What ARM itself changes when somebody writes something else. */
const ARMS_OWN: ReadonlySet<string> = new Set(["modelDefinitionApplied", "latestModelApplied"]);

/** Takes the body of the resource `id` apart. */
export function factsOf(id: string, document: JsonObject): Facts {
  const taking: Taking = { holders: new Map(), facts: new Map() };
  hold({ id, document }, taking);
  return taking;
}

interface Taking {
  readonly holders: Map<string, Holder>;
  readonly facts: Map<string, Fact>;
}

function hold(holder: Holder, taking: Taking): void {
  taking.holders.set(holder.id.toLowerCase(), holder);
  note(holder.document, "", holder, taking);
}

function note(value: Json, member: string, holder: Holder, taking: Taking): void {
  if (isObject(value)) {
    noteMembers(value, member, holder, taking);
    return;
  }
  const elements = Array.isArray(value) ? elementsOf(value as readonly Json[]) : undefined;
  if (elements !== undefined) {
    for (const [name, document] of elements) hold({ id: `${holder.id}/${member}/${name}`, document }, taking);
    return;
  }
  const key = holder.id.toLowerCase();
  taking.facts.set(`${key} ${member}`, { holder: key, member, value: JSON.stringify(value) });
}

function noteMembers(value: JsonObject, member: string, holder: Holder, taking: Taking): void {
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null || ARMS_OWN.has(key)) continue;
    const below = member === "" ? key : `${member}.${key}`;
    note(inner, key === "properties" ? member : below, holder, taking);
  }
}

/** Elements by name or id when all have one; `undefined` for other lists, which are values. */
function elementsOf(list: readonly Json[]): readonly (readonly [string, JsonObject])[] | undefined {
  const named = list.flatMap((item) => {
    const name = isObject(item) ? (textAt(item, "name") ?? textAt(item, "id")) : undefined;
    return isObject(item) && name !== undefined ? [[name, item] as const] : [];
  });
  return named.length === list.length ? named : undefined;
}
