import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { keyOf, type Lister, type ObjectMeta } from "../../cloudprovider/index.ts";

/** Anything a store can hold. */
export interface Stored {
  readonly metadata: ObjectMeta;
}

/** What a controller wants to hear of one kind. Called after the store has changed, one call at a time. */
export interface StoreHandler<T> {
  /** @param initial - whether it comes from the first list, or from before the handler was there. */
  added?(object: T, initial: boolean): void;
  /** Also called when nothing has changed: by a relist, or by a resync with the same object twice. */
  updated?(old: T, current: T): void;
  /** @param missed - the deletion itself was not seen, a later list told; `last` is what was last known. */
  deleted?(last: T, missed: boolean): void;
}

/** Derives the values under which an object is found in an index. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** All objects of one kind as last heard, and who wants to hear of changes. */
export class Store<T extends Stored> implements Lister<T> {
  readonly #logger: Logger;
  readonly #objects = new Map<string, T>();
  /** What {@link list} has said, until something changes: every pass asks, and few things change. */
  #listed: readonly T[] | undefined;
  readonly #handlers = new Set<StoreHandler<T>>();
  readonly #indexes = new Map<string, { readonly of: IndexFunction<T>; readonly keys: Map<string, Set<string>> }>();
  readonly #firstList = Promise.withResolvers<void>();
  #synced = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    this.#listed ??= [...this.#objects.values()];
    return this.#listed;
  }

  get synced(): boolean {
    return this.#synced;
  }

  /** Resolves when the first list is in. */
  get whenSynced(): Promise<void> {
    return this.#firstList.promise;
  }

  /** Hears of every change from now on; of what is there already as added, at once. @returns the end of it. */
  subscribe(handler: StoreHandler<T>): () => void {
    this.#handlers.add(handler);
    for (const object of this.#objects.values()) this.#tell(() => handler.added?.(object, true));
    return () => this.#handlers.delete(handler);
  }

  /** Keeps an index up to date under `name`, from now on. */
  addIndex(name: string, of: IndexFunction<T>): void {
    const keys = new Map<string, Set<string>>();
    this.#indexes.set(name, { of, keys });
    for (const [key, object] of this.#objects) enter(keys, of(object), key);
  }

  /** The objects that have `value` in the index `name`; none when there is no such index. */
  byIndex(name: string, value: string): readonly T[] {
    const keys = this.#indexes.get(name)?.keys.get(value) ?? new Set<string>();
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Takes an object that was added or modified. */
  put(object: T, initial = false): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    this.#set(key, old, object);
    if (old === undefined) this.#each((handler) => handler.added?.(object, initial));
    else this.#each((handler) => handler.updated?.(old, object));
  }

  /** Takes out an object; unknown ones are ignored. The handlers get `last`, or what was known when it is undefined. */
  remove(key: string, last?: T): void {
    const old = this.#objects.get(key);
    if (old === undefined) return;
    this.#set(key, old, undefined);
    this.#each((handler) => handler.deleted?.(last ?? old, last === undefined));
  }

  /** Takes a whole list: what is not in it is gone; first the deletions are told, then additions and updates in its order. */
  replace(objects: readonly T[]): void {
    const kept = new Set(objects.map(keyOf));
    for (const key of this.#objects.keys()) if (!kept.has(key)) this.remove(key);
    const initial = !this.#synced;
    for (const object of objects) this.put(object, initial);
    this.#synced = true;
    this.#firstList.resolve();
  }

  /** Tells `handler` of every object as an update from itself to itself; asks nobody. */
  replay(handler: StoreHandler<T>): void {
    for (const object of this.list()) this.#tell(() => handler.updated?.(object, object));
  }

  #set(key: string, old: T | undefined, current: T | undefined): void {
    this.#listed = undefined;
    if (current === undefined) this.#objects.delete(key);
    else this.#objects.set(key, current);
    for (const { of, keys } of this.#indexes.values()) {
      if (old !== undefined) leave(keys, of(old), key);
      if (current !== undefined) enter(keys, of(current), key);
    }
  }

  #each(tell: (handler: StoreHandler<T>) => void): void {
    for (const handler of this.#handlers) this.#tell(() => tell(handler));
  }

  #tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#logger.error("a handler failed", { error }); // one controller's mistake must not stop the others' news
    }
  }
}

/** Replays `store` to `handler` every `periodMs` until `signal` aborts: what a pass has missed is looked at again. */
export function resync<T extends Stored>(
  store: Store<T>,
  handler: StoreHandler<T>,
  { periodMs, clock, signal }: { readonly periodMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): void {
  if (signal.aborted) return;
  const cancel = clock.schedule(periodMs, () => {
    signal.removeEventListener("abort", cancel);
    store.replay(handler);
    resync(store, handler, { periodMs, clock, signal });
  });
  signal.addEventListener("abort", cancel, { once: true });
}

function enter(keys: Map<string, Set<string>>, values: readonly string[], key: string): void {
  for (const value of values) {
    const members = keys.get(value) ?? new Set<string>();
    keys.set(value, members.add(key));
  }
}

function leave(keys: Map<string, Set<string>>, values: readonly string[], key: string): void {
  for (const value of values) {
    const members = keys.get(value);
    members?.delete(key);
    if (members?.size === 0) keys.delete(value);
  }
}
