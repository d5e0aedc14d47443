import { badRequest } from "./api-error.ts";
import type { Cluster } from "./cluster.ts";
import type { JsonObject } from "./json.ts";
import { apiVersionOf } from "./kinds/kind.ts";
import { type KubernetesObject, keyFor } from "./object.ts";
import type { Edit } from "./patch/edit.ts";
import { applyMergePatch } from "./patch/merge-patch.ts";
import type { Resource } from "./registry.ts";
import type { Removed } from "./remover.ts";

/** Which object: the kind's name (`Service`), and namespace and name. Cluster-scoped kinds take an undefined namespace. */
export interface ObjectReference {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The objects of a simulator without HTTP: by the same rules, seen by watches, but not in the journal. */
export interface ObjectAccess {
  /** True for the kinds of manifests that can be created here. */
  serves(manifest: { readonly apiVersion?: string; readonly kind?: string }): boolean;
  /**
   * Creates an object from a manifest with apiVersion and kind; its namespace is `default` when it names none.
   *
   * @throws `ApiError` as the server would answer.
   */
  create(manifest: object): KubernetesObject;
  /** The object, or undefined. */
  get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined;
  /** All objects of a kind by namespace and name, of one namespace if it is given. */
  list(kind: string, namespace?: string): readonly KubernetesObject[];
  /** Replaces all but the status. @throws `ApiError` as the server would answer, 409 for a stale resourceVersion. */
  update(object: object): KubernetesObject;
  /** Replaces the status, and takes labels, annotations and finalizers along. @throws `ApiError` */
  updateStatus(object: object): KubernetesObject;
  /** Applies a JSON merge patch to all but the status. @throws `ApiError` */
  patch(reference: ObjectReference, patch: object): KubernetesObject;
  /** Applies a JSON merge patch to status and metadata. @throws `ApiError` */
  patchStatus(reference: ObjectReference, patch: object): KubernetesObject;
  /** Deletes; finalizers keep the object until they are gone. @throws `ApiError` 404 */
  delete(kind: string, namespace: string | undefined, name: string): Removed;
}

/** {@link ObjectAccess} to a cluster. */
export class DirectAccess implements ObjectAccess {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  readonly serves = ({ apiVersion = "", kind = "" }: { apiVersion?: string; kind?: string }): boolean => {
    const found = this.#cluster.registry.byKind(apiVersion, kind);
    return found?.kind.verbs.includes("create") === true;
  };

  readonly create = (manifest: object): KubernetesObject => {
    const body = wire(manifest);
    const resource = this.#resourceOf(body);
    const { namespace = "default" } = body.metadata;
    return this.#cluster.create(resource, resource.kind.namespaced ? namespace : undefined, body).object;
  };

  readonly get = (kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined => {
    const resource = this.#named(kind);
    return resource.store.get(keyFor(resource.kind.namespaced ? namespace : undefined, name));
  };

  readonly list = (kind: string, namespace?: string): readonly KubernetesObject[] => {
    const all = this.#named(kind).store.all();
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  };

  readonly update = (object: object): KubernetesObject => {
    const body = wire(object);
    return this.#cluster.replace(this.#resourceOf(body), body.metadata, body).object;
  };

  readonly updateStatus = (object: object): KubernetesObject => {
    const body = wire(object);
    const { namespace, name } = body.metadata;
    return this.#cluster.replace(this.#resourceOf(body), { namespace, name, subresource: "status" }, body).object;
  };

  readonly patch = ({ kind, namespace, name }: ObjectReference, patch: object): KubernetesObject => {
    return this.#cluster.patch(this.#named(kind), { namespace, name }, mergeEdit(patch)).object;
  };

  readonly patchStatus = ({ kind, namespace, name }: ObjectReference, patch: object): KubernetesObject => {
    const target = { namespace, name, subresource: "status" } as const;
    return this.#cluster.patch(this.#named(kind), target, mergeEdit(patch)).object;
  };

  readonly delete = (kind: string, namespace: string | undefined, name: string): Removed =>
    this.#cluster.remove(this.#named(kind), { namespace, name });

  #named(kind: string): Resource {
    const found = this.#cluster.registry.resources.find((resource) => resource.kind.kind === kind);
    if (found === undefined) throw badRequest(`the kind ${JSON.stringify(kind)} is not served`);
    return found;
  }

  #resourceOf({ apiVersion, kind }: KubernetesObject): Resource {
    const found = this.#cluster.registry.byKind(apiVersion, kind);
    if (found !== undefined) return found;
    const served = this.#cluster.registry.resources.map(
      (resource) => `${apiVersionOf(resource.kind)} ${resource.kind.kind}`,
    );
    throw badRequest(
      `no kind ${JSON.stringify(kind)} of ${JSON.stringify(apiVersion)} is served, want one of ${served.join(", ")}`,
    );
  }
}

function mergeEdit(patch: object): Edit {
  const sent = json(patch);
  return { sent, apply: (current) => applyMergePatch(current, sent) as JsonObject };
}

/** What would go over the wire: dates become text, undefined members vanish. */
function json(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function wire(manifest: object): KubernetesObject {
  return { metadata: { name: "" }, ...json(manifest) } as KubernetesObject;
}
