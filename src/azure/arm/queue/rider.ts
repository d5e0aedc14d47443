import { abortReason } from "../../../base/clock.ts";
import type { Document, Edit } from "../port.ts";
import type { Setback } from "./options.ts";

interface Caller<T> {
  readonly resolve: (document: Document<T> | undefined) => void;
  readonly reject: (reason: unknown) => void;
  /** Stops listening to the caller's signal. */
  readonly release: () => void;
  left: boolean;
}

/** One owner's newest edit and everybody who waits for it. */
export class Rider<T> {
  /** Id of the resource that must be mended first although the edit does not name it. */
  heldFor: string | undefined;
  #edit: Edit<T>;
  #callers: Caller<T>[] = [];
  #setbacks = new Map<Setback, number>();

  constructor(edit: Edit<T>) {
    this.#edit = edit;
  }

  get edit(): Edit<T> {
    return this.#edit;
  }

  get owner(): string {
    return this.#edit.owner;
  }

  /** Who hears what becomes of it. */
  get onBehalfOf(): string {
    return this.#edit.onBehalfOf ?? this.owner;
  }

  /** False when every caller has been answered or has left: then the edit is withdrawn. */
  get wanted(): boolean {
    return this.#callers.some((caller) => !caller.left);
  }

  /** Puts a newer edit in place of this one; who waited for the older one waits for the newer one. */
  replace(edit: Edit<T>): void {
    this.#edit = edit;
    this.#setbacks = new Map();
    this.heldFor = undefined;
  }

  /** Takes over the callers of an older rider of the same owner. */
  absorb(older: Rider<T>): void {
    this.#callers = [...older.#callers, ...this.#callers];
    older.#callers = [];
  }

  /** Adds a caller. Its promise rejects at once when `signal` aborts, whatever becomes of the edit. */
  join(signal: AbortSignal): Promise<Document<T> | undefined> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        caller.left = true;
        reject(abortReason(signal));
      };
      const release = (): void => signal.removeEventListener("abort", onAbort);
      const caller: Caller<T> = { resolve, reject, release, left: false };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#callers.push(caller);
    });
  }

  /** Counts one more setback; returns how many of this kind the edit has met. */
  met(setback: Setback): number {
    const count = (this.#setbacks.get(setback) ?? 0) + 1;
    this.#setbacks.set(setback, count);
    return count;
  }

  resolve(document: Document<T> | undefined): void {
    for (const caller of this.#answered()) caller.resolve(document);
  }

  reject(reason: unknown): void {
    for (const caller of this.#answered()) caller.reject(reason);
  }

  #answered(): readonly Caller<T>[] {
    const callers = this.#callers;
    this.#callers = [];
    for (const caller of callers) caller.release();
    return callers;
  }
}
