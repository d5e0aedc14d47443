import { createHash } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import { ApiError, alreadyExists, forbidden, invalid, invalidValue, notFound } from "./api-error.ts";
import {
  aboutKind,
  aboutResource,
  bornFrom,
  changedFrom,
  changesNothing,
  checkObject,
  checkPlace,
  checkStatus,
  checkVersion,
  readObject,
  statusChangedFrom,
  unreadable,
} from "./deciding.ts";
import type { JsonObject } from "./json.ts";
import type { Kind } from "./kinds/kind.ts";
import { type KubernetesObject, keyFor, keyOf, withMeta } from "./object.ts";
import { describeLikeGo, type Edit } from "./patch/edit.ts";
import type { Registry, Resource } from "./registry.ts";

/** How strictly unknown fields are taken, and whether anything is stored. */
export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

/** Which object a write is about. */
export interface Target {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly subresource?: "status" | undefined;
}

/** The outcome of a write. */
export interface Written {
  readonly object: KubernetesObject;
  /** Texts for `Warning` headers. */
  readonly warnings: readonly string[];
}

/** Creates and replaces objects, one at a time: every method runs to its end without giving way. */
export class Writer {
  readonly #registry: Registry;
  readonly #clock: Clock;
  #births = 0;

  constructor(registry: Registry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** @throws `ApiError` as the real server refuses a POST. */
  create(resource: Resource, namespace: string | undefined, body: JsonObject, options: WriteOptions = {}): Written {
    const { kind, store } = resource;
    const { object: wish, unknown } = readObject(kind, body);
    const warnings = judgeUnknown(kind, unknown, options);
    checkPlace(wish, { namespace });
    this.#checkNamespace(kind, namespace, wish.metadata.name);
    const named = this.#named(withMeta(wish, { namespace: kind.namespaced ? namespace : undefined }));
    const born = bornFrom(kind, named, this.#birth(named));
    const next = this.#allocate(kind, born, undefined);
    checkObject(kind, next, undefined);
    if (store.get(keyOf(next)) !== undefined) throw alreadyExists(aboutResource(kind, next.metadata.name));
    if (options.dryRun === true) return { object: next, warnings };
    const object = store.put(next);
    kind.allocator?.settle(object, undefined);
    return { object, warnings };
  }

  /** Replaces an object, or its status. @throws `ApiError` as the real server refuses a PUT. */
  replace(resource: Resource, target: Target, body: JsonObject, options: WriteOptions = {}): Written {
    const { kind } = resource;
    const old = this.find(resource, target);
    const { object: wish, unknown } = readObject(kind, body);
    const warnings = judgeUnknown(kind, unknown, options);
    checkPlace(wish, target);
    return { object: this.#store(resource, { wish, old, target, options }), warnings };
  }

  /**
   * Patches an object, or its status, and stores the result.
   *
   * @throws `ApiError` as the real server refuses a PATCH.
   */
  patch(resource: Resource, target: Target, edit: Edit, options: WriteOptions = {}): Written {
    const { kind } = resource;
    const old = this.find(resource, target);
    const { object: wish, unknown } = readObject(kind, edit.apply(old));
    const warnings = judgePatchUnknown(edit, unknown, options);
    checkPlace(wish, target);
    return { object: this.#store(resource, { wish, old, target, options }), warnings };
  }

  /** The object at `target`; @throws `ApiError` 404. */
  find({ kind, store }: Resource, { namespace, name }: Target): KubernetesObject {
    const found = store.get(keyFor(kind.namespaced ? namespace : undefined, name));
    if (found === undefined) throw notFound(aboutResource(kind, name));
    return found;
  }

  /** Now, as the API writes times. */
  timestamp(): string {
    return `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
  }

  #store(
    { kind, store }: Resource,
    {
      wish,
      old,
      target,
      options,
    }: { wish: KubernetesObject; old: KubernetesObject; target: Target; options: WriteOptions },
  ): KubernetesObject {
    checkVersion(kind, wish, old);
    const next = target.subresource === "status" ? this.#nextStatus(kind, wish, old) : this.#next(kind, wish, old);
    if (options.dryRun === true) return next;
    if (isFinished(next)) {
      const last = store.remove(next);
      kind.allocator?.settle(undefined, old);
      return last;
    }
    if (changesNothing(next, old)) return old;
    const object = store.put(next);
    kind.allocator?.settle(object, old);
    return object;
  }

  #next(kind: Kind, wish: KubernetesObject, old: KubernetesObject): KubernetesObject {
    const next = this.#allocate(kind, changedFrom(kind, wish, old), old);
    checkObject(kind, next, old);
    return withMeta(next, { resourceVersion: old.metadata.resourceVersion });
  }

  #nextStatus(kind: Kind, wish: KubernetesObject, old: KubernetesObject): KubernetesObject {
    const next = statusChangedFrom(kind, wish, old);
    checkStatus(kind, next, old);
    return withMeta(next, { resourceVersion: old.metadata.resourceVersion });
  }

  #allocate(kind: Kind, next: KubernetesObject, old: KubernetesObject | undefined): KubernetesObject {
    if (kind.allocator === undefined) return next;
    const { object, causes } = kind.allocator.assign(next, old);
    if (causes.length === 0) return object;
    // A value outside the pool is often wrong in a plainer way too; that complaint comes first.
    checkObject(kind, object, old);
    throw invalid(aboutKind(kind, next.metadata.name), causes);
  }

  #checkNamespace(kind: Kind, namespace: string | undefined, name: string): void {
    if (!kind.namespaced) return;
    const namespaces = this.#registry.byPath("", "v1", "namespaces");
    const found = namespaces.store.get(namespace ?? "");
    if (found === undefined) throw notFound(aboutResource(namespaces.kind, namespace ?? ""));
    if (found.metadata.deletionTimestamp === undefined) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(aboutResource(kind, name), why);
  }

  #named(wish: KubernetesObject): KubernetesObject {
    const { name, generateName } = wish.metadata;
    if (name !== "" || generateName === undefined) return wish;
    const digest = createHash("sha256")
      .update(`${generateName}/${this.#births + 1}`)
      .digest();
    const suffix = [...digest.subarray(0, 5)].map((byte) => NAME_ALPHABET[byte % NAME_ALPHABET.length]).join("");
    return withMeta(wish, { name: `${generateName.slice(0, 58)}${suffix}` });
  }

  /** Unique within this server and the same in every run: derived from what is created, and how many were before. */
  #birth(object: KubernetesObject): { uid: string; creationTimestamp: string } {
    const seed = `${++this.#births}/${object.kind}/${keyOf(object)}`;
    const hex = createHash("sha256").update(seed).digest("hex");
    const uid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    return { uid, creationTimestamp: this.timestamp() };
  }
}

/** The letters of generated names: no vowels, so that they spell nothing. */
const NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** True when an object that is being deleted has lost its last finalizer. */
export function isFinished({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
}

function judgeUnknown(
  kind: Kind,
  unknown: readonly string[],
  { fieldValidation = "Warn" }: WriteOptions,
): readonly string[] {
  const complaints = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (complaints.length === 0 || fieldValidation === "Ignore") return [];
  if (fieldValidation === "Strict") throw unreadable(kind, `strict decoding error: ${complaints.join(", ")}`);
  return complaints;
}

function judgePatchUnknown(
  { sent }: Edit,
  unknown: readonly string[],
  { fieldValidation = "Warn" }: WriteOptions,
): readonly string[] {
  const complaints = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (complaints.length === 0 || fieldValidation === "Ignore") return [];
  if (fieldValidation === "Warn") return complaints;
  // The real server blames the patch, and names no object.
  const cause = invalidValue("patch", describeLikeGo(sent), `strict decoding error: ${complaints.join(", ")}`);
  throw new ApiError(422, "Invalid", ` "" is invalid: ${cause.field}: ${cause.message}`, { causes: [{ ...cause }] });
}
