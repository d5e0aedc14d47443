import type { Document } from "../port.ts";

/** The steps that go before a DELETE. Anything that arrives meanwhile cancels them; they are then taken again, if still needed. */
export class Removal<T> {
  readonly #steps: ((document: Document<T>, signal: AbortSignal) => Promise<void>) | undefined;
  #prepared = false;
  #underWay: AbortController | undefined;

  constructor(steps: ((document: Document<T>, signal: AbortSignal) => Promise<void>) | undefined) {
    this.#steps = steps;
  }

  /** A newer edit came, or a write was sent: what was prepared may be undone by it. */
  disturb(): void {
    this.#prepared = false;
    this.#underWay?.abort();
  }

  mustPrepare(verb: "put" | "remove"): boolean {
    return verb === "remove" && this.#steps !== undefined && !this.#prepared;
  }

  /** Takes the steps; resolves also when {@link disturb} cut them short. They change the resource: read it again. */
  async prepare(document: Document<T> | undefined, signal: AbortSignal): Promise<void> {
    const cancel = new AbortController();
    this.#underWay = cancel;
    try {
      if (document !== undefined) await this.#steps?.(document, AbortSignal.any([cancel.signal, signal]));
      this.#prepared = !cancel.signal.aborted;
    } catch (reason) {
      if (!cancel.signal.aborted) throw reason;
    } finally {
      this.#underWay = undefined;
    }
  }
}
