import type { Disks } from "./disks.ts";
import type { Instances } from "./instances.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Node, ObjectMeta, Service } from "./objects.ts";
import type { Routes } from "./routes.ts";

/** Read-only view of all objects of one kind, kept up to date by a watch. */
export interface Lister<T> {
  /** By `<namespace>/<name>`, or `<name>` for cluster-scoped kinds. */
  get(key: string): T | undefined;
  /** All of them, in no particular order. Nobody changes the array: when anything has changed there is another one. */
  list(): readonly T[];
  /** Whether the first list has arrived. Before that, absence means nothing. */
  readonly synced: boolean;
}

/** What an event is about. */
export interface EventTarget {
  readonly kind: "Service" | "Node";
  readonly metadata: Pick<ObjectMeta, "name" | "namespace" | "uid">;
  /**
   * Which trouble of the object: events about the same one, for the same reason, are one that is repeated and shows the
   * newest message. Without it only equal messages are. For messages with times or ids in them.
   */
  readonly series?: string;
}

/** Where a provider tells users what happened to their object. Never fails, never waits. */
export interface EventSink {
  /**
   * @param reason - one CamelCase word, stable across releases.
   * @param message - a sentence for people.
   */
  record(target: EventTarget, type: "Normal" | "Warning", reason: string, message: string): void;
}

/** The world a provider sees besides its cloud. */
export interface ProviderWorld {
  readonly services: Lister<Service>;
  readonly nodes: Lister<Node>;
  readonly events: EventSink;
  /** Ends whatever the provider runs in the background. */
  readonly signal: AbortSignal;
}

/** A cloud. An interface that it does not offer is `undefined`; controllers that need it do not start. */
export interface CloudProvider {
  /** Prefix of provider ids: `<name>://<instance id>`. */
  readonly name: string;
  /** Whether resources of several clusters can be told apart; a manager refuses to start when not. */
  readonly hasClusterId: boolean;
  readonly loadBalancer: LoadBalancer | undefined;
  readonly instances: Instances | undefined;
  readonly routes: Routes | undefined;
  readonly disks: Disks | undefined;

  /**
   * Called once, before any other method. Background work ends when `world.signal` aborts. The listers may not have
   * synced yet; a decision that depends on them waits until they have.
   */
  initialize(world: ProviderWorld): Promise<void>;
}
