import { type EventObject, eventObject, type Happening } from "./event-object.ts";
import { LruMap } from "./lru-map.ts";

/** What is to be sent for a happening. */
export type EventWrite =
  | { readonly verb: "create"; readonly event: EventObject }
  /** The same as an earlier one: only its count and its last time change. */
  | { readonly verb: "repeat"; readonly event: EventObject };

/** Different messages about one thing before they are combined. */
const COMBINE_AT = 10;
/** A series of different messages ends after this long without one, milliseconds. */
const SERIES_GAP_MS = 600_000;
/** Events about one object that may come at once, and how long it takes until one more may. */
const BURST = 25;
const REFILL_MS = 300_000;
/** Series, events and objects remembered, each. */
const REMEMBERED = 4096;

/**
 * Keeps a burst of trouble from flooding the API server, by client-go's rules: many different messages about one thing are
 * combined, equal ones are counted, and each object has a budget. Holds no clock: the time is handed in.
 */
export class EventCorrelator {
  readonly #series = new LruMap<{ messages: Set<string>; lastMs: number }>(REMEMBERED);
  readonly #known = new LruMap<EventObject>(REMEMBERED);
  readonly #budgets = new LruMap<{ tokens: number; atMs: number }>(REMEMBERED);
  #serial = 0;

  /** What to send for `happening` at `nowMs`; undefined when its object has used up its budget. */
  next(happening: Happening, nowMs: number): EventWrite | undefined {
    const { key, message } = this.#combine(happening, nowMs);
    const write = this.#count(key, { ...happening, message }, nowMs);
    return this.#allowed(happening, nowMs) ? write : undefined;
  }

  #combine(happening: Happening, nowMs: number): { readonly key: string; readonly message: string } {
    const { type, reason, message } = happening;
    const said = happening.target.series ?? message;
    const thing = [...aboutWhat(happening), type, reason].join("\n");
    const before = this.#series.get(thing);
    const series =
      before !== undefined && nowMs - before.lastMs <= SERIES_GAP_MS
        ? before
        : { messages: new Set<string>(), lastMs: nowMs };
    series.messages.add(said);
    series.lastMs = nowMs;
    this.#series.set(thing, series);
    if (series.messages.size < COMBINE_AT) return { key: `${thing}\n${said}`, message };
    const [oldest] = series.messages;
    if (oldest !== undefined) series.messages.delete(oldest);
    return { key: thing, message: `(combined from similar events): ${message}` };
  }

  #count(key: string, happening: Happening, nowMs: number): EventWrite {
    const fresh = eventObject(happening, nowMs, ++this.#serial);
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, fresh);
      return { verb: "create", event: fresh };
    }
    const { metadata, firstTimestamp } = known;
    const event = { ...fresh, metadata, firstTimestamp, count: known.count + 1 };
    this.#known.set(key, event);
    return { verb: "repeat", event };
  }

  #allowed(happening: Happening, nowMs: number): boolean {
    const key = [...aboutWhat(happening), happening.type].join("\n");
    const budget = this.#budgets.get(key) ?? { tokens: BURST, atMs: nowMs };
    const tokens = Math.min(BURST, budget.tokens + (nowMs - budget.atMs) / REFILL_MS);
    this.#budgets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    return tokens >= 1;
  }
}

function aboutWhat({ component, target: { kind, metadata } }: Happening): readonly string[] {
  return [component, kind, metadata.namespace ?? "", metadata.name, metadata.uid];
}
