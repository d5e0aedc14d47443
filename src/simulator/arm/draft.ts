import { type ErrorDetail, gatewayError, networkError } from "./arm-error.ts";
import { type ArmId, nameOf } from "./arm-id.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, objectsAt, propertiesOf, textAt } from "./json.ts";
import { LOCATIONS, locationName } from "./locations.ts";
import { normalise, type Reading, readChild } from "./normalise.ts";
import type { ResourceRecord } from "./record.ts";
import type { ResourceType } from "./resource-type.ts";

/** A body on its way into the store. */
export interface Incoming {
  readonly id: ArmId;
  readonly type: ResourceType;
  readonly body: JsonObject;
  readonly previous: ResourceRecord | undefined;
  readonly keepUnknown: boolean;
}

/**
 * The document that `body` asks for: normalised, with location and tags checked.
 *
 * @throws ArmError for what ARM's front door or the provider's parser refuses.
 */
export function draftOf(incoming: Incoming): JsonObject {
  const { id, type, previous } = incoming;
  if (type.provider === "network") checkName(nameOf(id));
  const body = type.update === "merge" && previous !== undefined ? merge(previous.shown, incoming.body) : incoming.body;
  checkIdentity(incoming);
  const reading = readingOf(incoming);
  const location = locationOf(incoming);
  const tags = tagsOf(body);
  const zones = listAt(body, "zones");
  const document = {
    ...(location !== undefined && { location }),
    ...(tags !== undefined && { tags }),
    ...(zones.length > 0 && { zones }),
    ...normalise(type.envelope, body, { path: "", id: id.text }, { ...reading, keepUnknown: false }),
    properties: normalise(type.shape, propertiesOf(body), { path: "properties", id: id.text }, reading),
  };
  refuseMalformed(reading.details);
  return document;
}

/** The parent's document with one child of a list put in or replaced. */
export function withChild(incoming: Incoming, parent: ResourceRecord): JsonObject {
  const list = incoming.id.types.at(-1) ?? "";
  const name = nameOf(incoming.id);
  const field = incoming.type.shape[list];
  const reading = readingOf(incoming);
  const existing = objectsAt(propertiesOf(parent.shown), list);
  const known = existing.find((child) => sameName(child, name));
  const item = { ...incoming.body, name: known === undefined ? name : (textAt(known, "name") ?? name) };
  const shape = field?.kind === "children" ? field.shape : {};
  const child = readChild(shape, item, { path: list, id: incoming.id.text }, reading);
  refuseMalformed(reading.details);
  const others = existing.map((candidate) => (candidate === known ? child : candidate));
  return withList(parent.shown, list, known === undefined ? [...existing, child] : others);
}

/** The parent's document without one child; the same document when it has none of that name. */
export function withoutChild(parent: JsonObject, list: string, name: string): JsonObject {
  const existing = objectsAt(propertiesOf(parent), list);
  const others = existing.filter((child) => !sameName(child, name));
  return others.length === existing.length ? parent : withList(parent, list, others);
}

function withList(parent: JsonObject, list: string, items: readonly JsonObject[]): JsonObject {
  return { ...parent, properties: { ...propertiesOf(parent), [list]: items } };
}

function sameName(child: JsonObject, name: string): boolean {
  return textAt(child, "name")?.toLowerCase() === name.toLowerCase();
}

function readingOf({ type, keepUnknown }: Incoming): Reading {
  return { keepUnknown, computed: new Set(type.computed), details: [] };
}

function refuseMalformed(details: readonly ErrorDetail[]): void {
  if (details.length > 0) throw networkError("InvalidRequestFormat", "Cannot parse the request.", details);
}

function checkName(name: string): void {
  if (/^\w([\w.-]{0,78}\w)?$/.test(name)) return;
  const message = `Resource name ${name} is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`;
  throw networkError("InvalidResourceName", message);
}

/** `id`, `name` and `type` of a body are ignored when they agree with the URL. */
function checkIdentity({ id, type, body }: Incoming): void {
  const claims: readonly (readonly [string, string])[] = [
    ["id", id.text],
    ["name", nameOf(id)],
    ["type", type.name],
  ];
  for (const [key, expected] of claims) {
    const claimed = textAt(body, key);
    if (claimed === undefined || key === "name" || claimed.toLowerCase() === expected.toLowerCase()) continue;
    const message = `The request content was invalid: '${key}' is '${claimed}', but the URL says '${expected}'.`;
    throw gatewayError(400, "InvalidRequestContent", message);
  }
}

function locationOf({ id, type, body, previous }: Incoming): string | undefined {
  const given = textAt(body, "location");
  if (given === undefined || given === "") {
    if (previous !== undefined) return previous.location === "" ? undefined : previous.location;
    if (id.types.length > 1) return undefined;
    throw gatewayError(400, "LocationRequired", "The location property is required for this definition.");
  }
  const location = locationName(given);
  if (previous !== undefined && previous.location !== location) {
    const message = `The resource '${nameOf(id)}' already exists in location '${previous.location}' in resource group '${id.resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`;
    throw gatewayError(409, "InvalidResourceLocation", message);
  }
  if (LOCATIONS.some(({ name }) => name === location)) return location;
  const known = LOCATIONS.map(({ name }) => name).join(",");
  const message = `The provided location '${given}' is not available for resource type '${type.name}'. List of available regions for the resource type is '${known}'.`;
  throw gatewayError(400, "LocationNotAvailableForResourceType", message);
}

/** ARM's limits on tags: 50 pairs, names up to 512 and values up to 256 characters, no `<>%&\?/` in names. */
function tagsOf(body: JsonObject): JsonObject | undefined {
  if (!isObject(body["tags"])) return undefined;
  const tags = Object.entries(body["tags"]);
  if (tags.length > 50) {
    throw gatewayError(400, "TagLimitExceeded", `The maximum number of tags is 50, got ${tags.length}.`);
  }
  for (const [name, value] of tags) checkTag(name, value);
  return body["tags"];
}

function checkTag(name: string, value: Json | undefined): void {
  if (/[<>%&\\?/]/.test(name)) {
    const message = `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`;
    throw gatewayError(400, "InvalidTagNameCharacters", message);
  }
  if (typeof value !== "string" || name.length > 512 || value.length > 256) {
    const message = `The tag '${name}' is invalid: a name has up to 512 characters, a value up to 256.`;
    throw gatewayError(400, "InvalidTag", message);
  }
}

/** JSON merge patch: objects merge, everything else is replaced. */
function merge(base: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(patch)])) {
    const [before, after] = [base[key], patch[key]];
    const value = isObject(before) && isObject(after) && key !== "tags" ? merge(before, after) : (after ?? before);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

/** Tags as a PATCH gives them: the whole map. */
export function patchedTags(body: JsonObject): JsonObject {
  return tagsOf({ tags: objectAt(body, "tags") }) ?? {};
}
