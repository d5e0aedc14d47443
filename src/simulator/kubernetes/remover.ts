import { badRequest, conflict } from "./api-error.ts";
import { aboutResource, checkDeletable } from "./deciding.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import { type KubernetesObject, withMeta } from "./object.ts";
import type { Registry, Resource } from "./registry.ts";
import { isFinished, type Target, type Writer } from "./writer.ts";

/** `DeleteOptions`, as far as they change anything here. */
export interface RemoveOptions {
  readonly dryRun?: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What became of a deleted object. */
export interface Removed {
  readonly object: KubernetesObject;
  /** False while finalizers hold the object. */
  readonly gone: boolean;
}

/** Deletes objects, and plays the namespace controller: a deleted namespace takes its content along. */
export class Remover {
  readonly #registry: Registry;
  readonly #writer: Writer;

  constructor(registry: Registry, writer: Writer) {
    this.#registry = registry;
    this.#writer = writer;
  }

  /** @throws `ApiError` as the real server refuses a DELETE. */
  remove(resource: Resource, target: Target, options: RemoveOptions = {}): Removed {
    const old = this.#writer.find(resource, target);
    checkPreconditions(resource, old, options);
    checkDeletable(resource.kind, old);
    if (options.dryRun === true) return { object: old, gone: !isHeld(old) };
    if (resource.kind.kind === "Namespace") return this.#removeNamespace(resource, old);
    return this.#removeOne(resource, old);
  }

  /** Removes the namespace of `object` if it is being deleted and now empty. Call it after an object has gone. */
  sweep({ metadata }: KubernetesObject): void {
    const namespaces = this.#registry.byPath("", "v1", "namespaces");
    const namespace = namespaces.store.get(metadata.namespace ?? "");
    if (namespace?.metadata.deletionTimestamp === undefined || isHeld(namespace)) return;
    if (this.#contentOf(namespace).length === 0) namespaces.store.remove(namespace);
  }

  #removeOne({ kind, store }: Resource, old: KubernetesObject): Removed {
    if (!isHeld(old)) {
      const last = store.remove(old);
      kind.allocator?.settle(undefined, old);
      this.sweep(last);
      return { object: last, gone: true };
    }
    if (old.metadata.deletionTimestamp !== undefined) return { object: old, gone: false };
    return { object: store.put(this.#marked(old)), gone: false };
  }

  #removeNamespace({ store }: Resource, old: KubernetesObject): Removed {
    const marked = old.metadata.deletionTimestamp === undefined ? this.#marked(old) : old;
    const object = store.put({ ...marked, status: { phase: "Terminating" } });
    for (const { resource, object: content } of this.#contentOf(old)) this.#removeOne(resource, content);
    this.#sweepSelf(object);
    return { object, gone: store.get(old.metadata.name) === undefined };
  }

  #sweepSelf(namespace: KubernetesObject): void {
    this.sweep(withMeta(namespace, { namespace: namespace.metadata.name }));
  }

  #contentOf(namespace: KubernetesObject): readonly { resource: Resource; object: KubernetesObject }[] {
    return this.#registry.resources
      .filter(({ kind }) => kind.namespaced)
      .flatMap((resource) =>
        resource.store
          .all()
          .filter(({ metadata }) => metadata.namespace === namespace.metadata.name)
          .map((object) => ({ resource, object })),
      );
  }

  #marked(old: KubernetesObject): KubernetesObject {
    return withMeta(old, { deletionTimestamp: this.#writer.timestamp(), deletionGracePeriodSeconds: 0 });
  }
}

/**
 * Reads `DeleteOptions` from a body. Propagation policies are accepted and change nothing: there are no dependents, and
 * the finalizers by which the real server waits for its garbage collector would never be removed.
 *
 * @throws `ApiError` 400 for options that make no sense.
 */
export function readRemoveOptions(body: JsonObject, dryRun: boolean): RemoveOptions {
  const policy = body["propagationPolicy"];
  if (policy !== undefined && !POLICIES.some((known) => known === policy)) {
    throw badRequest(`invalid propagationPolicy ${JSON.stringify(policy)}, want Background, Foreground or Orphan`);
  }
  const preconditions = isJsonObject(body["preconditions"]) ? body["preconditions"] : {};
  const { uid, resourceVersion } = preconditions;
  return {
    dryRun: dryRun || (Array.isArray(body["dryRun"]) && body["dryRun"].length > 0),
    ...(typeof uid === "string" && { uid }),
    ...(typeof resourceVersion === "string" && { resourceVersion }),
  };
}

const POLICIES = ["Background", "Foreground", "Orphan"] as const;

function checkPreconditions({ kind }: Resource, { metadata }: KubernetesObject, options: RemoveOptions): void {
  const about = aboutResource(kind, metadata.name);
  if (options.uid !== undefined && options.uid !== metadata.uid) {
    throw conflict(
      about,
      `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== metadata.resourceVersion) {
    const versions = `ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(about, `Precondition failed: ${versions}`);
  }
}

function isHeld(object: KubernetesObject): boolean {
  return !isFinished(withMeta(object, { deletionTimestamp: "now" }));
}
