import { type About, badRequest, conflict, forbidden, invalid, invalidValue } from "./api-error.ts";
import { type Decoded, decode } from "./decode.ts";
import { type JsonObject, sameJson, without } from "./json.ts";
import { apiVersionOf, type Kind } from "./kinds/kind.ts";
import { validateMetadata } from "./kinds/metadata.ts";
import { type KubernetesObject, withMeta } from "./object.ts";

/** What the server adds to an object by itself. */
export interface Birth {
  readonly uid: string;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string;
}

/** `about` of refusals that name the resource by its plural. */
export function aboutResource(kind: Kind, name: string): About {
  return { group: kind.group, kind: kind.plural, name };
}

/** `about` of refusals that name the kind. */
export function aboutKind(kind: Kind, name: string): About {
  return { group: kind.group, kind: kind.kind, name };
}

/**
 * Reads a body as an object of `kind`, with the kind's defaults.
 *
 * @throws `ApiError` 400 for a body of another kind or with values of a wrong type.
 */
export function readObject(kind: Kind, body: JsonObject): { readonly object: KubernetesObject } & Decoded {
  checkType(kind, body);
  const decoded = decode(kind.schema, body);
  if (decoded.mismatch !== undefined) throw unreadable(kind, decoded.mismatch);
  const { apiVersion: _, kind: __, metadata, ...rest } = decoded.value;
  const object = {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name: "", ...(metadata as JsonObject | undefined) },
    ...rest,
  };
  return { ...decoded, object: kind.defaults(object) };
}

/** 400 for a body that cannot be read as `kind`. */
export function unreadable(kind: Kind, why: string) {
  return badRequest(
    `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${why}`,
  );
}

function checkType(kind: Kind, { apiVersion, kind: name }: JsonObject): void {
  const expected = apiVersionOf(kind);
  if (apiVersion !== undefined && apiVersion !== expected) {
    const got = JSON.stringify(apiVersion);
    throw badRequest(`the API version in the data (${got}) does not match the expected API version (${expected})`);
  }
  if (name !== undefined && name !== kind.kind) {
    const got = JSON.stringify(name);
    throw badRequest(
      `an object of kind ${got} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: no kind ${got} is registered for this path`,
    );
  }
}

/** A new object as it is stored, before values are allocated and it is validated. */
export function bornFrom(kind: Kind, wish: KubernetesObject, { uid, creationTimestamp }: Birth): KubernetesObject {
  if (wish.metadata.resourceVersion !== undefined) {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  const named = withMeta(wish, {
    uid,
    creationTimestamp,
    resourceVersion: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    generation: kind.countsGenerations === true ? 1 : undefined,
  });
  const clean = cleanMeta(named);
  const stripped = kind.hasStatus && kind.keepsStatusOnCreate !== true ? dropStatus(clean) : clean;
  return kind.prepare(kind.defaults(stripped), undefined);
}

/** An object that replaces `old`, before values are allocated and it is validated: status is taken from `old`. */
export function changedFrom(kind: Kind, wish: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const kept = keepIdentity(wish, old);
  const whole = kind.hasStatus ? withStatusOf(kept, old) : kept;
  return countGeneration(kind, kind.prepare(kind.defaults(whole), old), old);
}

/** An object that replaces `old` through the status subresource: everything but status and metadata is from `old`. */
export function statusChangedFrom(kind: Kind, wish: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const { metadata } = keepIdentity(wish, old);
  return kind.defaults(withStatusOf({ ...old, metadata }, wish));
}

/** @throws `ApiError` 409 when `wish` was made from another version or object than `old`; 422 when it must say and does not. */
export function checkVersion(kind: Kind, wish: KubernetesObject, old: KubernetesObject): void {
  const { resourceVersion, uid } = wish.metadata;
  const about = aboutResource(kind, old.metadata.name);
  if (uid !== undefined && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(about, why);
  }
  if (resourceVersion === undefined || resourceVersion === "0") {
    if (kind.unconditionalUpdate) return;
    const cause = invalidValue("metadata.resourceVersion", 0, "must be specified for an update");
    throw invalid(aboutKind(kind, old.metadata.name), [cause]);
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw conflict(about);
}

/** @throws `ApiError` 422 with everything that is wrong with `next`. */
export function checkObject(kind: Kind, next: KubernetesObject, old: KubernetesObject | undefined): void {
  const causes = [...validateMetadata(kind, next, old), ...kind.validate(next, old)];
  if (causes.length > 0) throw invalid(aboutKind(kind, next.metadata.name), causes);
}

/** @throws `ApiError` 422 with everything that is wrong with a status write. */
export function checkStatus(kind: Kind, next: KubernetesObject, old: KubernetesObject): void {
  const causes = [...validateMetadata(kind, next, old), ...kind.validateStatus(next, old)];
  if (causes.length > 0) throw invalid(aboutKind(kind, next.metadata.name), causes);
}

/** True when storing `next` over `old` would change nothing: the real server then writes nothing either. */
export function changesNothing(next: KubernetesObject, old: KubernetesObject): boolean {
  const { resourceVersion } = old.metadata;
  return sameJson(withMeta(next, { resourceVersion }), old);
}

/** @throws `ApiError` 400 when the body names another object than the path. */
export function checkPlace(
  { metadata }: KubernetesObject,
  place: { readonly namespace?: string | undefined; readonly name?: string },
): void {
  if (place.namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== place.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (place.name !== undefined && metadata.name !== "" && metadata.name !== place.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${place.name})`);
  }
}

/** @throws `ApiError` 403 for namespaces that the real server protects. */
export function checkDeletable(kind: Kind, { metadata }: KubernetesObject): void {
  if (kind.kind !== "Namespace" || !PROTECTED_NAMESPACES.includes(metadata.name)) return;
  throw forbidden(aboutResource(kind, metadata.name), "this namespace may not be deleted");
}

const PROTECTED_NAMESPACES: readonly string[] = ["default", "kube-system", "kube-public"];

function keepIdentity(wish: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const { uid, namespace, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, generateName } =
    old.metadata;
  return cleanMeta(
    withMeta(wish, {
      name: old.metadata.name,
      namespace,
      uid,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      generation,
      generateName,
      resourceVersion: undefined,
    }),
  );
}

function cleanMeta(object: KubernetesObject): KubernetesObject {
  const metadata = without(object.metadata, "managedFields", "selfLink");
  return { ...object, metadata: { name: object.metadata.name, ...metadata } };
}

function dropStatus(object: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = object;
  return rest as KubernetesObject;
}

function withStatusOf(object: KubernetesObject, source: KubernetesObject): KubernetesObject {
  return source["status"] === undefined ? dropStatus(object) : { ...dropStatus(object), status: source["status"] };
}

function countGeneration(kind: Kind, next: KubernetesObject, old: KubernetesObject): KubernetesObject {
  if (kind.countsGenerations !== true) return next;
  const same = sameJson(without(next, "metadata", "status"), without(old, "metadata", "status"));
  return same ? next : withMeta(next, { generation: (old.metadata.generation ?? 0) + 1 });
}
