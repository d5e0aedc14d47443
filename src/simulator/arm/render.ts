import { type ArmId, childId, nameOf } from "./arm-id.ts";
import { backReferences } from "./back-references.ts";
import { isObject, type Json, type JsonObject, objectAt, propertiesOf, textAt, wordAt } from "./json.ts";
import type { ResourceRecord } from "./record.ts";
import type { View } from "./resource-type.ts";
import type { ChildrenField, Field, Shape } from "./shape.ts";
import type { Store } from "./store.ts";

/** A resource as ARM prints it. */
export interface Rendering {
  readonly revision: number;
  readonly document: JsonObject;
  /** The document as JSON: lists of large resources are put together from these. */
  readonly text: string;
}

/** Prints resources, and remembers what it printed until they change. */
export class Renderer {
  readonly #store: Store;
  readonly #rendered = new WeakMap<ResourceRecord, Rendering>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The resource as it is now. */
  render(record: ResourceRecord): Rendering {
    const known = this.#rendered.get(record);
    if (known?.revision === record.revision) return known;
    const document = renderDocument(record, this.#store);
    const rendering = { revision: record.revision, document, text: JSON.stringify(document) };
    this.#rendered.set(record, rendering);
    return rendering;
  }

  /** One child in the rendered resource; `undefined` when it has none of that name. */
  child(record: ResourceRecord, id: ArmId): JsonObject | undefined {
    const depth = record.id.types.length;
    let found: JsonObject | undefined = this.render(record).document;
    for (const [i, type] of id.types.slice(depth).entries()) {
      const name = id.names[depth + i]?.toLowerCase();
      const list: Json | undefined = found === undefined ? undefined : propertiesOf(found)[type];
      found = Array.isArray(list)
        ? (list as readonly Json[]).filter(isObject).find((child) => textAt(child, "name")?.toLowerCase() === name)
        : undefined;
    }
    return found;
  }
}

/** The etag of a resource in its provider's format. */
export function etagOf(record: ResourceRecord, store: Store): string {
  if (record.type.provider === "compute") return `"${record.etagNumber}"`;
  return `W/"${store.derive.guid("etag", record.id.key, record.generation, record.etagNumber)}"`;
}

interface Printing {
  readonly record: ResourceRecord;
  readonly etag: string;
  readonly view: View;
  readonly store: Store;
}

/** The resource as ARM prints it now. */
export function renderDocument(record: ResourceRecord, store: Store): JsonObject {
  const { id, type, shown } = record;
  const etag = etagOf(record, store);
  const view = type.view?.(record, store) ?? {};
  const { properties, ...rest } = shown;
  const own = record.busyChild === undefined || type.put === "updating" ? record.state : "Succeeded";
  const guid: JsonObject =
    type.provider === "network" ? { resourceGuid: store.derive.guid("resource", id.key, record.generation) } : {};
  return {
    name: nameOf(id),
    id: id.text,
    ...(type.provider === "network" && { etag }),
    type: type.name,
    ...rest,
    ...view.envelope,
    properties: {
      ...(type.withoutState !== true && { provisioningState: own }),
      ...guid,
      ...renderMembers(type.shape, objectAt({ properties }, "properties"), id, { record, etag, view, store }),
      ...record.computed,
      ...backReferences(type.backReferences, undefined, () => store.inbound(id.key)),
      ...view.own,
    },
    ...(type.provider === "compute" && type.withoutEtag !== true && { etag }),
  };
}

/** The part of a document that a 202 carries: the recorded one of a disk has no SKU and nothing computed. */
export function partOf(document: JsonObject): JsonObject {
  const { name, id, type, location, tags } = document;
  const { creationData, diskSizeGB, provisioningState } = propertiesOf(document);
  return {
    ...present({ name, id, type, location, tags }),
    properties: present({ creationData, diskSizeGB, provisioningState }),
  };
}

function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function renderMembers(shape: Shape, members: JsonObject, id: ArmId, printing: Printing): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(members)) {
    const field = shape[key];
    if (value === undefined || isHidden(field, value)) continue;
    const isChildren = field?.kind === "children" && Array.isArray(value);
    result[key] = isChildren ? renderChildren(field, value.filter(isObject), childId(id, key, ""), printing) : value;
  }
  return result;
}

/** An empty list of children that ARM only prints when there are some. */
function isHidden(field: Field | undefined, value: Json): boolean {
  return field?.kind === "children" && !field.always && Array.isArray(value) && value.length === 0;
}

function renderChildren(
  field: ChildrenField,
  list: readonly JsonObject[],
  frame: ArmId,
  printing: Printing,
): readonly JsonObject[] {
  const type = `${frame.namespace}/${frame.types.join("/")}`;
  return list.map((child) => {
    const { properties, ...rest } = child;
    const name = wordAt(child, "name");
    const text = `${frame.text}${name}`;
    const key = text.toLowerCase();
    const extra = printing.view.children?.get(key) ?? {};
    const id = { ...frame, text, key, names: [...frame.names.slice(0, -1), name] };
    return {
      name,
      id: text,
      etag: printing.etag,
      type,
      ...rest,
      properties: {
        provisioningState: childState(printing.record, key),
        ...renderMembers(field.shape, objectAt({ properties }, "properties"), id, printing),
        ...backReferences(printing.record.type.backReferences, frame.types.at(-1), () => printing.store.inbound(key)),
        ...extra,
      },
    };
  });
}

function childState({ state, busyChild }: ResourceRecord, key: string): string {
  return busyChild === undefined || busyChild === key ? state : "Succeeded";
}
