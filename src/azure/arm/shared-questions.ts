import { abortReason, type Clock, wake } from "../../base/clock.ts";
import { listPatienceMs } from "./completion/watch.ts";

/** What a shared question is answered with. */
export interface Answers {
  /** One list; resolves when it has been read and its answers are known. */
  readonly list: (signal: AbortSignal) => Promise<unknown>;
  /** Requests that a list takes. */
  readonly pages: () => number;
}

/** So long a direct question counts as one that waits for its answer, unless that has come, milliseconds. */
const UNANSWERED_MS = 10_000;

/**
 * Questions about single resources that come up together: a hundred of them are answered by one list, a lone one is better
 * asked directly.
 */
export class SharedQuestions {
  readonly #clock: Clock;
  readonly #answers: Answers;
  readonly #life: AbortSignal;
  #asking: { readonly id: string; readonly tell: (shared: boolean) => void }[] = [];
  /** Who was told to ask directly and has no answer yet, and when: behind a gate questions come up one by one. */
  readonly #direct = new Map<string, number>();

  /** @param life - ends a list that is under way. */
  constructor(clock: Clock, answers: Answers, life: AbortSignal) {
    this.#clock = clock;
    this.#answers = answers;
    this.#life = life;
  }

  /**
   * Asks about one resource. Resolves with true when a list that began after this call was read; with false when too few ask for a list to be
   * worth its requests, or when it could not be read, or not soon: then the question has to be asked directly.
   */
  ask(id: string, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(abortReason(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      const tell = (shared: boolean): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(shared);
      };
      this.#asking.push({ id, tell });
      if (this.#asking.length === 1) wake(this.#clock, 0, () => void this.#settle());
    });
  }

  /** A direct answer about the resource has come. */
  answered(id: string): void {
    this.#direct.delete(id);
  }

  async #settle(): Promise<void> {
    const asking = this.#asking;
    this.#asking = [];
    const worthIt = asking.length + this.#unanswered() > this.#answers.pages();
    if (!worthIt) for (const { id } of asking) this.#direct.set(id, this.#clock.now());
    const shared = worthIt && (await this.#listed(asking.length));
    for (const { tell } of asking) tell(shared);
  }

  #listed(asking: number): Promise<boolean> {
    return new Promise((resolve) => {
      const patienceMs = listPatienceMs(this.#answers.pages(), asking);
      const cancel = this.#clock.schedule(patienceMs, () => resolve(false));
      void this.#answers.list(this.#life).then(yes, no).then(resolve).finally(cancel);
    });
  }

  #unanswered(): number {
    for (const [id, atMs] of this.#direct) if (this.#clock.now() - atMs >= UNANSWERED_MS) this.#direct.delete(id);
    return this.#direct.size;
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;
