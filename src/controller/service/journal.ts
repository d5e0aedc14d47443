import {
  adviceFor,
  type CloudError,
  codeOf,
  failureSeries,
  type NextTry,
  plainText,
} from "../../cloudprovider/index.ts";
import { LruMap } from "../runtime/lru-map.ts";

/** The failure that a Service is in, as far as a person has to know it. Plain JSON. */
export interface ServiceFailure {
  /** Stable: ours, and the cloud's if it gave one. */
  readonly code: string;
  readonly summary: string;
  readonly attempted?: string;
  /** What the cloud said, in one line; the advice may refer to it. */
  readonly said?: string;
  readonly advice: string;
  /** The cloud's id of the request that failed. */
  readonly requestId?: string;
  /** RFC 3339. */
  readonly firstAt: string;
  /** RFC 3339. */
  readonly lastAt: string;
  /** Passes that have failed in this way, one after the other. */
  readonly times: number;
  /** RFC 3339; absent when only a change of the Service leads to another try. */
  readonly nextTryAt?: string;
}

/** What is known of the last pass over a Service. Plain JSON. */
export interface ServiceRecord {
  /** RFC 3339; absent when no pass has succeeded yet. */
  readonly succeededAt?: string;
  /** Absent when the last pass succeeded. */
  readonly failure?: ServiceFailure;
}

/** Services remembered; those that were worked on longest ago are forgotten first. */
const REMEMBERED = 10_000;

interface Entry extends ServiceRecord {
  readonly series?: string;
}

/** How the last pass over each Service ended: for people who ask, nothing is decided by it. */
export class ServiceJournal {
  readonly #entries = new LruMap<Entry>(REMEMBERED);

  /** A pass has failed. @param nowMs - milliseconds since the epoch. */
  failed(key: string, { error, next, nowMs }: { error: CloudError; next: NextTry; nowMs: number }): void {
    const { succeededAt, failure: before, series: beforeIn } = this.#entries.get(key) ?? {};
    const series = failureSeries(error);
    const same = beforeIn === series ? before : undefined;
    const lastAt = timeOf(nowMs);
    const failure: ServiceFailure = {
      ...wordsOf(error),
      firstAt: same?.firstAt ?? lastAt,
      lastAt,
      times: (same?.times ?? 0) + 1,
      ...(next !== "object-change" && { nextTryAt: timeOf(nowMs + next.afterMs) }),
    };
    this.#entries.set(key, { ...(succeededAt !== undefined && { succeededAt }), failure, series });
  }

  /** A pass has succeeded. */
  succeeded(key: string, nowMs: number): void {
    this.#entries.set(key, { succeededAt: timeOf(nowMs) });
  }

  /** The Service is gone; another one may come under its name. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Undefined when no pass over the Service has ended yet. */
  of(key: string): ServiceRecord | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const { series: _, ...record } = entry;
    return record;
  }
}

/** Longest quote, characters; the text of a template's failure can be a page. */
const LONGEST_QUOTE = 600;

function wordsOf(error: CloudError): Omit<ServiceFailure, "firstAt" | "lastAt" | "times" | "nextTryAt"> {
  const { message, summary = message, attempted, quote, requestId } = error;
  return {
    code: codeOf(error),
    summary: plainText(summary),
    ...(attempted !== undefined && { attempted }),
    ...(quote !== undefined && { said: plainText(quote).slice(0, LONGEST_QUOTE) }),
    advice: adviceFor(error),
    ...(requestId !== undefined && { requestId }),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
