import type { FaultAsk, FaultRun } from "./run.ts";
import { faultRun } from "./run.ts";
import { differences } from "./state.ts";

/** What the run of one seed has come to beside its twin without faults. */
export interface SeedVerdict {
  readonly seed: string;
  readonly requests: number;
  /** Requests of the twin. */
  readonly twinRequests: number;
  readonly seconds: number;
  readonly twinSeconds: number;
  /** Requests that went wrong. */
  readonly failedRequests: number;
  /** Writes that went wrong: refused or lost, and those whose operation ended badly. */
  readonly failedWrites: number;
  /** What must not be so; empty when all is well. */
  readonly problems: readonly string[];
  /** Failed writes that no event tells of. */
  readonly silentWrites: readonly string[];
}

/** Runs a seed with faults and without, and compares. A run that does not end is a problem, not an error. */
export async function judgeSeed(ask: FaultAsk): Promise<SeedVerdict> {
  const twin = await faultRun(ask, "P4");
  const common = { seed: ask.seed, twinRequests: twin.requests, twinSeconds: twin.seconds };
  let run: FaultRun;
  try {
    run = await faultRun(ask, "P5");
  } catch (error) {
    const nothing = { requests: 0, seconds: 0, failedRequests: 0, failedWrites: 0, silentWrites: [] };
    return {
      ...common,
      ...nothing,
      problems: [`did not end: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
  const { requests, seconds, failedRequests, writes } = run;
  return {
    ...common,
    requests,
    seconds,
    failedRequests,
    failedWrites: writes.requests + writes.operations,
    problems: problemsOf(run, twin),
    silentWrites: writes.withoutEvent,
  };
}

function problemsOf({ state, writes, violations, lateWrites }: FaultRun, twin: FaultRun): readonly string[] {
  const told = (failures: readonly string[], by: string): readonly string[] =>
    failures.map((failure) => `no ${by} tells of ${failure}`);
  return [
    ...differences(state, twin.state)
      .slice(0, 5)
      .map((difference) => `ends otherwise: ${difference}`),
    ...(violations === "" ? [] : [`oracles: ${violations}`]),
    ...told(writes.withoutError, "error"),
    ...told(writes.withoutEvent, "event"),
    ...(writes.withoutMetric > 0 ? [`${writes.withoutMetric} failed writes are in no metric`] : []),
    ...lateWrites.map((line) => `written after all had their address: ${line}`),
  ];
}
