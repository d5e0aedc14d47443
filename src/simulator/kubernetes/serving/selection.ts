import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { parseFieldSelector, parseLabelSelector } from "../selectors.ts";
import type { Route } from "./route.ts";

/** Decides which objects of a collection a request is about: namespace, name, label and field selectors. */
export interface Selection {
  readonly matches: (object: KubernetesObject) => boolean;
  /** True when a selector is at work: the real server then does not count what remains of a paged list. */
  readonly isNarrowed: boolean;
}

/** @throws `ApiError` 400 for selectors that cannot be read. */
export function readSelection({ resource, namespace, name, query }: Route): Selection {
  const { kind } = resource;
  const labelText = query.get("labelSelector") ?? "";
  const fieldText = query.get("fieldSelector") ?? "";
  const byLabel = parseLabelSelector(labelText);
  const sample = Object.keys(selectable(kind, NOTHING));
  const byField = parseFieldSelector(fieldText, (path) => sample.includes(path));
  return {
    isNarrowed: labelText !== "" || fieldText !== "",
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      (labelText === "" || byLabel(object.metadata.labels ?? {})) &&
      (fieldText === "" || byField(selectable(kind, object))),
  };
}

const NOTHING: KubernetesObject = { apiVersion: "", kind: "", metadata: { name: "" } };

function selectable(kind: Kind, object: KubernetesObject): Readonly<Record<string, string>> {
  const { name, namespace = "" } = object.metadata;
  return { "metadata.name": name, ...(kind.namespaced && { "metadata.namespace": namespace }), ...kind.fields(object) };
}
