import { createHash } from "node:crypto";
import { noSuchResource } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { Registry } from "../registry.ts";
import type { ListSchema, Schema } from "../schema.ts";

/**
 * Answers `/openapi/v3`, the index, and `/openapi/v3/GROUP-VERSION-PATH`: schemas of the kinds, and paths whose
 * operations show that the server validates fields by itself. That is what kubectl asks before it creates or applies.
 *
 * @throws `ApiError` 404 for a path that is not in the index.
 */
export function openApiV3(registry: Registry, path: string): JsonObject {
  const documents = new Map([...registry.groups().values()].flatMap((kinds) => documentsOf(kinds)));
  const name = path.replace(/^\/openapi\/v3\/?/, "");
  if (name === "") return index(documents);
  const document = documents.get(name);
  if (document === undefined) throw noSuchResource();
  return document;
}

/** Answers `/openapi/v2`: all kinds in one document, for clients that are too old for v3. */
export function openApiV2(registry: Registry): JsonObject {
  const kinds = registry.resources.map(({ kind }) => kind);
  return {
    swagger: "2.0",
    info: INFO,
    paths: {},
    definitions: Object.fromEntries(kinds.map((kind) => [definitionName(kind), kindSchema(kind)])),
  };
}

/** A document of version 2 in protobuf that describes nothing: field 1, `swagger`, is "2.0". */
export const EMPTY_OPENAPI_V2 = "\n\u00032.0";

/** Media type of {@link EMPTY_OPENAPI_V2}. */
export const OPENAPI_V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

const INFO = { title: "Kubernetes", version: "v1.33.0" };

function index(documents: ReadonlyMap<string, JsonObject>): JsonObject {
  const paths = [...documents].map(([name, document]) => {
    const hash = createHash("sha256").update(JSON.stringify(document)).digest("hex").toUpperCase();
    return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

function documentsOf(kinds: readonly Kind[]): readonly (readonly [string, JsonObject])[] {
  const byVersion = Map.groupBy(kinds, (kind) => rootOf(kind));
  return [...byVersion].map(([root, served]) => [
    root.slice(1),
    {
      openapi: "3.0.0",
      info: INFO,
      paths: Object.fromEntries(served.flatMap((kind) => pathsOf(kind, root))),
      components: { schemas: Object.fromEntries(served.map((kind) => [definitionName(kind), kindSchema(kind)])) },
    },
  ]);
}

function pathsOf(kind: Kind, root: string): readonly (readonly [string, JsonObject])[] {
  const collection = `${root}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.plural}`;
  const operation = (action: string): JsonObject => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": groupVersionKind(kind),
    parameters: WRITE_PARAMETERS,
    responses: { "200": { description: "OK" } },
  });
  return [
    [collection, { post: operation("post") }],
    [`${collection}/{name}`, { put: operation("put"), patch: operation("patch") }],
  ];
}

const WRITE_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

function kindSchema(kind: Kind): JsonObject {
  return { ...schemaOf(kind.schema), "x-kubernetes-group-version-kind": [groupVersionKind(kind)] };
}

function schemaOf(schema: Schema): JsonObject {
  switch (schema.type) {
    case "object": {
      const properties = Object.entries(schema.fields).map(([name, field]) => [name, schemaOf(field)] as const);
      return { type: "object", properties: Object.fromEntries(properties) };
    }
    case "map":
      return { type: "object", additionalProperties: schemaOf(schema.of) };
    case "list":
      return { type: "array", items: schemaOf(schema.of), ...mergeMarks(schema) };
    case "any":
      return { type: "object" };
    default:
      return LEAVES[schema.type];
  }
}

const LEAVES = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  intOrString: { type: "string", format: "int-or-string" },
  time: { type: "string", format: "date-time" },
  microTime: { type: "string", format: "date-time" },
} as const;

function mergeMarks({ merge }: ListSchema): JsonObject {
  if (merge === undefined) return { "x-kubernetes-list-type": "atomic" };
  const strategy = { "x-kubernetes-patch-strategy": "merge" };
  return merge.key === undefined ? strategy : { ...strategy, "x-kubernetes-patch-merge-key": merge.key };
}

function definitionName({ group, version, kind }: Kind): string {
  const room = group === "" ? "core" : (group.split(".")[0] ?? group);
  return `io.k8s.api.${room}.${version}.${kind}`;
}

function groupVersionKind({ group, version, kind }: Kind): JsonObject {
  return { group, version, kind };
}

function rootOf(kind: Kind): string {
  return kind.group === "" ? "/api/v1" : `/apis/${apiVersionOf(kind)}`;
}
