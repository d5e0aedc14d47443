import { abortReason, type Clock } from "../../base/clock.ts";

/** What a shared question is answered with. */
export interface Answers {
  /** One list; resolves when it has been read and its answers are known. */
  readonly list: (signal: AbortSignal) => Promise<unknown>;
  /** Requests that a list takes. */
  readonly pages: () => number;
}

/**
 * Questions about single resources that come up in the same turn: a hundred of them are answered by one list, a lone one
 * is better asked directly.
 */
export class SharedQuestions {
  readonly #clock: Clock;
  readonly #answers: Answers;
  readonly #life: AbortSignal;
  #asking: ((shared: boolean) => void)[] = [];

  /** @param life - ends a list that is under way. */
  constructor(clock: Clock, answers: Answers, life: AbortSignal) {
    this.#clock = clock;
    this.#answers = answers;
    this.#life = life;
  }

  /**
   * Resolves with true when a list that began after this call was read; with false when too few ask for a list to be
   * worth its requests, or when it could not be read: then the question has to be asked directly.
   */
  ask(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(abortReason(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      this.#asking.push((shared) => {
        signal.removeEventListener("abort", onAbort);
        resolve(shared);
      });
      if (this.#asking.length === 1) this.#clock.schedule(0, () => void this.#settle());
    });
  }

  async #settle(): Promise<void> {
    const asking = this.#asking;
    this.#asking = [];
    const worthIt = asking.length > this.#answers.pages();
    const shared = worthIt && (await this.#answers.list(this.#life).then(yes, no));
    for (const tell of asking) tell(shared);
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;
