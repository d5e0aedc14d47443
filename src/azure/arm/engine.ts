import type { CallLog } from "./call-log.ts";
import type { ArmPatience } from "./clients.ts";
import type { ObservedRequest } from "./policies/observe.ts";
import type { Document, Edit, WriteCondition } from "./port.ts";
import type { MergeQueueOptions, Patience, QueueEvent } from "./queue/options.ts";
import type { ArmTypeName, ArmTypes } from "./resource-types.ts";
import type { GateEvent } from "./throttle/gate.ts";
import type { TokenGateOptions } from "./throttle/token-gate.ts";

/** One resource in ARM: what is known of it, and the queue of edits on it. */
export interface ArmResource<T> {
  /** The full id, spelled as it was asked for. */
  readonly id: string;

  /**
   * What the inventory knows, refreshed when it is older than its type's time to live; undefined when it is not there.
   * Costs no request when fresh, one coalesced list otherwise. Never mutate what comes back.
   */
  current(signal: AbortSignal): Promise<T | undefined>;

  /** A direct GET, whose answer also goes into the inventory. The last word before a decision that cannot be undone. */
  read(signal: AbortSignal): Promise<T | undefined>;

  /**
   * As {@link read}, for when what is known has been overtaken and its next write is guarded by the etag: many who ask at
   * once share one list; a resource that it does not show is read directly.
   */
  renew(signal: AbortSignal): Promise<T | undefined>;

  /**
   * Hands an edit to the merge queue of this resource.
   *
   * @returns the resource as ARM confirmed it after the write that carried the edit; `undefined` when it is gone or was
   * never there. An edit that changes nothing resolves without a write.
   * @throws {@link CloudError} when the edit was refused, or could not be confirmed.
   * @param signal - takes the edit out of the queue if it was not sent yet.
   */
  submit(edit: Edit<T>, signal: AbortSignal): Promise<T | undefined>;
}

/** The rules of a resource type that are not the engine's business: may it go, and what must happen before. */
export interface TypePolicy<T> extends Pick<MergeQueueOptions<T>, "settle" | "same"> {
  /** As {@link MergeQueueOptions.prepareRemoval}, told which resource it is about. */
  readonly prepareRemoval?: (id: string, document: Document<T>, signal: AbortSignal) => Promise<void>;
}

/** All of ARM that the nouns see. */
export interface Arm {
  /** @param id - the full id; case does not matter for identity. */
  resource<K extends ArmTypeName>(type: K, id: string): ArmResource<ArmTypes[K]>;

  /**
   * Everything of a type below a scope, sorted by id, from the inventory; one coalesced list when that is older than its
   * time to live.
   *
   * @param scope - the id of a resource group, of a virtual network (subnets) or of a scale set (its instances and
   * their interfaces).
   * @throws {@link CloudError} `NotFound` when the scope does not exist; any failure of a page fails the whole list.
   */
  list<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]>;

  /** The same, from a list that began after this call: when a look at {@link Arm.list} left a doubt. */
  refresh<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]>;

  /**
   * The availability zones of a region as the subscription numbers them, sorted; empty when it has none. One request.
   *
   * @throws {@link CloudError} `InvalidArgument` when the subscription has no such region.
   */
  zones(region: Region, signal: AbortSignal): Promise<readonly string[]>;

  /**
   * The body that a write would send, as wire JSON, with what the SDK does not know put back. Sends nothing.
   *
   * @param id - full id of the resource.
   */
  wire<K extends ArmTypeName>(type: K, id: string, write: Write<ArmTypes[K]>, signal: AbortSignal): Promise<WireBody>;

  /** Sets the rules of a type. Call it before the first edit of that type; without it nothing of it is ever removed. */
  govern<K extends ArmTypeName>(type: K, policy: TypePolicy<ArmTypes[K]>): void;

  /**
   * Drops queued edits and resolves when the writes that were already sent have ended. Idempotent.
   *
   * @param patience - gives up on those writes when it aborts; without it they are waited for.
   */
  close(patience?: AbortSignal): Promise<void>;
}

/** The body of a write, as it goes over the wire. */
export type WireBody = Readonly<Record<string, unknown>>;

/** A write that could be sent. */
export interface Write<T> {
  readonly value: T;
  /** Tells which version it is made from. */
  readonly condition: WriteCondition;
}

/** A region as a subscription sees it. */
export interface Region {
  readonly subscriptionId: string;
  /** Its name, such as `westeurope`. */
  readonly location: string;
}

/** What the engine tells about one resource's queue. */
export interface ResourceEvent {
  readonly type: ArmTypeName;
  readonly id: string;
  readonly event: QueueEvent;
}

/** Settings of the engine; every field has a default. */
export interface EngineSettings {
  /** Times to live of the inventory, milliseconds; negative means never believed. */
  readonly ttlMs?: Readonly<Partial<Record<ArmTypeName, number>>>;
  readonly absentTtlMs?: number;
  /** Of requests and operations. */
  readonly patience?: ArmPatience;
  /** Of edits in a queue. */
  readonly queuePatience?: Patience;
  /** The fence: false when the lease does not outlive a write that is sent now. */
  readonly mayWrite?: () => boolean;
  /** 0 (inclusive) to 1, for jitter; `Math.random` when absent. */
  readonly random?: () => number;
  /** What the throttle gate is told about limits, besides what Azure publishes and answers. */
  readonly limits?: Pick<TokenGateOptions, "region" | "caps">;
  /** Told who waits at the throttle gate, and why. */
  readonly onThrottle?: (event: GateEvent) => void;
  /** Told about every request that leaves this process. */
  readonly onRequest?: (request: ObservedRequest) => void;
  /** Told what every merge queue does. */
  readonly onWrite?: (event: ResourceEvent) => void;
  /** Takes down every call, for whom it was made and how it ended. */
  readonly calls?: CallLog;
}
