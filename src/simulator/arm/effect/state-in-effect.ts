import type { ArmId } from "../arm-id.ts";
import { ancestor, nameOf, parseArmId } from "../arm-id.ts";
import { type BackReference, backReferences } from "../back-references.ts";
import { isObject, type Json, type JsonObject, listAt, propertiesOf, textAt, wordAt } from "../json.ts";
import type { Link } from "../links.ts";
import type { ResourceRecord } from "../record.ts";
import { findType, findView } from "../registry.ts";
import type { Shape } from "../shape.ts";
import type { Store } from "../store.ts";

/** A resource whose last successful operation has put a body into effect. */
export interface Effective {
  readonly record: ResourceRecord;
  readonly document: JsonObject;
}

/**
 * What is in effect, as opposed to what ARM shows: a body takes effect when its operation succeeds; one that failed or
 * was superseded never does, and what is being deleted stays in effect to the end.
 */
export class StateInEffect {
  readonly #store: Store;
  /** References of a body: bodies are never changed in place. */
  readonly #links = new WeakMap<JsonObject, readonly Link[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every resource of a type with a body in effect, sorted by id. */
  ofType(name: string): readonly Effective[] {
    return this.#store.ofType(name).flatMap((record) => effectiveOf(record) ?? []);
  }

  /** The resource with this id in lower case, if it has a body in effect. */
  get(key: string): Effective | undefined {
    const record = this.#store.get(key);
    return record && effectiveOf(record);
  }

  /** References between bodies in effect, by what they name: a full id in lower case. Sorted by holder. */
  inbound(): ReadonlyMap<string, readonly Link[]> {
    const byTarget = new Map<string, Link[]>();
    for (const record of this.#store.all()) {
      const effective = effectiveOf(record);
      if (effective === undefined) continue;
      for (const link of this.#linksOf(effective)) {
        const known = byTarget.get(link.toKey);
        if (known === undefined) byTarget.set(link.toKey, [link]);
        else known.push(link);
      }
    }
    for (const links of byTarget.values()) links.sort((a, b) => (a.from < b.from ? -1 : 1));
    return byTarget;
  }

  /**
   * A resource, a child or an interface of a scale set as GET would print it if what is in effect were shown: the
   * body, assigned members, and back-references from other bodies in effect; no etags and no provisioning states.
   */
  document(id: ArmId): JsonObject | undefined {
    const view = findView(id);
    if (view !== undefined) {
      const parent = ancestor(id, id.types.length - 1);
      if (this.#store.get(ancestor(id, 2).key)?.effect === undefined) return undefined;
      return view.list(id.names.slice(0, -1), parent.key, this.#store).find((item) => isCalled(item, nameOf(id)));
    }
    const found = findType(id);
    const effective = found && this.get(ancestor(id, found.depth).key);
    if (effective === undefined) return undefined;
    return below(this.#print(effective), id, effective.record.id.types.length);
  }

  #print({ record, document }: Effective): JsonObject {
    const { id, type, computed } = record;
    const inbound = this.inbound();
    const own = { ...computed, ...backReferences(type.backReferences, undefined, () => inbound.get(id.key) ?? []) };
    const world = { inbound, table: type.backReferences };
    return {
      name: nameOf(id),
      id: id.text,
      type: type.name,
      ...document,
      properties: { ...printMembers(type.shape, propertiesOf(document), id.text, world), ...own },
    };
  }

  #linksOf({ record, document }: Effective): readonly Link[] {
    const known = this.#links.get(document);
    if (known !== undefined) return known;
    const links = this.#store.linksIn(record, document);
    this.#links.set(document, links);
    return links;
  }
}

function effectiveOf(record: ResourceRecord): Effective | undefined {
  return record.effect === undefined ? undefined : { record, document: record.effect };
}

interface Referrers {
  readonly inbound: ReadonlyMap<string, readonly Link[]>;
  readonly table: readonly BackReference[] | undefined;
}

function printMembers(shape: Shape, members: JsonObject, id: string, world: Referrers): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(members)) {
    if (value === undefined) continue;
    const field = shape[key];
    const isChildren = field?.kind === "children" && Array.isArray(value);
    result[key] = isChildren
      ? (value as readonly Json[]).filter(isObject).map((child) => {
          const childId = `${id}/${key}/${wordAt(child, "name")}`;
          const own = printMembers(field.shape, propertiesOf(child), childId, world);
          const back = backReferences(world.table, key, () => world.inbound.get(childId.toLowerCase()) ?? []);
          return { ...child, id: childId, properties: { ...own, ...back } };
        })
      : value;
  }
  return result;
}

/** The child of a printed document that `id` names below the first `depth` type segments. */
function below(document: JsonObject, id: ArmId, depth: number): JsonObject | undefined {
  let found: JsonObject | undefined = document;
  for (const [i, list] of id.types.slice(depth).entries()) {
    const name = id.names[depth + i] ?? "";
    found = listAt(propertiesOf(found), list)
      .filter(isObject)
      .find((child) => isCalled(child, name));
    if (found === undefined) return undefined;
  }
  return found;
}

function isCalled(item: JsonObject, name: string): boolean {
  return textAt(item, "name")?.toLowerCase() === name.toLowerCase();
}

/** {@link StateInEffect.document} by the text of an id; `undefined` for what is no resource id. */
export function documentInEffect(state: StateInEffect, text: string): JsonObject | undefined {
  const id = parseArmId(text);
  return id && state.document(id);
}
