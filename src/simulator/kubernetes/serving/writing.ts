import { parse } from "yaml";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { ApiError, badRequest, methodNotAllowed, unsupportedMediaType } from "../api-error.ts";
import { aboutResource } from "../deciding.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Edit } from "../patch/edit.ts";
import { applyJsonPatch } from "../patch/json-patch.ts";
import { applyMergePatch } from "../patch/merge-patch.ts";
import { PatchError } from "../patch/patch-error.ts";
import { applyStrategicPatch } from "../patch/strategic-patch.ts";
import type { Resource } from "../registry.ts";
import { readRemoveOptions } from "../remover.ts";
import type { WriteOptions, Written } from "../writer.ts";
import { listType, readForm } from "./form.ts";
import { readProtobuf } from "./protobuf.ts";
import { inForm, type Reading } from "./reading.ts";
import type { Route } from "./route.ts";
import { readSelection } from "./selection.ts";

type Named = Route & { readonly name: string };

/** Answers POST to a collection. @throws `ApiError` */
export function answerCreate(reading: Reading, route: Route, request: SimulatedRequest): Answer {
  checkOnePlace(route);
  const written = reading.cluster.create(route.resource, route.namespace, readBody(request), readOptions(route));
  return answerWritten(reading, { route, request, written, status: 201 });
}

/** Answers PUT of an object or its status. @throws `ApiError` */
export function answerReplace(reading: Reading, route: Named, request: SimulatedRequest): Answer {
  const written = reading.cluster.replace(route.resource, route, readBody(request), readOptions(route));
  return answerWritten(reading, { route, request, written, status: 200 });
}

/** Answers PATCH of an object or its status. @throws `ApiError` */
export function answerPatch(reading: Reading, route: Named, request: SimulatedRequest): Answer {
  const { sent, apply } = readPatch(route.resource, request);
  const edit: Edit = {
    sent,
    apply: (current) => {
      try {
        return apply(current);
      } catch (error) {
        throw error instanceof PatchError ? refusedPatch(error, route) : error;
      }
    },
  };
  const written = reading.cluster.patch(route.resource, route, edit, readOptions(route));
  return answerWritten(reading, { route, request, written, status: 200 });
}

/** Answers DELETE of one object. @throws `ApiError` */
export function answerDelete({ cluster, texts }: Reading, route: Named, request: SimulatedRequest): Answer {
  if (route.subresource !== undefined) throw methodNotAllowed();
  const options = readRemoveOptions(readOptionalBody(request), isDryRun(route));
  const { object, gone } = cluster.remove(route.resource, route, options);
  const { kind } = route.resource;
  if (!gone || kind.returnsDeleted === true) return { status: 200, headers: JSON_TYPE, body: texts.of(object) };
  const details = {
    name: route.name,
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
    uid: object.metadata.uid,
  };
  return { status: 200, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
}

/** Answers DELETE of a collection: every selected object, each as if alone. @throws `ApiError` */
export function answerDeleteCollection({ cluster, texts }: Reading, route: Route, request: SimulatedRequest): Answer {
  const { resource } = route;
  checkOnePlace(route);
  const options = readRemoveOptions(readOptionalBody(request), isDryRun(route));
  const selected = resource.store.all().filter(readSelection(route).matches);
  const removed = selected.map(({ metadata: { namespace, name } }) =>
    cluster.remove(resource, { namespace, name }, options),
  );
  const resourceVersion = String(cluster.registry.revisions.current);
  const head = JSON.stringify({ ...listType(resource.kind), metadata: { resourceVersion } });
  const items = removed.map(({ object }) => texts.asItem(object)).join(",");
  return { status: 200, headers: JSON_TYPE, body: `${head.slice(0, -1)},"items":[${items}]}` };
}

const JSON_TYPE = { "content-type": "application/json" };

/** Writes to a collection are about one namespace; only reads span them all. */
function checkOnePlace({ resource, namespace }: Route): void {
  if (resource.kind.namespaced && namespace === undefined) throw methodNotAllowed();
}

function answerWritten(
  reading: Reading,
  { route, request, written, status }: { route: Route; request: SimulatedRequest; written: Written; status: number },
): Answer {
  const warning = written.warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(", ");
  return {
    status,
    headers: { ...JSON_TYPE, ...(warning !== "" && { warning }) },
    body: inForm(reading, route, written.object, readForm(request.headers, route.query)),
  };
}

function readOptions(route: Route): WriteOptions {
  const asked = route.query.get("fieldValidation") ?? "Warn";
  if (asked !== "Strict" && asked !== "Warn" && asked !== "Ignore" && asked !== "") {
    throw badRequest(
      `fieldValidation: Unsupported value: ${JSON.stringify(asked)}: supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  return { dryRun: isDryRun(route), ...(asked !== "" && { fieldValidation: asked }) };
}

function isDryRun({ query }: Route): boolean {
  const asked = query.getAll("dryRun");
  if (asked.some((value) => value !== "All")) throw badRequest('dryRun: Unsupported value: supported values: "All"');
  return asked.length > 0;
}

function readBody(request: SimulatedRequest): JsonObject {
  const body = readJson(request);
  if (!isJsonObject(body)) throw badRequest("the object provided is unrecognized: want a JSON object");
  return body;
}

function readOptionalBody(request: SimulatedRequest): JsonObject {
  return request.body.trim() === "" ? {} : readBody(request);
}

function readJson({ headers, body, bytes }: SimulatedRequest): Json {
  const type = mediaType(headers["content-type"]);
  if (type === PROTOBUF && bytes !== undefined) return readProtobuf(bytes);
  try {
    if (type === "" || type.endsWith("json")) return JSON.parse(body) as Json;
    if (type.endsWith("yaml")) return parse(body) as Json;
  } catch (error) {
    throw badRequest(`couldn't get version/kind; ${type || "json"} parse error: ${(error as Error).message}`);
  }
  const accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";

const PATCH_TYPES: Readonly<Record<string, (resource: Resource, patch: Json) => Edit["apply"]>> = {
  "application/json-patch+json": (_resource, patch) => (current) => asObject(applyJsonPatch(current, patch)),
  "application/merge-patch+json": (_resource, patch) => (current) => asObject(applyMergePatch(current, patch)),
  "application/strategic-merge-patch+json":
    ({ kind }, patch) =>
    (current) =>
      applyStrategicPatch(kind.schema, current, asObject(patch)),
};

function readPatch(resource: Resource, request: SimulatedRequest): Edit {
  const type = mediaType(request.headers["content-type"]);
  const read = PATCH_TYPES[type];
  if (read !== undefined) {
    const sent = readJson(request);
    return { sent, apply: read(resource, sent) };
  }
  const accepted = Object.keys(PATCH_TYPES).join(", ");
  // Server-side apply needs an owner for every field; a clear refusal is better than half of it.
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted}; ${JSON.stringify(type)} is not served by this simulator`,
  );
}

function asObject(value: Json): JsonObject {
  if (isJsonObject(value)) return value;
  throw new PatchError("format", "the patch does not leave an object");
}

function refusedPatch(error: PatchError, { resource, name }: Named): ApiError {
  if (error.fault === "format") return badRequest(error.message);
  const { group, kind } = aboutResource(resource.kind, name);
  const message = "the server rejected our request due to an error in our request";
  const causes = [{ reason: "UnexpectedServerResponse", message: error.message }];
  return new ApiError(422, "Invalid", message, { name, ...(group !== "" && { group }), kind, causes });
}

function mediaType(header: string | undefined): string {
  return (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
