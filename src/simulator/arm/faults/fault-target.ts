/** Which requests a fault is about. */
export interface FaultTarget {
  /** `PUT`; any method when absent. */
  readonly method?: string;
  /** Part of the path (compared without case), or a pattern for it. */
  readonly path: string | RegExp;
  /** The nth request that matches, from 1 (the default); `every` for all of them. */
  readonly nth?: number | "every";
  /**
   * Only polls of an operation, or only the first GET of a resource after a poll has told that its operation ended. The
   * path is then the resource's, for polls too.
   */
  readonly phase?: Phase;
}

/** What a GET is for, where ARM's clients send several to finish one write. */
export type Phase = "poll" | "finalGet";

/** A request as targets see it. */
export interface Addressed {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly phase?: Phase | undefined;
  /** Path of the resource that a poll is about. */
  readonly about?: string | undefined;
}

/** Counts the requests that a target matches. */
export class Matcher {
  readonly #target: FaultTarget;
  readonly #methods: readonly string[] | undefined;
  #seen = 0;
  #fired = 0;

  /** @param methods - upper case; used when the target names none. */
  constructor(target: FaultTarget, methods?: readonly string[]) {
    this.#target = target;
    this.#methods = target.method === undefined ? methods : [target.method.toUpperCase()];
  }

  /** How often {@link hits} said yes. */
  get fired(): number {
    return this.#fired;
  }

  /** Whether the target looks at phases. */
  get phased(): boolean {
    return this.#target.phase !== undefined;
  }

  /** Whether this is the nth request that matches; counts those that do. */
  hits(request: Addressed): boolean {
    if (!this.#matches(request)) return false;
    const { nth = 1 } = this.#target;
    this.#seen++;
    if (nth !== "every" && nth !== this.#seen) return false;
    this.#fired++;
    return true;
  }

  #matches({ method, path, phase, about }: Addressed): boolean {
    const { phase: wanted, path: pattern } = this.#target;
    if (this.#methods?.includes(method) === false) return false;
    if (wanted === undefined) return covers(pattern, path);
    return wanted === phase && covers(pattern, about ?? path);
  }
}

function covers(pattern: string | RegExp, path: string): boolean {
  return typeof pattern === "string" ? path.toLowerCase().includes(pattern.toLowerCase()) : path.search(pattern) >= 0;
}
