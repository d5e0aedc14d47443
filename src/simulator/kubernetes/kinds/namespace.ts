import { isJsonObject, type Json } from "../json.ts";
import { type KubernetesObject, withMeta } from "../object.ts";
import { list, listBy, object, text } from "../schema.ts";
import { ageOf } from "./age.ts";
import { condition } from "./conditions.ts";
import { column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { label1123Problem } from "./names.ts";

/** v1 Namespaces. */
export const namespaceKind: Kind = {
  ...PLAIN,
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  namespaced: false,
  // Namespaces are the one kind without deletecollection.
  verbs: PLAIN.verbs.filter((verb) => verb !== "deletecollection"),
  schema: object("Namespace", {
    ...TYPE_AND_META,
    spec: object("NamespaceSpec", { finalizers: list(text) }),
    status: object("NamespaceStatus", { phase: text, conditions: listBy("type", condition) }),
  }),
  hasStatus: true,
  columns: [column("Status", "The status of the namespace"), column("Age", "Time since creation.")],
  cells: ({ metadata, status }, { nowMs }) => [
    metadata.name,
    phaseOf(status),
    ageOf(metadata.creationTimestamp, nowMs),
  ],
  fields: ({ status }) => ({ "status.phase": phaseOf(status) }),
  nameProblem: label1123Problem,
  prepare: (next, old) => {
    const labelled = labelWithName(next);
    if (old !== undefined) return labelled;
    return { ...labelled, spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } };
  },
};

function phaseOf(status: Json | undefined): string {
  const phase = isJsonObject(status) ? status["phase"] : undefined;
  return typeof phase === "string" ? phase : "";
}

/** Every namespace carries its own name as a label, so that selectors can name it. */
function labelWithName(namespace: KubernetesObject): KubernetesObject {
  const { labels, name } = namespace.metadata;
  return withMeta(namespace, { labels: { ...labels, "kubernetes.io/metadata.name": name } });
}
