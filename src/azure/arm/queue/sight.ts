import type { Clock } from "../../../base/clock.ts";
import type { Document, ResourcePort, WriteCondition } from "../port.ts";
import type { ResourceView } from "./options.ts";

/** One version of the resource; `direct` when a request that was sent for this write brought it. */
export interface Seen<T> {
  readonly document: Document<T> | undefined;
  readonly direct: boolean;
  /** When it was seen, on the view's counter. */
  readonly at: number;
}

/** What the queue may believe about its resource: the inventory's copy until a write shows that it is overtaken. */
export class Sight<T> {
  readonly #port: ResourcePort<T>;
  readonly #view: ResourceView<T>;
  readonly #clock: Clock;
  #overtaken = false;
  #unsettled = false;

  constructor(port: ResourcePort<T>, view: ResourceView<T>, clock: Clock) {
    this.#port = port;
    this.#view = view;
    this.#clock = clock;
  }

  /** True from a lost or broken write until a confirmed one: what ARM shows may not be in effect. */
  get unsettled(): boolean {
    return this.#unsettled;
  }

  /** The cached document when it can be trusted, else an answer that many share, else a direct read. */
  async look(signal: AbortSignal): Promise<Seen<T>> {
    if (this.#overtaken) return this.read(signal);
    const at = this.#moment();
    const cached = this.#view.cached();
    if (cached !== "unknown") return { document: cached, direct: false, at };
    if ((await this.#view.isAbsent?.(at, signal)) === true) return { document: undefined, direct: true, at };
    const shared = this.#view.cached();
    return shared === "unknown" ? this.read(signal) : { document: shared, direct: false, at: this.#moment() };
  }

  /**
   * As {@link look}, but what no etag guards (an absent resource, a versionless type) must have been asked for since the
   * first look: absence may be proven by an answer that many share, everything else is read directly.
   */
  async lookForWriting(first: Seen<T>, signal: AbortSignal): Promise<Seen<T>> {
    const seen = await this.look(signal);
    if (seen.direct || seen.document?.etag !== undefined) return seen;
    const isAbsent = seen.document === undefined && (await this.#view.isAbsent?.(first.at, signal)) === true;
    return isAbsent ? { ...seen, direct: true } : this.read(signal);
  }

  async read(signal: AbortSignal): Promise<Seen<T>> {
    const startedAt = this.#clock.now();
    const document = await this.#port.read(signal);
    this.#overtaken = false;
    if (document === undefined) this.#unsettled = false; // there is nothing that could fail to be in effect
    this.#view.learned(document, startedAt);
    return { document, direct: true, at: this.#moment() };
  }

  #moment(): number {
    return this.#view.moment?.() ?? 0;
  }

  /** A write was answered with success; the etag is the one after its operation. */
  confirmed(after: Document<T> | undefined): void {
    this.#unsettled = false;
    this.#view.learned(after, this.#clock.now());
  }

  /** Somebody or something else changed the resource; the next look is a direct read. */
  overtaken(): void {
    this.#overtaken = true;
    this.#view.doubted?.();
  }

  /** A write was lost or broken: as {@link overtaken}, and what the read shows may not be in effect. */
  unsettle(): void {
    this.#unsettled = true;
    this.overtaken();
  }
}

/** Under which condition a write made from `base` may take effect: nothing is overwritten that was not seen. */
export function conditionOf<T>(base: Document<T> | undefined): WriteCondition {
  if (base === undefined) return { ifNoneMatch: "*" };
  return base.etag === undefined ? "unconditional" : { ifMatch: base.etag };
}
