import type { Cause } from "../api-error.ts";
import type { KubernetesObject } from "../object.ts";
import type { ObjectSchema } from "../schema.ts";

/** One column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer";
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: 0 | 1;
  readonly description: string;
}

/** What a kind may use to make up its table cells and its defaults. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Everything the server knows about a kind: data and pure rules. The rest of the server is the same for all kinds. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly schema: ObjectSchema;
  /** Whether there is a `/status` subresource, which alone writes `status`. */
  readonly hasStatus: boolean;
  /** Whether `status` survives a create: a kubelet registers its node with one. */
  readonly keepsStatusOnCreate?: boolean;
  /** Whether `metadata.generation` counts changes of anything but metadata. */
  readonly countsGenerations?: boolean;
  /** Whether a PUT without resourceVersion is accepted. */
  readonly unconditionalUpdate: boolean;
  /** Whether DELETE answers with the object instead of a Status. */
  readonly returnsDeleted?: boolean;
  /** Columns of `kubectl get` after the first, which is the name. */
  readonly columns: readonly Column[];
  /** False where there is no name column in front: events. */
  readonly namesFirst?: boolean;
  /** The cells of one row, the name first if {@link namesFirst}, then one for each of `columns`. */
  readonly cells: (object: KubernetesObject, moment: Moment) => readonly (string | number)[];
  /** Values of the field selectors that this kind has besides `metadata.name` and `metadata.namespace`. */
  readonly fields: (object: KubernetesObject) => Readonly<Record<string, string>>;
  /** How an object may be called; `undefined` accepts, a string says what is wrong. */
  readonly nameProblem: (name: string) => string | undefined;
  /** Fills in what the real server fills in whenever an object of this kind is read from a client. */
  readonly defaults: (object: KubernetesObject) => KubernetesObject;
  /** What a create or an update changes on top of the client's wish, before validation. `old` is undefined on create. */
  readonly prepare: (next: KubernetesObject, old: KubernetesObject | undefined) => KubernetesObject;
  /** Everything wrong with an object; on update also what may not change. */
  readonly validate: (next: KubernetesObject, old: KubernetesObject | undefined) => readonly Cause[];
  /** Everything wrong with a status write. */
  readonly validateStatus: (next: KubernetesObject, old: KubernetesObject) => readonly Cause[];
  /** Values that the server hands out from a pool, such as cluster IPs. */
  readonly allocator?: Allocator;
}

/** A pool that objects of a kind draw from. */
export interface Allocator {
  /** `next` with its free values chosen; nothing is taken until {@link settle}. */
  assign(
    next: KubernetesObject,
    old: KubernetesObject | undefined,
  ): { readonly object: KubernetesObject; readonly causes: readonly Cause[] };
  /** Records that `old` has given way to `next`: undefined means created, or deleted. */
  settle(next: KubernetesObject | undefined, old: KubernetesObject | undefined): void;
}

/** All verbs of an ordinary resource. */
const ALL_VERBS: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** The members of {@link Kind} that most kinds have in common. */
export const PLAIN = {
  shortNames: [],
  categories: [],
  verbs: ALL_VERBS,
  hasStatus: false,
  unconditionalUpdate: true,
  fields: () => ({}),
  defaults: (object: KubernetesObject) => object,
  prepare: (next: KubernetesObject) => next,
  validate: () => [],
  validateStatus: () => [],
} satisfies Partial<Kind>;

/** `v1`, or `group/version`. */
export function apiVersionOf({ group, version }: Pick<Kind, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** A column. */
export function column(name: string, description: string, priority: 0 | 1 = 0): Column {
  return { name, type: "string", priority, description };
}
