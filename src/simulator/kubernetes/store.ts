import { type KubernetesObject, keyOf, withMeta } from "./object.ts";

/** One change of one object, as the watch history keeps it. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resourceVersion: number;
  /** The object after the change; for a deletion its last state, with the deletion's resourceVersion. */
  readonly object: KubernetesObject;
  /** The object before the change. */
  readonly before: KubernetesObject | undefined;
}

/** Counts the writes of a whole server: every object's resourceVersion comes from here, as from one etcd. */
export class Revisions {
  #current = 0;

  get current(): number {
    return this.#current;
  }

  next(): number {
    return ++this.#current;
  }
}

/**
 * The objects of one kind with a bounded history of their changes. Reads at an older version undo that history, so a
 * paged list stays consistent as long as a watch from its version would.
 */
export class Store {
  readonly #revisions: Revisions;
  readonly #limit: number;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];
  /** Versions up to this one can no longer be watched from or listed at. */
  #forgotten = 0;
  #sorted: readonly KubernetesObject[] | undefined;

  /** @param limit - changes kept for watches and paged lists. */
  constructor(revisions: Revisions, limit: number) {
    this.#revisions = revisions;
    this.#limit = limit;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): KubernetesObject | undefined {
    return this.#objects.get(key);
  }

  /** Every object, by namespace and name. */
  all(): readonly KubernetesObject[] {
    this.#sorted ??= sorted(this.#objects);
    return this.#sorted;
  }

  /** True when the state at `revision` can still be told. */
  remembers(revision: number): boolean {
    return revision >= this.#forgotten;
  }

  /** The oldest version that {@link remembers} accepts. */
  get oldest(): number {
    return this.#forgotten;
  }

  /** Every object as of `revision`, which must be remembered. */
  allAt(revision: number): readonly KubernetesObject[] {
    const later = this.since(revision);
    if (later.length === 0) return this.all();
    const objects = new Map(this.#objects);
    for (const { object, before } of later.toReversed()) {
      if (before === undefined) objects.delete(keyOf(object));
      else objects.set(keyOf(object), before);
    }
    return sorted(objects);
  }

  /** Changes after `revision`, oldest first. */
  since(revision: number): readonly Change[] {
    let first = this.#history.length;
    while (first > 0 && (this.#history[first - 1]?.resourceVersion ?? 0) > revision) first--;
    return this.#history.slice(first);
  }

  /** Creates or replaces; returns the object with its new resourceVersion. */
  put(object: KubernetesObject): KubernetesObject {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    const resourceVersion = this.#revisions.next();
    const stored = withMeta(object, { resourceVersion: String(resourceVersion) });
    this.#objects.set(key, stored);
    this.#record({ type: before === undefined ? "ADDED" : "MODIFIED", resourceVersion, object: stored, before });
    return stored;
  }

  /** Removes; returns the last state with the deletion's resourceVersion. */
  remove(object: KubernetesObject): KubernetesObject {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    const resourceVersion = this.#revisions.next();
    const last = withMeta(object, { resourceVersion: String(resourceVersion) });
    this.#objects.delete(key);
    this.#record({ type: "DELETED", resourceVersion, object: last, before });
    return last;
  }

  /** Calls `listener` with every change from now on; returns the function that ends it. */
  follow(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the history: older versions answer 410 from now on. */
  compact(): void {
    this.#history = [];
    this.#forgotten = this.#revisions.current;
  }

  #record(change: Change): void {
    this.#sorted = undefined;
    this.#history.push(change);
    // Trimmed in blocks: shifting one by one would copy the whole history at every write.
    if (this.#history.length >= this.#limit * 2) this.#trim();
    for (const listener of this.#listeners) listener(change);
  }

  #trim(): void {
    const dropped = this.#history.splice(0, this.#history.length - this.#limit);
    this.#forgotten = dropped.at(-1)?.resourceVersion ?? this.#forgotten;
  }
}

function sorted(objects: ReadonlyMap<string, KubernetesObject>): readonly KubernetesObject[] {
  const keys = [...objects.keys()].sort();
  return keys.flatMap((key) => objects.get(key) ?? []);
}
