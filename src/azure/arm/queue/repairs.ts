/** Mends the resources that ARM calls not provisioned, each once at a time, beside the queue's own writes. */
export class Repairs {
  readonly #mend: (resourceId: string, waitMs: number) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();

  /** @param mend - waits, repairs, and swallows nothing: a failed repair is found out by the edits' next try. */
  constructor(mend: (resourceId: string, waitMs: number) => Promise<void>) {
    this.#mend = mend;
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  /** Starts the repair of a resource unless it is running; `ended` is called when it ends, well or not. */
  start(resourceId: string, waitMs: number, ended: () => void): void {
    if (this.#running.has(resourceId)) return;
    const end = (): void => {
      this.#running.delete(resourceId);
      ended();
    };
    this.#running.set(resourceId, this.#mend(resourceId, waitMs).then(end, end));
  }

  /** Resolves when those that run have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }
}
