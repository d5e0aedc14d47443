import { isJsonList, isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { ListSchema, ObjectSchema, Schema } from "../schema.ts";
import { orderItems } from "./element-order.ts";
import { PatchError } from "./patch-error.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
const SET_ORDER = "$setElementOrder/";

/**
 * Applies a strategic merge patch: like a merge patch, but lists that the schema marks are merged item by item, and
 * `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/x` and `$setElementOrder/x` direct it.
 *
 * @throws {@link PatchError} `format` for directives that make no sense.
 */
export function applyStrategicPatch(schema: ObjectSchema, target: JsonObject, patch: JsonObject): JsonObject {
  return mergeObject(schema, target, patch);
}

function mergeObject(schema: Schema | undefined, target: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === "replace") return plain(withoutDirective(patch));
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw new PatchError("format", `Unknown patch type found: ${JSON.stringify(directive)}`);
  }
  const result: Record<string, Json | undefined> = { ...retained(target, patch) };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$") || value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = mergeValue(fieldOf(schema, key), result[key], value);
  }
  deleteFromLists(result, patch);
  orderLists({ schema, target, patch }, result);
  return result;
}

function mergeValue(schema: Schema | undefined, target: Json | undefined, patch: Json): Json {
  if (isJsonObject(patch)) return mergeObject(schema, isJsonObject(target) ? target : {}, patch);
  if (!isJsonList(patch)) return patch;
  if (schema?.type !== "list" || schema.merge === undefined) return patch.map(plainItem);
  const current = isJsonList(target) ? target : [];
  const { key } = schema.merge;
  return key === undefined ? mergeSet(current, patch) : mergeItems({ ...schema, key }, current, patch);
}

function mergeSet(target: readonly Json[], patch: readonly Json[]): readonly Json[] {
  if (patch.some((item) => isJsonObject(item))) {
    throw new PatchError("format", "invalid patch format of primitive list");
  }
  return [...new Set([...target, ...patch])];
}

function mergeItems(
  schema: ListSchema & { readonly key: string },
  target: readonly Json[],
  patch: readonly Json[],
): readonly Json[] {
  const items = patch.map((item) => {
    if (!isJsonObject(item)) throw new PatchError("format", "an item of a merged list must be an object");
    return item;
  });
  if (items.some((item) => item[DIRECTIVE] === "replace")) {
    // Taken as they are: two items with one key stay two, which is how a node gets two internal addresses.
    return items.filter((item) => item[DIRECTIVE] === undefined).map(plain);
  }
  const result: Json[] = [...target];
  for (const item of items) mergeItem(schema, result, item);
  return result;
}

/** Changes `list`, which belongs to the caller. */
function mergeItem({ key, of }: ListSchema & { readonly key: string }, list: Json[], item: JsonObject): void {
  const id = item[key];
  if (id === undefined) {
    throw new PatchError("format", `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  }
  const at = list.findIndex((other) => isJsonObject(other) && other[key] === id);
  const current = list[at];
  if (item[DIRECTIVE] === "delete") {
    if (at >= 0) list.splice(at, 1);
    return;
  }
  const merged = mergeObject(of, isJsonObject(current) ? current : {}, item);
  list.splice(at < 0 ? list.length : at, at < 0 ? 0 : 1, merged);
}

/** `target` reduced to the keys that `$retainKeys` names, if it is there. */
function retained(target: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return target;
  if (!isJsonList(keys)) throw new PatchError("format", "invalid patch format of retainKeys");
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function deleteFromLists(result: Record<string, Json | undefined>, patch: JsonObject): void {
  for (const [directive, gone] of Object.entries(patch)) {
    if (!directive.startsWith(DELETE_FROM_LIST)) continue;
    if (!isJsonList(gone)) throw new PatchError("format", "invalid patch format of primitive list");
    const name = directive.slice(DELETE_FROM_LIST.length);
    const current = result[name];
    if (isJsonList(current)) result[name] = current.filter((item) => !gone.includes(item));
  }
}

interface Merge {
  readonly schema: Schema | undefined;
  readonly target: JsonObject;
  readonly patch: JsonObject;
}

function orderLists({ schema, target, patch }: Merge, result: Record<string, Json | undefined>): void {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(SET_ORDER)) continue;
    if (!isJsonList(order)) throw new PatchError("format", "invalid patch format of setElementOrder list");
    const name = directive.slice(SET_ORDER.length);
    const field = fieldOf(schema, name);
    const current = result[name];
    if (field?.type !== "list" || !isJsonList(current)) continue;
    const before = target[name];
    result[name] = orderItems({ key: field.merge?.key, order, before: isJsonList(before) ? before : [] }, current);
  }
}

function fieldOf(schema: Schema | undefined, name: string): Schema | undefined {
  if (schema?.type === "object") return Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
  return schema?.type === "map" ? schema.of : undefined;
}

function withoutDirective(patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: _, ...rest } = patch;
  return rest;
}

/** What a patch says where there is nothing to merge with: itself without nulls and directives. */
function plain(patch: JsonObject): JsonObject {
  return mergeObject(undefined, {}, patch);
}

function plainItem(item: Json): Json {
  return isJsonObject(item) ? plain(item) : item;
}
