import { abortReason, type Clock } from "../../base/clock.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import { Watch } from "./completion/watch.ts";
import type { Document } from "./port.ts";
import { idKey } from "./resource-id.ts";
import { SharedQuestions } from "./shared-questions.ts";

/**
 * Where an answer stands among all requests: values of one counter that every start of a request and every end of a write
 * moves on. A clock is too coarse: two requests may start in one millisecond.
 */
export type Tick = number;

/** Everything of one type below one scope, as one complete list brought it. */
export interface Listing<T> {
  /** `wire`: the document as it came over the wire. */
  readonly documents: readonly { readonly id: string; readonly document: Document<T>; readonly wire: unknown }[];
  /** When its first request was sent. */
  readonly since: Tick;
  /** The same as clock time, milliseconds. */
  readonly atMs: number;
  /** Requests that it took. */
  readonly pages: number;
}

/** What a shelf is made of. */
export interface ShelfOptions<T> {
  readonly clock: Clock;
  /**
   * Reads every page, or rejects: a partial list is an error, never "the rest is gone".
   *
   * @param forWrites - writes wait for it.
   */
  readonly list: (signal: AbortSignal, forWrites: boolean) => Promise<Listing<T>>;
  /** Whether the absence of a resource from a list proves as much as a direct answer; not by default. */
  readonly absenceInLists?: boolean;
  readonly tick: () => Tick;
  /** How long an answer is believed, milliseconds; negative means never. */
  readonly ttlMs: number;
  /** How long the absence of a resource is believed, milliseconds. */
  readonly absentTtlMs: number;
}

interface Entry<T> {
  readonly id: string;
  /** Undefined: a direct answer said that it is not there. */
  readonly document: Document<T> | undefined;
  readonly since: Tick;
  readonly atMs: number;
}

interface Refresh<T> {
  /** A list that began after this tick serves whoever asked before it. */
  readonly began: Tick;
  readonly done: Promise<Listing<T>>;
}

/**
 * What we know of one resource type below one scope. All callers who miss something share one list; a list that is under
 * way serves those who asked before it began, the others share the next one.
 */
export class Shelf<T> {
  /** Sees what becomes of many resources with one list. */
  readonly watch: Watch;
  readonly #options: ShelfOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  /** What direct answers have shown, and none to be gone: a list without it lags, or somebody has deleted it. */
  readonly #met = new Set<string>();
  readonly #questions: SharedQuestions;
  /** All that is there, by id, until an entry changes: whoever asks twice gets the same array. */
  #sorted: readonly T[] | undefined;
  readonly #life = new AbortController();
  #listed: { readonly since: Tick; readonly atMs: number } | undefined;
  #pages = 1;
  #running: Refresh<T> | undefined;
  #next: Promise<Listing<T>> | undefined;
  /** Whether one of those who wait for the next list waits with a write. */
  #nextForWrites = false;

  constructor(options: ShelfOptions<T>) {
    this.#options = options;
    const { clock } = options;
    const lists = { list: (signal: AbortSignal) => this.#newList(signal, true), pages: () => this.#pages };
    this.watch = new Watch(clock, lists, this.#life.signal);
    this.#questions = new SharedQuestions(clock, lists, this.#life.signal);
  }

  /** Everything that is there, by id, the same array until something changes; one list when what is known is too old. */
  async list(signal: AbortSignal): Promise<readonly T[]> {
    if (!this.#isFresh(this.#listed, this.#options.ttlMs)) await this.#shareList(0, signal);
    return this.#values();
  }

  /** The same, from a list that began after this call. */
  async refresh(signal: AbortSignal): Promise<readonly T[]> {
    await this.#newList(signal, false);
    return this.#values();
  }

  /** One resource; a miss or an entry that is too old costs one shared list, and its absence is then believed for a while. */
  async get(id: string, signal: AbortSignal): Promise<Document<T> | undefined> {
    const known = this.peek(id);
    if (known !== "unknown") return known;
    await this.#shareList(this.#entries.get(idKey(id))?.since ?? 0, signal);
    return this.#entries.get(idKey(id))?.document;
  }

  /**
   * Whether a resource is not there, by a list that began after `since`, is recent enough for {@link peek}, and that many
   * who ask at once share; false when only a direct read can tell: it is cheaper, or the list shows the resource, or direct
   * answers have shown it before.
   */
  async isAbsent(id: string, since: Tick, signal: AbortSignal): Promise<boolean> {
    if (!this.#mayProveAbsent(id)) return false;
    const isListed = (this.#listed?.since ?? 0) > since && this.peek(id) !== "unknown";
    const isKnown = isListed || (await this.#questions.ask(idKey(id), signal));
    return isKnown && this.peek(id) === undefined && this.#mayProveAbsent(id);
  }

  #mayProveAbsent(id: string): boolean {
    return this.#options.absenceInLists === true && !this.#met.has(idKey(id));
  }

  /**
   * One resource, from a list that began after this call and that many who ask at once share; undefined when only a direct
   * read can tell: it is cheaper, or the list does not show the resource.
   */
  async lookAgain(id: string, signal: AbortSignal): Promise<Document<T> | undefined> {
    const known = (await this.#questions.ask(idKey(id), signal)) ? this.peek(id) : "unknown";
    return known === "unknown" ? undefined : known;
  }

  /** What is known of one resource now, without any request; "unknown" when nothing, or nothing fresh, is. */
  peek(id: string): Document<T> | undefined | "unknown" {
    const entry = this.#entries.get(idKey(id));
    const { ttlMs, absentTtlMs } = this.#options;
    if (entry?.document !== undefined) {
      return this.#isFresh(entry, ttlMs) ? entry.document : "unknown";
    }
    const absent = entry ?? this.#listed;
    return this.#isFresh(absent, Math.min(ttlMs, absentTtlMs)) ? undefined : "unknown";
  }

  /**
   * Takes the answer to a direct read or a confirmed write; undefined means that it is not there.
   *
   * @param since - when a read was sent, or when a write was confirmed. An answer never replaces one that started later.
   */
  learn(id: string, document: Document<T> | undefined, since: Tick): void {
    const key = idKey(id);
    this.#questions.answered(key);
    const known = this.#entries.get(key);
    if (known !== undefined && known.since > since) return;
    if (document === undefined && known === undefined && (this.#listed?.since ?? 0) > since) return;
    this.#enter(key, { id, document, since, atMs: this.#options.clock.now() });
    if (document === undefined) this.#met.delete(key);
    else if (this.#options.absenceInLists === true) this.#met.add(key);
  }

  /** What is known of a resource is no longer to be believed; it stays listed until an answer says otherwise. */
  doubt(id: string): void {
    const document = this.#entries.get(idKey(id))?.document;
    const since = this.#options.tick(); // only what is asked from now on can settle the doubt
    this.#enter(idKey(id), { id, document, since, atMs: Number.NEGATIVE_INFINITY });
  }

  /** Ends the list that is under way. */
  close(): void {
    this.#life.abort(new CloudError("Aborted", "the inventory was closed"));
  }

  #values(): readonly T[] {
    this.#sorted ??= this.#sort();
    return this.#sorted;
  }

  #sort(): readonly T[] {
    const present = [...this.#entries].flatMap(([key, { document }]) => (document ? [{ key, document }] : []));
    return present.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ document }) => document.value);
  }

  #enter(key: string, entry: Entry<T>): void {
    if (this.#entries.get(key)?.document?.value !== entry.document?.value) this.#sorted = undefined;
    this.#entries.set(key, entry);
  }

  #isFresh(seen: { readonly atMs: number } | undefined, ttlMs: number): boolean {
    return seen !== undefined && this.#options.clock.now() - seen.atMs <= ttlMs;
  }

  /** A list that began after this call. */
  #newList(signal: AbortSignal, forWrites: boolean): Promise<Listing<T>> {
    return this.#shareList(this.#options.tick(), signal, forWrites);
  }

  #shareList(after: Tick, signal: AbortSignal, forWrites = false): Promise<Listing<T>> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    const running = this.#running;
    if (running === undefined) return unlessAborted(this.#start(forWrites), signal);
    if (running.began > after) return unlessAborted(running.done, signal);
    this.#nextForWrites ||= forWrites;
    const startNext = (): Promise<Listing<T>> => this.#startNext();
    this.#next ??= running.done.then(startNext, startNext);
    return unlessAborted(this.#next, signal);
  }

  #startNext(): Promise<Listing<T>> {
    const forWrites = this.#nextForWrites;
    this.#next = undefined;
    this.#nextForWrites = false;
    return this.#start(forWrites);
  }

  #start(forWrites: boolean): Promise<Listing<T>> {
    const began = this.#options.tick();
    const done = this.#options.list(this.#life.signal, forWrites).then((listing) => this.#apply(listing));
    const refresh: Refresh<T> = { began, done };
    this.#running = refresh;
    const end = (): void => {
      if (this.#running === refresh) this.#running = undefined;
    };
    done.then(end, end);
    return done;
  }

  #apply(listing: Listing<T>): Listing<T> {
    const { documents, since, atMs, pages } = listing;
    this.#listed = { since, atMs };
    this.#pages = pages;
    const listed = new Set<string>();
    for (const { id, document } of documents) {
      const key = idKey(id);
      listed.add(key);
      const known = this.#entries.get(key);
      if (known === undefined || known.since < since) this.#enter(key, { id, document, since, atMs });
    }
    for (const [key, { since: known }] of this.#entries) {
      if (listed.has(key) || known >= since) continue;
      this.#entries.delete(key);
      this.#sorted = undefined;
    }
    return listing;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** The shelves of all types and scopes, made when they are first asked for. */
export class Inventory {
  readonly #shelves = new Map<string, Shelf<unknown>>();

  /** The shelf of a type below a scope; `options` are used only the first time. */
  shelf<T>(type: string, scope: string, options: () => ShelfOptions<T>): Shelf<T> {
    const key = `${type} ${idKey(scope)}`;
    const known = this.#shelves.get(key) as Shelf<T> | undefined;
    if (known !== undefined) return known;
    const made = new Shelf(options());
    this.#shelves.set(key, made as Shelf<unknown>);
    return made;
  }

  /** Ends every list that is under way. */
  close(): void {
    for (const shelf of this.#shelves.values()) shelf.close();
  }
}
