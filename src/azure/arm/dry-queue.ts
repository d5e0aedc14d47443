import type { Document, Edit } from "./port.ts";
import { type Decision, decide } from "./queue/fold.ts";
import { DEFAULTS, type EditQueue, type MergeQueueOptions } from "./queue/options.ts";

/** What a dry queue needs: how to read, and the rules by which the real queue would decide. */
export type DryQueueOptions<T> = Pick<MergeQueueOptions<T>, "same" | "settle" | "inEffect"> & {
  readonly port: { read(signal: AbortSignal): Promise<Document<T> | undefined> };
  /** What would be done before the resource is removed. */
  readonly prepareRemoval?: (document: Document<T>, signal: AbortSignal) => Promise<void>;
  /** What ARM would make of a body: it fills in what it alone knows. Returns the body itself when there is nothing. */
  readonly completed?: (value: T) => T;
};

/** One write that would be sent, and for whom. */
export interface DryStep<T> {
  readonly owner: string;
  readonly before: T | undefined;
  /** Undefined when the write removes the resource. */
  readonly after: T | undefined;
}

/** What the edits of a resource would come to. */
export interface DryOutcome<T> {
  readonly verb: "nothing" | "create" | "update" | "remove";
  /** Undefined when the resource is absent. */
  readonly before: Document<T> | undefined;
  /** Undefined when the resource would be absent. */
  readonly after: T | undefined;
  /** What leads from one to the other. */
  readonly steps: readonly DryStep<T>[];
}

/** The resource as the edits so far would have left it. */
interface Overlay<T> {
  readonly base: Document<T> | undefined;
  readonly value: T | undefined;
  readonly steps: readonly DryStep<T>[];
}

/**
 * Takes the same edits as the merge queue and writes nothing: `plan` runs on it, so that there is no other diff. One read,
 * at the first edit; every edit then meets what the ones before it would have left, as in a queue whose writes are all
 * confirmed at once. An edit that throws rejects its caller and is left out, as in the real queue.
 */
export class DryQueue<T> implements EditQueue<T> {
  readonly #options: Required<DryQueueOptions<T>>;
  #overlay: Overlay<T> | undefined;
  #line: Promise<unknown> = Promise.resolve();

  constructor(options: DryQueueOptions<T>) {
    const { same, settle, inEffect } = DEFAULTS;
    const prepareRemoval = (): Promise<void> => Promise.resolve();
    this.#options = { same, settle, inEffect, prepareRemoval, completed: (value) => value, ...options };
  }

  /** The resource as it would be now; undefined while no edit was handed in. */
  get planned(): { readonly value: T | undefined } | undefined {
    return this.#overlay;
  }

  /** Whether anything would have been written. */
  get changed(): boolean {
    return (this.#overlay?.steps.length ?? 0) > 0;
  }

  /** @returns at once what the resource would be after the edits so far; the etag is the one that was read. */
  submit(edit: Edit<T>, signal: AbortSignal): Promise<Document<T> | undefined> {
    const answer = this.#line.then(() => this.#apply(edit, signal));
    this.#line = answer.catch(() => {}); // its caller hears of it; the next edit comes all the same
    return answer;
  }

  /** What would have been written for all edits handed in so far. */
  outcome(): DryOutcome<T> {
    const { base, value: after, steps } = this.#overlay ?? { base: undefined, value: undefined, steps: [] };
    return { verb: steps.length === 0 ? "nothing" : verbOf(base, after), before: base, after, steps };
  }

  async #apply(edit: Edit<T>, signal: AbortSignal): Promise<Document<T> | undefined> {
    const { base, value, steps } = await this.#seen(signal);
    const work = this.#decide(edit, value);
    if (work === undefined) {
      this.#overlay = { base, value, steps };
      return documentOf(value, base);
    }
    const standing = documentOf(value, base);
    if (work.verb === "remove" && standing) await this.#options.prepareRemoval(standing, signal);
    const after = work.verb === "remove" ? undefined : work.value;
    const shown = after && this.#options.completed(after);
    this.#overlay = { base, value: shown, steps: [...steps, { owner: edit.owner, before: value, after }] };
    return documentOf(shown, base);
  }

  /** What the real queue would send for this edit alone. */
  #decide(edit: Edit<T>, value: T | undefined): Decision<T, { edit: Edit<T> }>["work"] {
    const rewrite = value !== undefined && !this.#options.inEffect(value);
    const { work, failed } = decide(value, [{ edit }], { ...this.#options, rewrite });
    for (const { error } of failed) throw error;
    return work;
  }

  async #seen(signal: AbortSignal): Promise<Overlay<T>> {
    if (this.#overlay !== undefined) return this.#overlay;
    const base = await this.#options.port.read(signal); // what fails is no answer; the next caller asks again
    return { base, value: base?.value, steps: [] };
  }
}

function verbOf(before: unknown, after: unknown): DryOutcome<unknown>["verb"] {
  if (before === undefined) return after === undefined ? "nothing" : "create";
  return after === undefined ? "remove" : "update";
}

function documentOf<T>(value: T | undefined, base: Document<T> | undefined): Document<T> | undefined {
  return value === undefined ? undefined : { value, etag: base?.etag };
}
