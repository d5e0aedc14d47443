import { assertNever } from "../../base/checked.ts";
import type { ErrorDetail } from "./arm-error.ts";
import { parseArmId, typeName } from "./arm-id.ts";
import { isObject, type Json, type JsonObject, objectAt, textAt, wordAt } from "./json.ts";
import type {
  ChildrenField,
  ChoiceField,
  Field,
  FlagField,
  GroupField,
  IntegerField,
  ListField,
  ReferenceField,
  Shape,
  TextField,
} from "./shape.ts";

/** Members that only ARM writes: ignored wherever a request carries them. */
const READ_ONLY: ReadonlySet<string> = new Set([
  "id",
  "etag",
  "type",
  "provisioningState",
  "resourceGuid",
  "systemData",
]);

/** How a body is read, and where what is wrong with it is noted. */
export interface Reading {
  /** Keep members that the shape does not name. */
  readonly keepUnknown: boolean;
  /** Members beyond {@link READ_ONLY} that this type computes: back-references, addresses. */
  readonly computed: ReadonlySet<string>;
  readonly details: ErrorDetail[];
}

/** Where in the body a value stands. */
interface Place {
  readonly path: string;
  /** Id of the resource or child that holds it. */
  readonly id: string;
}

/**
 * The members of `body` that `shape` knows: defaults filled in, words in ARM's casing, references shrunk to their ids in
 * canonical spelling, read-only members dropped. What is wrong is noted in `reading.details`.
 */
export function normalise(shape: Shape, body: JsonObject, place: Place, reading: Reading): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, field] of Object.entries(shape)) {
    const value = body[key] ?? undefined;
    const at = { path: place.path === "" ? key : `${place.path}.${key}`, id: place.id };
    const normal = value === undefined ? fallbackOf(field, at, reading) : read(field, value, at, reading);
    if (normal !== undefined) result[key] = normal;
  }
  if (reading.keepUnknown) keepUnknown(shape, body, result, reading);
  return result;
}

function keepUnknown(shape: Shape, body: JsonObject, result: Record<string, Json>, reading: Reading): void {
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined || key in shape || READ_ONLY.has(key) || reading.computed.has(key)) continue;
    result[key] = value;
  }
}

function fallbackOf(field: Field, place: Place, reading: Reading): Json | undefined {
  if (field.kind === "group") return field.always ? normalise(field.shape, {}, place, reading) : undefined;
  if (field.kind === "list" || field.kind === "children") return field.always ? [] : undefined;
  return "fallback" in field ? field.fallback : undefined;
}

function read(field: Field, value: Json, place: Place, reading: Reading): Json | undefined {
  switch (field.kind) {
    case "any":
      return value;
    case "text":
    case "flag":
      return readPlain(field, value, place, reading);
    case "integer":
      return readInteger(field, value, place, reading);
    case "choice":
      return readChoice(field, value, place, reading);
    case "reference":
      return readReference(field, value, place, reading);
    case "list":
      return readList(field, value, place, reading);
    case "children":
      return readChildren(field, value, place, reading);
    case "group":
      return readGroup(field, value, place, reading);
    default:
      return assertNever(field);
  }
}

const PLAIN = { text: ["string", "System.String"], flag: ["boolean", "System.Boolean"] } as const;

function readPlain(field: TextField | FlagField, value: Json, place: Place, reading: Reading): Json | undefined {
  const [type, name] = PLAIN[field.kind];
  return typeof value === type ? value : mistyped(value, name, place, reading);
}

function readGroup(field: GroupField, value: Json, place: Place, reading: Reading): Json | undefined {
  if (!isObject(value)) return mistyped(value, "System.Object", place, reading);
  return normalise(field.shape, value, place, reading);
}

function readInteger(field: IntegerField, value: Json, place: Place, reading: Reading): number | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) return mistyped(value, "System.Int32", place, reading);
  if (value >= field.min && value <= field.max) return value;
  const message = `Value ${value} is out of range ${field.min}-${field.max}. Path '${place.path}'.`;
  reading.details.push({ code: "InvalidJson", message });
  return undefined;
}

function readChoice(field: ChoiceField, value: Json, place: Place, reading: Reading): string | undefined {
  const word = typeof value === "string" ? value.toLowerCase() : undefined;
  const known = field.of.find((candidate) => candidate.toLowerCase() === word);
  return known ?? mistyped(value, `one of ${field.of.join(", ")}`, place, reading);
}

function readReference(field: ReferenceField, value: Json, place: Place, reading: Reading): Json | undefined {
  const { path } = place;
  const id = isObject(value) ? textAt(value, "id") : undefined;
  if (id === undefined) {
    reading.details.push({
      code: "MissingJsonReferenceId",
      message: `Value for reference id is missing. Path ${path}.`,
    });
    return undefined;
  }
  const parsed = parseArmId(id);
  if (parsed === undefined) {
    const message = `Reference Id ${id} is not formatted correctly. The Id is expected to reference resources of type ${field.to}. Path ${path}.`;
    reading.details.push({ code: "InvalidJsonReferenceFormat", message });
    return undefined;
  }
  if (typeName(parsed).toLowerCase() !== field.to.toLowerCase()) {
    const message = `Reference Id ${id} is referencing resource of a wrong type. The Id is expected to reference resources of type ${field.to}. Path ${path}.`;
    reading.details.push({ code: "InvalidJsonReferenceWrongType", message });
    return undefined;
  }
  return { id: parsed.text };
}

function readList(field: ListField, value: Json, place: Place, reading: Reading): Json | undefined {
  if (!Array.isArray(value)) return mistyped(value, "System.Collections.Generic.List", place, reading);
  const items = (value as readonly Json[])
    .map((item, i) => read(field.of, item, { ...place, path: `${place.path}[${i}]` }, reading))
    .filter((item): item is Json => item !== undefined);
  return items.length === 0 && !field.always ? undefined : (items as readonly Json[]);
}

function readChildren(field: ChildrenField, value: Json, place: Place, reading: Reading): Json | undefined {
  if (!Array.isArray(value)) return mistyped(value, "System.Collections.Generic.List", place, reading);
  const taken = new Set<string>();
  const type = place.path.slice(place.path.lastIndexOf(".") + 1);
  const items = (value as readonly Json[]).flatMap((item, i): readonly JsonObject[] => {
    const path = `${place.path}[${i}]`;
    const name = isObject(item) ? textAt(item, "name") : undefined;
    if (!isObject(item) || name === undefined || name === "") {
      reading.details.push({
        code: "InvalidJson",
        message: `Required property 'name' not found in JSON. Path '${path}'.`,
      });
      return [];
    }
    if (taken.has(name.toLowerCase())) {
      const message = `Resource ${place.id} has two child resources with the same name (${name}).`;
      reading.details.push({ code: "DuplicateResourceName", message });
    }
    taken.add(name.toLowerCase());
    return [readChild(field.shape, item, { path, id: `${place.id}/${type}/${name}` }, reading)];
  });
  return items;
}

/** One sub-resource of a body: `{name, zones?, properties}`. */
export function readChild(shape: Shape, item: JsonObject, place: Place, reading: Reading): JsonObject {
  const zones =
    Array.isArray(item["zones"]) && item["zones"].length > 0 ? { zones: item["zones"] as readonly Json[] } : {};
  const properties = objectAt(item, "properties");
  return {
    name: wordAt(item, "name"),
    ...zones,
    properties: normalise(shape, properties, { ...place, path: `${place.path}.properties` }, reading),
  };
}

function mistyped(value: Json, type: string, place: Place, reading: Reading): undefined {
  const message = `Error converting value ${JSON.stringify(value)} to type '${type}'. Path '${place.path}'.`;
  reading.details.push({ code: "InvalidJson", message });
  return undefined;
}
