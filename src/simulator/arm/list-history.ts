import type { ResourceRecord } from "./record.ts";
import type { Renderer } from "./render.ts";
import type { Store } from "./store.ts";

/** A resource as it was printed from some instant on; gone when it has no text. */
interface Version {
  readonly fromMs: number;
  readonly text: string | undefined;
}

/** One resource as a list showed it. */
export interface Former {
  readonly record: ResourceRecord;
  readonly text: string;
}

/** Remembers how resources looked, for lists that lag behind. Costs nothing until the lag is first asked for. */
export class ListHistory {
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #versions = new Map<ResourceRecord, Version[]>();
  readonly #changed = new Set<ResourceRecord>();
  #begun = false;

  constructor(store: Store, renderer: Renderer) {
    this.#store = store;
    this.#renderer = renderer;
  }

  /** Begins to remember. What is there now counts as having been there for ever. Does nothing the second time. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.restart();
    this.#store.changed = (record) => {
      if (this.#changed.size === 0) queueMicrotask(() => this.#settle());
      this.#changed.add(record);
    };
  }

  /** Forgets what was: what is there now counts as having been there for ever. Costs nothing before {@link begin}. */
  restart(): void {
    if (!this.#begun) return;
    this.#versions.clear();
    this.#changed.clear();
    for (const record of this.#store.all()) this.#remember(record, Number.NEGATIVE_INFINITY);
  }

  /** Resources of a type as they were that long ago, sorted by id. */
  before(type: string, lagMs: number): readonly Former[] {
    this.#settle();
    const at = this.#store.clock.now() - lagMs;
    const found: Former[] = [];
    for (const [record, versions] of this.#versions) {
      this.#forget(record, versions, at);
      const text = versions.findLast(({ fromMs }) => fromMs <= at)?.text;
      if (text !== undefined && record.type.name.toLowerCase() === type.toLowerCase()) found.push({ record, text });
    }
    return found.toSorted((a, b) => (a.record.id.key < b.record.id.key ? -1 : 1));
  }

  /** Changes of one turn count as one: only its end was ever to be seen. */
  #settle(): void {
    const now = this.#store.clock.now();
    for (const record of this.#changed) this.#remember(record, now);
    this.#changed.clear();
  }

  #remember(record: ResourceRecord, fromMs: number): void {
    const there = this.#store.get(record.id.key) === record;
    const versions = this.#versions.get(record) ?? [];
    versions.push({ fromMs, text: there ? this.#renderer.render(record).text : undefined });
    this.#versions.set(record, versions);
  }

  /** Drops what no list can show any more. */
  #forget(record: ResourceRecord, versions: Version[], at: number): void {
    const shown = versions.findLastIndex(({ fromMs }) => fromMs <= at);
    if (shown > 0) versions.splice(0, shown);
    if (versions.length === 1 && versions[0]?.text === undefined && (versions[0]?.fromMs ?? 0) <= at) {
      this.#versions.delete(record);
    }
  }
}
