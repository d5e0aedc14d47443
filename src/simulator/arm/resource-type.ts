import type { Action } from "./action.ts";
import type { ArmError } from "./arm-error.ts";
import type { ArmId } from "./arm-id.ts";
import type { BackReference } from "./back-references.ts";
import type { JsonObject } from "./json.ts";
import type { WriteTiming } from "./latency.ts";
import type { Link } from "./links.ts";
import type { ResourceRecord } from "./record.ts";
import type { Shape } from "./shape.ts";
import type { Store } from "./store.ts";

/** A write on its way in: the normalised body, and what it replaces. */
export interface Draft {
  readonly id: ArmId;
  readonly document: JsonObject;
  readonly previous: ResourceRecord | undefined;
  /** The list of the child that the request writes; `undefined` when it writes the resource itself. */
  readonly child?: string | undefined;
  /** Somebody's write past the sockets, such as a seed's: it may do what other services do. */
  readonly direct?: boolean;
}

/** What ARM computes anew whenever it prints a resource. */
export interface View {
  /** Members of the resource's own `properties`. */
  readonly own?: JsonObject;
  /** Members of a child's `properties`, by the child's id in lower case. */
  readonly children?: ReadonlyMap<string, JsonObject>;
  /** Members beside `properties`. */
  readonly envelope?: JsonObject;
}

/**
 * What the first answer of a PUT says: `updating` until the operation ends; `succeeded` at once although an operation
 * runs (load balancers); `synchronous` without any operation (network interfaces); `accepted` is 202 with a part of the
 * document, for PATCH too (disks).
 */
export type PutHabit = "updating" | "succeeded" | "synchronous" | "accepted";

/** `GET {resource}/{name}`: a computed document below a resource. */
export type ReadAction = (record: ResourceRecord, world: Store) => JsonObject;

/**
 * One resource type: data, and the rules that are its own. Everything that all types share (ids, etags, conditions,
 * operations, lists, references that must exist) is done by the simulator around it.
 */
export interface ResourceType {
  /** `Microsoft.Network/loadBalancers`; a type below another one names both. */
  readonly name: string;
  /** Accepted api-versions, newest last. */
  readonly apiVersions: readonly string[];
  /** Whose habits it has: etag format, error bodies, operation documents, headers. */
  readonly provider: "network" | "compute";
  /** Members of the document beside `properties`: sku, kind, identity. */
  readonly envelope: Shape;
  /** Members of `properties`. */
  readonly shape: Shape;
  /** Members of `properties` or of a child that ARM computes: ignored in requests. */
  readonly computed: readonly string[];
  /** Child lists that have a PUT and a DELETE of their own. */
  readonly writableChildren: readonly string[];
  /** Child lists that only ARM writes. */
  readonly computedChildren: readonly string[];
  /** What it and its children show because others refer to them; part of {@link computed}. */
  readonly backReferences?: readonly BackReference[];
  /** `LoadBalancer`: operations are called `PutLoadBalancerOperation`, `DeleteLoadBalancerOperation`. */
  readonly operationNoun: string;
  readonly put: PutHabit;
  /**
   * A PUT that changes nothing: `succeeded` at once with an operation's header (the virtual network's answer is `created`,
   * 201), `silent` runs an operation that no header tells of (VMs), `ordinary` is like any other.
   */
  readonly noop: "succeeded" | "created" | "silent" | "ordinary";
  /** Whether a PUT replaces everything or leaves what it does not mention. */
  readonly update: "replace" | "merge";
  /** Whether the end of an operation changes the etag; load balancers and scale sets have the final one at once. */
  readonly etagAtCompletion: "new" | "same";
  /** A PUT while another one runs: ends the other (`supersede`, `preempt`: the words differ), or is refused. */
  readonly overlap: "supersede" | "preempt" | "refuse";
  /** Status of the first answer of a DELETE; load balancers and most say 202, network interfaces 200. */
  readonly deleteStatus: 200 | 202;
  readonly timing: { readonly put: WriteTiming; readonly delete: WriteTiming };
  /** When references count for the other side's back-references: with the body, or when the operation has ended. */
  readonly linksAt: "accept" | "completion";
  /** PUT cannot create one: instances of a scale set. */
  readonly madeByParent?: boolean;
  /** No etag anywhere, and conditions are ignored: disks, availability sets. */
  readonly withoutEtag?: true;
  /** No provisioning state: availability sets. */
  readonly withoutState?: true;
  /** Status of a PUT that creates, where it is not 201. */
  readonly createdStatus?: 200;
  /** DELETE is done when it is answered: availability sets. */
  readonly deletes?: "synchronous";
  /** The word in the URL of its operations; `operations` when absent. */
  readonly operationList?: "DiskOperations";
  /** A finished operation repeats the resource in `properties.output`: disks. */
  readonly operationOutput?: true;
  readonly readActions?: Readonly<Record<string, ReadAction>>;
  readonly actions?: Readonly<Record<string, Action>>;

  /** Throws {@link ArmError} for a name that no such resource can have. */
  checkName?(name: string): void;
  /** Fills in what depends on other resources: addresses, kept values. Returns the document to store. */
  prepare?(draft: Draft, world: Store): JsonObject;
  /** Throws {@link ArmError} where ARM refuses the document. References that dangle were refused before. */
  validate?(draft: Draft, world: Store): void;
  /** References of a document where they differ from the body's own. */
  links?(id: ArmId, document: JsonObject): readonly Link[];
  /** The habit of the next PUT, where it depends on more than the type: interfaces of running machines. */
  putNow?(record: ResourceRecord | undefined, child: string | undefined, world: Store): PutHabit;
  /** Makes and marks other resources when a write was accepted: instances of a scale set. */
  accepted?(record: ResourceRecord, world: Store): void;
  /** What the document becomes when an operation succeeds: detached disks gone, ids of new ones in. May make resources. */
  complete?(record: ResourceRecord, world: Store): JsonObject;
  /** Settles what {@link accepted} has begun, when an operation has ended well or badly. */
  ended?(record: ResourceRecord, world: Store, succeeded: boolean): void;
  /** Computed members that exist from the end of the first operation on. */
  finish?(record: ResourceRecord, world: Store): JsonObject;
  view?(record: ResourceRecord, world: Store): View;
  /** Why it cannot be deleted now. */
  blocked?(record: ResourceRecord, world: Store): ArmError | undefined;
  /** Cleans up in other resources after it has gone. */
  released?(record: ResourceRecord, world: Store): void;
}
