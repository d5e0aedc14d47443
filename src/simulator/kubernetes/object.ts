import type { Json } from "./json.ts";

/** Metadata that every stored object has. */
export type ObjectMeta = {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly Json[];
};

/** An object of the Kubernetes API as it is stored and sent. Never changed in place: a write makes a new one. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: Json | undefined;
};

/** `namespace/name`, or `name` for a cluster-scoped object: its place within its kind. */
export function keyOf({ metadata }: KubernetesObject): string {
  return keyFor(metadata.namespace, metadata.name);
}

/** The key of the object `name` in `namespace`. */
export function keyFor(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** `object` with some of its metadata replaced. Members given as undefined are removed. */
export function withMeta(
  object: KubernetesObject,
  changes: { readonly [K in keyof ObjectMeta]?: ObjectMeta[K] | undefined },
): KubernetesObject {
  const metadata = Object.fromEntries(
    Object.entries({ ...object.metadata, ...changes }).filter(([, value]) => value !== undefined),
  );
  return { ...object, metadata: metadata as ObjectMeta };
}
