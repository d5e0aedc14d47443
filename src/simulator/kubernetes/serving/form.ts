import type { IncomingHttpHeaders } from "node:http";
import { badRequest } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import { apiVersionOf, type Column, type Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";

/** How much of each object a table row carries along. */
export type RowObject = "None" | "Metadata" | "Object";

/** The form in which objects are wanted: as they are, as rows of a table, or only their metadata. */
export type Form = { readonly kind: "plain" | "metadata" } | { readonly kind: "table"; readonly rowObject: RowObject };

/**
 * Reads the form from the `Accept` header. `kubectl get` asks for a table and takes plain JSON as second best.
 *
 * @throws `ApiError` 400 for an `includeObject` that does not exist.
 */
export function readForm(headers: IncomingHttpHeaders, query: URLSearchParams): Form {
  for (const type of (headers.accept ?? "").split(",")) {
    const parameters = Object.fromEntries(
      type
        .split(";")
        .slice(1)
        .map((parameter) => parameter.trim().split("=", 2) as [string, string]),
    );
    if (parameters["g"] !== "meta.k8s.io" || parameters["v"] !== "v1") continue;
    if (parameters["as"] === "Table") return { kind: "table", rowObject: readRowObject(query) };
    if (parameters["as"]?.startsWith("PartialObjectMetadata")) return { kind: "metadata" };
  }
  return { kind: "plain" };
}

function readRowObject(query: URLSearchParams): RowObject {
  const asked = query.get("includeObject") ?? "Metadata";
  if (asked === "None" || asked === "Metadata" || asked === "Object") return asked;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
}

/** Metadata and type alone, as `PartialObjectMetadata`. */
export function partial({ metadata }: KubernetesObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}

/** What a table tells about a list beside its rows. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** Options of {@link table}. */
export interface TableOptions {
  readonly rowObject: RowObject;
  readonly nowMs: number;
  readonly metadata: ListMeta;
  /** False after the first event of a watch: the client knows the columns by then. */
  readonly header?: boolean;
}

/** `objects` as `kubectl get` prints them. */
export function table(kind: Kind, objects: readonly KubernetesObject[], options: TableOptions): JsonObject {
  const { rowObject, nowMs, metadata, header = true } = options;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { ...metadata },
    columnDefinitions: header ? columnsOf(kind).map(definition) : null,
    rows: objects.map((object) => ({
      cells: kind.cells(object, { nowMs }),
      ...(rowObject !== "None" && { object: rowObject === "Object" ? object : partial(object) }),
    })),
  };
}

function columnsOf(kind: Kind): readonly Column[] {
  if (kind.namesFirst === false) return kind.columns;
  const name: Column = {
    name: "Name",
    type: "string",
    priority: 0,
    description: "Name must be unique within a namespace.",
  };
  return [name, ...kind.columns];
}

function definition({ name, type, priority, description }: Column): JsonObject {
  return { name, type, format: name === "Name" ? "name" : "", description, priority };
}

/** `kind` and `apiVersion` of a list of `kind`. */
export function listType(kind: Kind): { readonly kind: string; readonly apiVersion: string } {
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind) };
}
