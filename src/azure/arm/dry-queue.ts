import type { Document, Edit } from "./port.ts";
import { decide } from "./queue/fold.ts";
import type { EditQueue, MergeQueueOptions } from "./queue/options.ts";

/** What a dry queue needs: how to read, and the rules by which the real queue would decide. */
export type DryQueueOptions<T> = Pick<MergeQueueOptions<T>, "same" | "settle" | "inEffect"> & {
  readonly port: { read(signal: AbortSignal): Promise<Document<T> | undefined> };
};

/** What the edits of a resource would come to. */
export interface DryOutcome<T> {
  readonly verb: "nothing" | "create" | "update" | "remove";
  /** Undefined when the resource is absent. */
  readonly before: T | undefined;
  /** Undefined when the resource would be absent. */
  readonly after: T | undefined;
}

interface DryRider<T> {
  readonly edit: Edit<T>;
}

/**
 * Takes the same edits as the merge queue and writes nothing: `plan` runs on it, so that there is no other diff. One read,
 * at the first edit; an edit that throws rejects its caller and is left out, as in the real queue.
 */
export class DryQueue<T> implements EditQueue<T> {
  readonly #options: DryQueueOptions<T>;
  readonly #riders = new Map<string, DryRider<T>>();
  #base: Promise<Document<T> | undefined> | undefined;

  constructor(options: DryQueueOptions<T>) {
    this.#options = options;
  }

  /** @returns at once what the resource would be after the edits so far; the etag is the one that was read. */
  async submit(edit: Edit<T>, signal: AbortSignal): Promise<Document<T> | undefined> {
    const base = await this.#read(signal);
    this.#riders.set(edit.owner, { edit });
    const { after, failed } = this.#decide(base);
    const failure = failed.find(({ rider }) => rider.edit === edit);
    if (failure !== undefined) {
      this.#riders.delete(edit.owner);
      throw failure.error;
    }
    return after === undefined ? undefined : { value: after, etag: base?.etag };
  }

  /** What would be written for all edits handed in so far, in one batch. */
  async outcome(signal: AbortSignal): Promise<DryOutcome<T>> {
    const { verb, before, after } = this.#decide(await this.#read(signal));
    return { verb, before, after };
  }

  async #read(signal: AbortSignal): Promise<Document<T> | undefined> {
    this.#base ??= this.#options.port.read(signal);
    try {
      return await this.#base;
    } catch (reason) {
      this.#base = undefined; // a failed read is no answer; the next caller asks again
      throw reason;
    }
  }

  #decide(base: Document<T> | undefined) {
    const { same = () => false, settle = () => "keep" as const, inEffect = () => true } = this.#options;
    const before = base?.value;
    const rewrite = before !== undefined && !inEffect(before);
    const { work, failed } = decide(before, [...this.#riders.values()], { same, settle, rewrite });
    if (work === undefined) return { verb: "nothing" as const, before, after: before, failed };
    if (work.verb === "remove") return { verb: "remove" as const, before, after: undefined, failed };
    return {
      verb: before === undefined ? ("create" as const) : ("update" as const),
      before,
      after: work.value,
      failed,
    };
  }
}
