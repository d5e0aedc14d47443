/**
 * How long a process must have been quiet: turns of the event loop, in each of which bytes on loopback arrive and promises
 * settle, and real milliseconds, because a busy machine may be late to deliver.
 */
const QUIET = { turns: 16, ms: 0.5 } as const;

/** What a {@link QuietWatch} asks and tells. */
export interface QuietWatchParts {
  /** Whether watching is of no use now: it stops, until somebody {@link QuietWatch.begin | begins} anew. */
  readonly idle: () => boolean;
  /** Whether something is under way that does not tell when it ends: the watch goes on, but not to its end. */
  readonly busy: () => boolean;
  /** The process has been quiet for long enough. Called once for each beginning. */
  readonly onQuiet: () => void;
}

/**
 * Watches the event loop of this process until it has been quiet for sixteen turns and half a millisecond. It watches
 * without sleeping: the shortest sleep of Node is longer than that, and virtual time jumps often.
 */
export class QuietWatch {
  readonly #parts: QuietWatchParts;
  /** Whether it looks again in the next turn. */
  #looking = false;
  #since = 0;
  #turns = 0;

  constructor(parts: QuietWatchParts) {
    this.#parts = parts;
  }

  /** Something has happened: the quiet begins now. */
  begin(): void {
    if (this.#parts.idle()) return;
    this.#since = performance.now();
    this.#turns = 0;
    if (!this.#looking) this.#lookInNextTurn();
  }

  #lookInNextTurn(): void {
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      this.#look();
    });
  }

  #look(): void {
    if (this.#parts.idle()) return;
    const quiet = ++this.#turns > QUIET.turns && performance.now() - this.#since >= QUIET.ms;
    if (!quiet) this.#lookInNextTurn();
    else if (this.#parts.busy()) this.begin();
    else this.#parts.onQuiet();
  }
}
