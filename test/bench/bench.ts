/** What a bench has measured, by name. Less is better everywhere. */
export interface Measured {
  /** Requests, writes, bytes, polls: the same on every machine, compared exactly. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Milliseconds of this machine; stored and compared as multiples of the calibration loop. */
  readonly times?: Readonly<Record<string, number>>;
  /** MiB of heap. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** One thing that is worth watching. */
export interface Bench {
  /** As the command line names it. */
  readonly name: string;
  /** What is measured, as a phrase. */
  readonly about: string;
  /** What times shall come down to on a machine with two cores of 2026, milliseconds; shown, not enforced. */
  readonly goalsMs?: Readonly<Record<string, number>>;
  /** What counts shall come down to, by name; shown, not enforced. */
  readonly goals?: Readonly<Record<string, number>>;
  run(): Promise<Measured>;
}

/** Milliseconds that `work` takes: the best of several turns, because everything else on the machine only adds. */
export async function bestOf(turns: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn++) {
    const startedAt = performance.now();
    await work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}

/** The middle one, the upper of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
