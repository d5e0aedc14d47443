/** What one field of a kind may hold, how a strategic merge patch treats it, and whether it is written when empty. */
export type Schema = Leaf | ListSchema | MapSchema | ObjectSchema;

/** A value without parts. Formats follow the API's Go types, which give error messages their words. */
export interface Leaf {
  readonly type: "string" | "boolean" | "int32" | "int64" | "intOrString" | "time" | "microTime" | "any";
  readonly keepEmpty?: true;
}

/** A list; `merge` is absent where a strategic merge patch replaces it whole. */
export interface ListSchema {
  readonly type: "list";
  readonly of: Schema;
  /** `key` names the member that identifies an item; without it the items are scalars and the list is a set. */
  readonly merge?: { readonly key?: string };
  readonly keepEmpty?: true;
}

/** Free keys, one type of value: labels, annotations, selectors. */
export interface MapSchema {
  readonly type: "map";
  readonly of: Schema;
  readonly keepEmpty?: true;
}

/** Named fields; `goType` is the struct's name, which decoding errors mention. */
export interface ObjectSchema {
  readonly type: "object";
  readonly goType: string;
  readonly fields: Readonly<Record<string, Schema>>;
  readonly keepEmpty?: true;
}

/** A text; dropped when empty. */
export const text: Leaf = { type: "string" };
/** True or false; dropped when false, unless {@link kept}. */
export const flag: Leaf = { type: "boolean" };
/** A whole number below 2^31; dropped when zero, unless {@link kept}. */
export const int32: Leaf = { type: "int32" };
/** A whole number; dropped when zero, unless {@link kept}. */
export const int64: Leaf = { type: "int64" };
/** A number or a name: target ports. */
export const intOrString: Leaf = { type: "intOrString" };
/** RFC 3339, written in whole seconds. */
export const time: Leaf = { type: "time" };
/** RFC 3339 with exactly six digits of fraction. */
export const microTime: Leaf = { type: "microTime" };
/** Anything: kept as it came. */
export const anything: Leaf = { type: "any" };

/** A list that a strategic merge patch replaces whole. */
export function list(of: Schema): ListSchema {
  return { type: "list", of };
}

/** A list of objects that a strategic merge patch merges item by item, identified by member `key`. */
export function listBy(key: string, of: ObjectSchema): ListSchema {
  return { type: "list", of, merge: { key } };
}

/** A list of scalars that a strategic merge patch treats as a set. */
export function setOf(of: Leaf): ListSchema {
  return { type: "list", of, merge: {} };
}

/** A map with free keys. */
export function map(of: Schema): MapSchema {
  return { type: "map", of };
}

/** A struct. */
export function object(goType: string, fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return { type: "object", goType, fields };
}

/** The same, written even when it is empty or zero: a pointer in the Go type, or a field without `omitempty`. */
export function kept<S extends Schema>(schema: S): S {
  return { ...schema, keepEmpty: true };
}
