import { noSuchResource } from "./api-error.ts";
import { apiVersionOf, type Kind } from "./kinds/kind.ts";
import { Revisions, Store } from "./store.ts";

/** A kind that is served, with its objects. */
export interface Resource {
  readonly kind: Kind;
  readonly store: Store;
}

/** All kinds that the server serves. */
export class Registry {
  readonly revisions = new Revisions();
  readonly resources: readonly Resource[];

  /** @param historyLimit - changes that each kind's watch history keeps, at least. */
  constructor(kinds: readonly Kind[], historyLimit: number) {
    // Two kinds may be two versions of the same objects: events are served by the core group and by events.k8s.io.
    this.resources = kinds.map((kind) => ({ kind, store: new Store(this.revisions, historyLimit) }));
  }

  /** The resource behind a path; @throws `ApiError` 404. */
  byPath(group: string, version: string, plural: string): Resource {
    const found = this.resources.find(
      ({ kind }) => kind.group === group && kind.version === version && kind.plural === plural,
    );
    if (found === undefined) throw noSuchResource();
    return found;
  }

  /** The resource of a manifest; undefined when the kind is not served. */
  byKind(apiVersion: string, name: string): Resource | undefined {
    return this.resources.find(({ kind }) => kind.kind === name && apiVersionOf(kind) === apiVersion);
  }

  /** Every group with its kinds: the core group first, then by name. */
  groups(): ReadonlyMap<string, readonly Kind[]> {
    const kinds = this.resources.map(({ kind }) => kind).toSorted((a, b) => (a.group < b.group ? -1 : 1));
    return Map.groupBy(kinds, ({ group }) => group);
  }
}
