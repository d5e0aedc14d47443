import { badRequest } from "../api-error.ts";
import type { Json, JsonObject } from "../json.ts";
import { MESSAGES, type Message } from "./protobuf-messages.ts";

/** Four bytes that stand before every protobuf body of the Kubernetes API. */
const MAGIC = "k8s\u0000";

/** One field as it stands on the wire. */
interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * Reads a protobuf body as the JSON that says the same. `kubectl create service` and `kubectl create namespace` send
 * nothing else; the kinds they make are the kinds that can be read.
 *
 * @throws `ApiError` 400 for other kinds and for bytes that are no such message.
 */
export function readProtobuf(bytes: Uint8Array): JsonObject {
  if (Buffer.from(bytes.subarray(0, 4)).toString("latin1") !== MAGIC)
    throw badRequest("the body is no protobuf object");
  const unknown = toJson("Unknown", bytes.subarray(4));
  const { apiVersion, kind } = (unknown["typeMeta"] ?? {}) as { apiVersion?: string; kind?: string };
  const message = `${apiVersion}/${kind}`;
  const raw = fieldsOf(bytes.subarray(4)).find(({ number }) => number === 2)?.value;
  if (!(message in MESSAGES))
    throw badRequest(`objects of kind ${kind} of ${apiVersion} can only be sent as JSON or YAML`);
  return { apiVersion, kind, ...toJson(message, raw instanceof Uint8Array ? raw : new Uint8Array()) };
}

function toJson(name: string, bytes: Uint8Array): JsonObject {
  const message: Message = MESSAGES[name] ?? {};
  const result: Record<string, Json> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message[number];
    if (field === undefined) continue;
    const [key, type] = field;
    if (type.startsWith("[]")) result[key] = [...((result[key] as readonly Json[]) ?? []), read(type.slice(2), value)];
    else if (type === "map") result[key] = { ...(result[key] as JsonObject), ...entry(value) };
    else result[key] = read(type, value);
  }
  return result;
}

function read(type: string, value: number | Uint8Array): Json {
  if (typeof value === "number") return type === "bool" ? value === 1 : value;
  if (type === "string") return Buffer.from(value).toString("utf8");
  const object = toJson(type, value);
  if (type === "Time") return new Date(((object["seconds"] as number | undefined) ?? 0) * 1000).toISOString();
  if (type !== "IntOrString") return object;
  return (object["type"] === 1 ? object["text"] : object["number"]) ?? 0;
}

function entry(value: number | Uint8Array): JsonObject {
  const { key = "", value: text = "" } = read("Entry", value) as { key?: string; value?: string };
  return { [key]: text };
}

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw badRequest("the protobuf body ends too early");
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) fields.push({ number, value: varint() });
    else if (tag % 8 === 2) {
      const length = varint();
      fields.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw badRequest(`the protobuf body has a field of wire type ${tag % 8}`);
  }
  return fields;
}
