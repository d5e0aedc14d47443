import { type Cause, invalidValue, notAllowed, required, tooLong } from "../api-error.ts";
import type { KubernetesObject, ObjectMeta } from "../object.ts";
import { anything, flag, int64, kept, list, listBy, map, object, setOf, text, time } from "../schema.ts";
import type { Kind } from "./kind.ts";
import { labelValueProblem, qualifiedNameProblem } from "./names.ts";

/** `metadata` of every kind. */
const objectMeta = object("ObjectMeta", {
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: kept(int64),
  labels: map(text),
  annotations: map(text),
  ownerReferences: listBy(
    "uid",
    object("OwnerReference", {
      apiVersion: text,
      kind: text,
      name: text,
      uid: text,
      controller: kept(flag),
      blockOwnerDeletion: kept(flag),
    }),
  ),
  finalizers: setOf(text),
  managedFields: list(anything),
});

/** The fields that every object has beside its own. */
export const TYPE_AND_META = { apiVersion: text, kind: text, metadata: objectMeta } as const;

/** Most bytes that all annotations of an object may take together. */
const ANNOTATION_BYTES = 262_144;

/** Finalizers of the API itself, which need no domain. */
const STANDARD_FINALIZERS: readonly string[] = ["kubernetes", "orphan", "foregroundDeletion"];

/** Everything wrong with the metadata of `next`. */
export function validateMetadata(
  kind: Kind,
  next: KubernetesObject,
  old: KubernetesObject | undefined,
): readonly Cause[] {
  const { metadata } = next;
  return [
    ...validateName(kind, metadata),
    ...validateLabels(metadata),
    ...validateAnnotations(metadata),
    ...validateFinalizers(metadata, old?.metadata),
  ];
}

function validateName(kind: Kind, { name }: ObjectMeta): readonly Cause[] {
  if (name === "") return [required("metadata.name", "name or generateName is required")];
  const problem = kind.nameProblem(name);
  return problem === undefined ? [] : [invalidValue("metadata.name", name, problem)];
}

function validateLabels({ labels = {} }: ObjectMeta): readonly Cause[] {
  return Object.entries(labels).flatMap(([key, value]) =>
    [[key, qualifiedNameProblem(key)] as const, [value, labelValueProblem(value)] as const].flatMap(([got, problem]) =>
      problem === undefined ? [] : [invalidValue("metadata.labels", got, problem)],
    ),
  );
}

function validateAnnotations({ annotations = {} }: ObjectMeta): readonly Cause[] {
  const bad = Object.keys(annotations).flatMap((key) => {
    const problem = qualifiedNameProblem(key.toLowerCase());
    return problem === undefined ? [] : [invalidValue("metadata.annotations", key, problem)];
  });
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return bytes > ANNOTATION_BYTES ? [...bad, tooLong("metadata.annotations", ANNOTATION_BYTES, "bytes")] : bad;
}

function validateFinalizers(
  { finalizers = [], deletionTimestamp }: ObjectMeta,
  old: ObjectMeta | undefined,
): readonly Cause[] {
  const bad = finalizers.flatMap((finalizer, index) => {
    const problem = qualifiedNameProblem(finalizer);
    return problem === undefined || STANDARD_FINALIZERS.includes(finalizer)
      ? []
      : [invalidValue(`metadata.finalizers[${index}]`, finalizer, problem)];
  });
  const before = old?.finalizers ?? [];
  const added = finalizers.filter((finalizer) => !before.includes(finalizer));
  if (old === undefined || deletionTimestamp === undefined || added.length === 0) return bad;
  const names = added.map((name) => JSON.stringify(name)).join(", ");
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [...bad, notAllowed("metadata.finalizers", why)];
}
