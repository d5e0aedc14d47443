import { isJsonList, isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { Leaf, ListSchema, MapSchema, ObjectSchema, Schema } from "./schema.ts";

/** A body after decoding: cleaned as a Go server's round trip would, with what strict decoding complains about. */
export interface Decoded {
  readonly value: JsonObject;
  /** Paths of fields that the kind does not have, in the order of the text: `spec.ports[0].foo`. They are dropped. */
  readonly unknown: readonly string[];
  /** The first value of a wrong type, in the words of Go's decoder; `value` is useless then. */
  readonly mismatch?: string;
}

/**
 * Reads `body` as `schema` says. Nulls, and empty values of fields that Go marks `omitempty`, are dropped, so that two
 * ways to write the same object end up equal. Unknown fields are dropped and reported.
 */
export function decode(schema: ObjectSchema, body: JsonObject): Decoded {
  const reading = new Reading();
  const value = reading.object(schema, body, { path: "", goPath: "", owner: schema.goType });
  return {
    value,
    unknown: reading.unknown,
    ...(reading.mismatch !== undefined && { mismatch: reading.mismatch }),
  };
}

/** Where the reader stands: the path for people, the path as Go prints it, and the struct that holds the field. */
interface Place {
  readonly path: string;
  readonly goPath: string;
  readonly owner: string;
}

class Reading {
  readonly unknown: string[] = [];
  mismatch: string | undefined;

  object(schema: ObjectSchema, body: JsonObject, place: Place): JsonObject {
    const result: Record<string, Json> = {};
    for (const [name, raw] of Object.entries(body)) {
      const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
      const at = { path: join(place.path, name), goPath: join(place.goPath, name), owner: schema.goType };
      if (field === undefined) {
        this.unknown.push(at.path);
        continue;
      }
      const value = this.#value(field, raw ?? null, at);
      if (value !== undefined) result[name] = value;
    }
    return result;
  }

  /** `undefined` for what is dropped. */
  #value(schema: Schema, raw: Json, place: Place): Json | undefined {
    if (schema.type === "any") return raw;
    if (raw === null) return undefined;
    const value = this.#present(schema, raw, place);
    return value !== undefined && isEmpty(schema, value) ? undefined : value;
  }

  #present(schema: Exclude<Schema, { readonly type: "any" }> | Leaf, raw: Json, place: Place): Json | undefined {
    switch (schema.type) {
      case "list":
        return this.#list(schema, raw, place);
      case "map":
        return this.#map(schema, raw, place);
      case "object":
        return isJsonObject(raw) ? this.object(schema, raw, place) : this.#refuse(schema.goType, raw, place);
      default:
        return this.#leaf(schema, raw, place);
    }
  }

  #list(schema: ListSchema, raw: Json, place: Place): Json | undefined {
    if (!isJsonList(raw)) return this.#refuse(`[]${goName(schema.of)}`, raw, place);
    return raw.flatMap((item, index) => {
      const value = this.#value({ ...schema.of, keepEmpty: true }, item, { ...place, path: `${place.path}[${index}]` });
      return value === undefined ? [] : [value];
    });
  }

  #map(schema: MapSchema, raw: Json, place: Place): Json | undefined {
    if (!isJsonObject(raw)) return this.#refuse(`map[string]${goName(schema.of)}`, raw, place);
    const result: Record<string, Json> = {};
    for (const [key, item] of Object.entries(raw)) {
      // Go reads null into a map of strings as the empty string.
      const filled = item === null && schema.of.type === "string" ? "" : (item ?? null);
      const value = this.#value({ ...schema.of, keepEmpty: true }, filled, { ...place, path: join(place.path, key) });
      if (value !== undefined) result[key] = value;
    }
    return result;
  }

  #leaf(schema: Leaf, raw: Json, place: Place): Json | undefined {
    const read = LEAVES[schema.type](raw);
    if (typeof read === "object") {
      this.mismatch ??= read.complaint;
      return undefined;
    }
    return read ?? this.#refuse(goName(schema), raw, place);
  }

  #refuse(goType: string, raw: Json, place: Place): undefined {
    const field = `${place.owner}.${place.goPath}`;
    this.mismatch ??= `json: cannot unmarshal ${described(raw)} into Go struct field ${field} of type ${goType}`;
    return undefined;
  }
}

type Reader = (raw: Json) => string | number | boolean | undefined | { readonly complaint: string };

const LEAVES: Readonly<Record<Exclude<Leaf["type"], "any"> | "any", Reader>> = {
  string: (raw) => (typeof raw === "string" ? raw : undefined),
  boolean: (raw) => (typeof raw === "boolean" ? raw : undefined),
  int32: (raw) => (Number.isInteger(raw) && Math.abs(raw as number) < 2 ** 31 ? (raw as number) : undefined),
  int64: (raw) => (Number.isInteger(raw) ? (raw as number) : undefined),
  intOrString: (raw) => (typeof raw === "string" || Number.isInteger(raw) ? (raw as string | number) : undefined),
  time: (raw) =>
    readTime(raw, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, "2006-01-02T15:04:05Z07:00"),
  // The layout has six digits, and Go's parser then accepts no other number of them.
  microTime: (raw) =>
    readTime(raw, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/, "2006-01-02T15:04:05.000000Z07:00"),
  any: () => undefined,
};

function readTime(raw: Json, form: RegExp, layout: string): string | undefined | { readonly complaint: string } {
  if (typeof raw !== "string") return undefined;
  if (!form.test(raw) || Number.isNaN(Date.parse(raw))) {
    return { complaint: `parsing time ${JSON.stringify(raw)} as ${JSON.stringify(layout)}: cannot parse` };
  }
  const seconds = new Date(raw).toISOString().slice(0, 19);
  const fraction = layout.includes(".") ? /\.\d{6}/.exec(raw)?.[0] : "";
  return `${seconds}${fraction}Z`;
}

function isEmpty(schema: Schema, value: Json): boolean {
  if (schema.keepEmpty === true || schema.type === "object") return false;
  if (isJsonList(value)) return value.length === 0;
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}

function goName(schema: Schema): string {
  switch (schema.type) {
    case "object":
      return schema.goType;
    case "list":
      return `[]${goName(schema.of)}`;
    case "map":
      return `map[string]${goName(schema.of)}`;
    case "boolean":
      return "bool";
    case "intOrString":
      return "intstr.IntOrString";
    default:
      return schema.type;
  }
}

function described(raw: Json): string {
  if (Array.isArray(raw)) return "array";
  if (typeof raw === "number") return Number.isInteger(raw) ? "number" : `number ${raw}`;
  return typeof raw === "boolean" ? "bool" : typeof raw;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
