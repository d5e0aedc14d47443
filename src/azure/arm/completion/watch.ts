import { abortReason, type Clock, wake } from "../../../base/clock.ts";
import { idKey } from "../resource-id.ts";

/** One complete list as it came over the wire. */
export interface WireList {
  readonly documents: readonly { readonly id: string; readonly wire: unknown }[];
  /** Requests that it took. */
  readonly pages: number;
  /** Where it stands among all requests: when its first one was sent. */
  readonly since: number;
}

/** The lists of one type below one scope. */
export interface WatchedLists {
  /** A list that began after the call. */
  readonly list: (signal: AbortSignal) => Promise<WireList>;
  /** Requests that the newest list took; 1 before the first. */
  readonly pages: () => number;
}

/** Who wants to see a resource. */
export interface Watcher {
  readonly id: string;
  /** When it is to be looked at, by the clock; a list that others wait for may come sooner. */
  readonly dueMs: number;
  /** Whether a copy of the resource answers the watcher's question, so that it need not be looked at when due. */
  readonly isAnswer: (copy: unknown) => boolean;
}

/**
 * What was seen of a resource: its entry in a list (undefined when it is not in it), and when that was asked for; or `alone`:
 * ask for it yourself.
 */
export type Sighting = "alone" | { readonly copy: unknown; readonly since: number; readonly atMs: number };

interface Waiting extends Watcher {
  readonly resolve: (sighting: Sighting) => void;
  readonly leave: () => void;
}

/** From the start of one list to that of the next, milliseconds per page: writes accepted one after the other share them. */
const GAP_MS = 300;

/** Longer than this, and {@link GAP_MS} per page, a list takes only when it is throttled, repeated or not answered. */
const LATE_MS = 3_000;

/** Each request that a late list spares is worth so much waiting, milliseconds; all of them together at most the longest. */
const SPARED_MS = 2_000;
const LONGEST_WAIT_MS = 45_000;

/**
 * How long others wait for a list before they ask for themselves, milliseconds.
 *
 * @param spared - requests that it spares beyond the first ones who ask: a list is late because ARM wants fewer requests.
 */
export function listPatienceMs(pages: number, spared = 0): number {
  return Math.min(LONGEST_WAIT_MS, LATE_MS + GAP_MS * pages + SPARED_MS * spared);
}

/**
 * Looks at many resources of one type and scope with one list. Whoever would have to share a list with fewer others than
 * it takes requests is told to look alone, and so is whoever is due while a list is late.
 */
export class Watch {
  readonly #clock: Clock;
  readonly #lists: WatchedLists;
  readonly #life: AbortSignal;
  readonly #waiting = new Set<Waiting>();
  #notBeforeMs = 0;
  /** Set while a list is under way: from when on it is late. */
  #lateMs: number | undefined;
  #cancel: () => void = () => {};

  /** @param life - ends a list that is under way. */
  constructor(clock: Clock, lists: WatchedLists, life: AbortSignal) {
    this.#clock = clock;
    this.#lists = lists;
    this.#life = life;
  }

  /** Resolves when the resource was seen in a list that began after this call, or when it is due and nobody shares one. */
  look(watcher: Watcher, signal: AbortSignal): Promise<Sighting> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(waiting);
        this.#arm();
        reject(abortReason(signal));
      };
      const leave = (): void => signal.removeEventListener("abort", onAbort);
      const waiting: Waiting = { ...watcher, resolve, leave };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(waiting);
      this.#arm();
    });
  }

  #arm(): void {
    this.#cancel();
    this.#cancel = () => {};
    if (this.#waiting.size === 0) return;
    const dueMs = this.#waiting.values().reduce((first, each) => Math.min(first, each.dueMs), Number.POSITIVE_INFINITY);
    const atMs = Math.max(dueMs, this.#lateMs ?? (this.#isWorthAList() ? this.#notBeforeMs : dueMs));
    this.#cancel = wake(this.#clock, atMs - this.#clock.now(), () => void this.#fire());
  }

  #isWorthAList(): boolean {
    return this.#waiting.size >= Math.max(2, this.#lists.pages());
  }

  async #fire(): Promise<void> {
    if (this.#lateMs === undefined && this.#isWorthAList()) await this.#share();
    else this.#tell(this.#due(), () => "alone");
    this.#arm();
  }

  async #share(): Promise<void> {
    const served = new Set(this.#waiting);
    const atMs = this.#clock.now();
    this.#notBeforeMs = atMs + GAP_MS * this.#lists.pages();
    this.#lateMs = atMs + listPatienceMs(this.#lists.pages(), served.size);
    this.#arm();
    try {
      const { documents, since } = await this.#lists.list(this.#life);
      const copies = new Map(documents.map(({ id, wire }) => [idKey(id), wire]));
      const copyOf = ({ id }: Watcher): unknown => copies.get(idKey(id));
      const due = new Set(this.#due());
      const answered = [...served].filter((each) => due.has(each) || each.isAnswer(copyOf(each)));
      this.#tell(answered, (each) => ({ copy: copyOf(each), since, atMs }));
    } catch {
      this.#tell(this.#due(), () => "alone"); // a list that cannot be read keeps nobody waiting
    } finally {
      this.#lateMs = undefined;
    }
  }

  #due(): readonly Waiting[] {
    return [...this.#waiting].filter(({ dueMs }) => dueMs <= this.#clock.now());
  }

  #tell(those: readonly Waiting[], sighting: (of: Waiting) => Sighting): void {
    for (const each of those) {
      if (!this.#waiting.delete(each)) continue; // its caller has gone
      each.leave();
      each.resolve(sighting(each));
    }
  }
}
