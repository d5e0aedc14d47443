/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object; absent keys read as `undefined`. Never changed in place. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Whether `value` is a JSON object (no array, not null). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `key`, or an empty one. */
export function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return isObject(value) ? value : {};
}

/** The objects in the list at `key`; anything else in it is left out. */
export function objectsAt(from: JsonObject, key: string): readonly JsonObject[] {
  return listAt(from, key).filter(isObject);
}

/** The list at `key`, or an empty one. */
export function listAt(from: JsonObject, key: string): readonly Json[] {
  const value = from[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The texts in the list at `key`. */
export function textsAt(from: JsonObject, key: string): readonly string[] {
  return listAt(from, key).filter((value) => typeof value === "string");
}

/** The text at `key`, or `undefined`. */
export function textAt(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  return typeof value === "string" ? value : undefined;
}

/** The text at `key`, or empty text. */
export function wordAt(from: JsonObject, key: string): string {
  return textAt(from, key) ?? "";
}

/** The number at `key`, or `undefined`. */
export function numberAt(from: JsonObject, key: string): number | undefined {
  const value = from[key];
  return typeof value === "number" ? value : undefined;
}

/** `properties` of an ARM document. */
export function propertiesOf(document: JsonObject): JsonObject {
  return objectAt(document, "properties");
}

/** The id in the reference `{"id": ...}` at `key`. */
export function referenceAt(from: JsonObject, key: string): string | undefined {
  return textAt(objectAt(from, key), "id");
}

/** The ids in the list of references at `key`. */
export function referencesAt(from: JsonObject, key: string): readonly string[] {
  return objectsAt(from, key).flatMap((reference) => textAt(reference, "id") ?? []);
}

/** A copy of `document` whose `properties` carry `more` on top. */
export function withProperties(document: JsonObject, more: JsonObject): JsonObject {
  return { ...document, properties: { ...propertiesOf(document), ...more } };
}
