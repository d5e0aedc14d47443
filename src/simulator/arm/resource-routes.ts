import type { Answer } from "../http/exchange.ts";
import { ArmError, gatewayError } from "./arm-error.ts";
import { type ArmId, ancestor } from "./arm-id.ts";
import { type Call, methodNotAllowed, readBody } from "./call.ts";
import type { Engine, Outcome } from "./engine.ts";
import { type JsonObject, withProperties } from "./json.ts";
import { operationHeaders } from "./operation-urls.ts";
import { JSON_CONTENT } from "./paging.ts";
import type { ResourceRecord } from "./record.ts";
import { type FoundType, findType } from "./registry.ts";
import { etagOf } from "./render.ts";
import { checkVersion, hasChildType, unknownType } from "./type-errors.ts";
import type { Write } from "./write.ts";

/** An answer, and the guid of the operation it tells of. */
export type OperationAnswer = Answer & { readonly operationId?: string };

/** Requests on one resource or one of its children. */
export class ResourceRoutes {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Answers a request on `id`, whose resource group exists. @throws ArmError */
  serve(call: Call, id: ArmId): OperationAnswer {
    const found = foundType(call, id);
    found.type.checkName?.(id.names[found.depth - 1] ?? "");
    switch (call.method) {
      case "GET":
        return this.#get(call, id, found);
      case "PUT":
        return this.#put(call, id, found);
      case "PATCH":
        return this.#patch(call, id, found);
      case "DELETE":
        requireWritable(call, id, found);
        return toldAnswer(call, this.#engine.delete(writeOf(call, id, found, {})), true);
      default:
        throw methodNotAllowed(call);
    }
  }

  #get(call: Call, id: ArmId, { type, depth }: FoundType): Answer {
    const record = this.#engine.store.get(ancestor(id, depth).key);
    if (record === undefined) throw missingResource(ancestor(id, depth), this.#engine);
    const etag = type.withoutEtag === true ? {} : { etag: etagOf(record, this.#engine.store) };
    const headers = { ...JSON_CONTENT, ...etag };
    if (id.types.length === depth) return { status: 200, headers, body: shownText(record, call, this.#engine) };
    const child = this.#engine.renderer.child(record, id);
    if (child === undefined) throw missingChild(id);
    return { status: 200, headers, body: JSON.stringify({ type: type.name, ...child }) };
  }

  #put(call: Call, id: ArmId, found: FoundType): OperationAnswer {
    requireWritable(call, id, found);
    const exists = this.#engine.store.get(ancestor(id, found.depth).key) !== undefined;
    if (found.type.madeByParent === true && !exists) throw missingResource(id, this.#engine);
    return this.#told(call, found, this.#engine.put(writeOf(call, id, found, readBody(call))));
  }

  /** The network provider patches only tags, at once; compute merges the body like a PUT. */
  #patch(call: Call, id: ArmId, found: FoundType): OperationAnswer {
    if (id.types.length > found.depth) throw methodNotAllowed(call);
    const record = this.#engine.store.get(id.key);
    if (record === undefined) throw missingResource(id, this.#engine);
    const write = writeOf(call, id, found, readBody(call));
    const isNetwork = found.type.provider === "network";
    return this.#told(call, found, isNetwork ? this.#engine.patchTags(write, record) : this.#engine.put(write));
  }

  #told(call: Call, { type }: FoundType, outcome: Outcome): OperationAnswer {
    return toldAnswer(call, outcome, type.put === "accepted");
  }
}

/** A resource as JSON, with its instance view where `$expand` asks for it and the type has one. */
export function shownText(record: ResourceRecord, { query }: Call, { renderer, store }: Engine): string {
  const { text, document } = renderer.render(record);
  const expands = query.get("$expand")?.toLowerCase() === "instanceview";
  const view = expands ? record.type.readActions?.["instanceView"] : undefined;
  return view === undefined ? text : JSON.stringify(withProperties(document, { instanceView: view(record, store) }));
}

/** The 404 for a resource: it names the top-level one if that is not there either. */
export function missingResource(id: ArmId, { store }: Engine): ArmError {
  const top = ancestor(id, 1);
  const { namespace, resourceGroup, types, names } = store.get(top.key) === undefined ? top : id;
  const path = types.map((type, i) => `${type}/${names[i] ?? ""}`).join("/");
  const message = `The Resource '${namespace}/${path}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return gatewayError(404, "ResourceNotFound", message);
}

/** The 404 for a child of a resource that exists. */
export function missingChild(id: ArmId): ArmError {
  return new ArmError(404, "NotFound", `Resource ${id.text} not found.`, { details: [] });
}

function foundType(call: Call, id: ArmId): FoundType {
  const found = findType(id);
  if (found === undefined || !hasChildType(found, id.types.slice(found.depth))) throw unknownType(id, call);
  checkVersion(found.type, call.caller.apiVersion);
  return found;
}

function requireWritable(call: Call, id: ArmId, { type, depth }: FoundType): void {
  const [child] = id.types.slice(depth);
  if (child !== undefined && !type.writableChildren.includes(child)) throw methodNotAllowed(call);
}

/** A write as a request asks for it. */
export function writeOf({ caller, conditions, method }: Call, id: ArmId, found: FoundType, body: JsonObject): Write {
  const verb = method === "DELETE" || method === "PATCH" || method === "POST" ? method : "PUT";
  return { id, ...found, method: verb, body, conditions, caller, direct: false };
}

/** The answer to a write. @param withLocation - also tell of the operation in `Location`. */
export function toldAnswer(
  call: Call,
  { status, text, etag, operation }: Outcome,
  withLocation: boolean,
): OperationAnswer {
  const headers = {
    ...(text !== undefined && JSON_CONTENT),
    ...(etag !== undefined && { etag }),
    ...(operation !== undefined && operationHeaders(operation, call.caller, withLocation)),
  };
  const body = text === undefined ? {} : { body: text };
  return { status, headers, ...body, ...(operation !== undefined && { operationId: operation.id }) };
}
