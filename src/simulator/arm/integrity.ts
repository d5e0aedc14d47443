import { ArmError, networkError } from "./arm-error.ts";
import { type ArmId, parseArmId, typeName } from "./arm-id.ts";
import { type JsonObject, objectsAt, propertiesOf, textAt, wordAt } from "./json.ts";
import { type Link, linksOf } from "./links.ts";
import { notProvisioned } from "./ready-answers.ts";
import type { ResourceRecord } from "./record.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Shape } from "./shape.ts";
import type { Store } from "./store.ts";

/** A document whose references are to be checked. */
export interface Referring {
  readonly id: ArmId;
  readonly type: ResourceType;
  readonly document: JsonObject;
  /** Types that the simulator serves; references to others are taken on trust. */
  readonly serves: (type: string) => boolean;
}

/**
 * Why the references of a document are refused: one that dangles or, for a network resource, one to something that is
 * being written or has failed.
 *
 * @param strict - also refuse what is not ready.
 */
export function refusedReference(referring: Referring, store: Store, strict: boolean): ArmError | undefined {
  const { id, type, document } = referring;
  const links = type.links?.(id, document) ?? linksOf(type.shape, propertiesOf(document), id.text);
  const own = childKeys(type.shape, propertiesOf(document), id.key);
  const external: Link[] = [];
  for (const link of links) {
    const internal = link.toKey.startsWith(`${id.key}/`);
    if (internal ? !own.has(link.toKey) : dangles(link, referring, store)) return invalidReference(link, type);
    if (!internal) external.push(link);
  }
  return strict && type.provider === "network" ? unreadyReference(external, store) : undefined;
}

function unreadyReference(links: readonly Link[], store: Store): ArmError | undefined {
  for (const { from, toKey } of links) {
    const target = store.owner(toKey);
    if (target === undefined || target.state === "Succeeded" || target.type.provider !== "network") continue;
    const operation = target.lastOperation;
    return notProvisioned({ resourceId: target.id.text, usedById: from, state: target.state, operation });
  }
  return undefined;
}

function dangles({ to, toKey }: Link, { document, serves }: Referring, store: Store): boolean {
  const id = parseArmId(to);
  if (id === undefined || !serves(typeName({ ...id, types: id.types.slice(0, 1) }))) return false;
  const target = store.owner(toKey);
  if (target === undefined || !hasChild(target, id)) return true;
  const here = textAt(document, "location");
  return here !== undefined && target.location !== "" && target.location !== here;
}

/** Whether the child that `id` names exists in `record`; true when `id` is the record's own. */
function hasChild(record: ResourceRecord, id: ArmId): boolean {
  let holder: JsonObject | undefined = record.shown;
  for (let depth = record.id.types.length; depth < id.types.length; depth++) {
    const name = id.names[depth]?.toLowerCase();
    holder = objectsAt(propertiesOf(holder), id.types[depth] ?? "").find(
      (child) => textAt(child, "name")?.toLowerCase() === name,
    );
    if (holder === undefined) return false;
  }
  return true;
}

/** The compute provider has its own answer for what it looks up itself; the rest it asks of the network provider. */
function invalidReference({ from, to }: Link, { provider }: ResourceType): ArmError {
  const [, name = ""] = /\/providers\/Microsoft\.Compute\/(\w+)\//i.exec(to) ?? [];
  if (provider === "compute" && name !== "") {
    const kind = name.toLowerCase() === "disks" ? "Disk" : "Resource";
    return new ArmError(404, "NotFound", `${kind} ${to} is not found.`);
  }
  const message = `Resource ${to} referenced by resource ${from} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`;
  return networkError("InvalidResourceReference", message);
}

/** Ids in lower case of all children, and theirs. */
function childKeys(shape: Shape, members: JsonObject, key: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [list, field] of Object.entries(shape)) {
    if (field.kind !== "children") continue;
    for (const child of objectsAt(members, list)) {
      const own = `${key}/${list}/${wordAt(child, "name")}`.toLowerCase();
      keys.add(own);
      for (const inner of childKeys(field.shape, propertiesOf(child), own)) keys.add(inner);
    }
  }
  return keys;
}
