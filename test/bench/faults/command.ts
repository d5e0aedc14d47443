import { type Checked, checked, describeProblem, type Problem } from "../../../src/base/checked.ts";
import { median } from "../bench.ts";
import { type FaultAsk, faultRun, lineOf } from "./run.ts";
import { judgeSeed, type SeedVerdict } from "./verdict.ts";

/** Flags of `npm run bench -- faults`. */
export interface FaultFlags {
  readonly seeds?: string | undefined;
  /** The one seed to run, in place of many. */
  readonly seed?: string | undefined;
  readonly services?: string | undefined;
  readonly "pool-type"?: string | undefined;
  readonly json?: boolean | undefined;
  /** Prints the requests of the run with faults too. */
  readonly journal?: boolean | undefined;
}

/** How many requests more than its twin a run may need: in the median, and at worst. */
const RATIOS = { median: 1.3, worst: 2 } as const;

/**
 * `npm run bench -- faults`: Services that are created while 5 % of all requests go wrong, once for each seed, beside a
 * twin without faults. Returns whether all have come to the same end within the limits.
 *
 * @throws Error with every flag that is wrong.
 */
export async function faults(flags: FaultFlags): Promise<boolean> {
  const asked = checkFlags(flags);
  if (!asked.ok) throw new Error(asked.problems.map(describeProblem).join("\n"));
  const verdicts: SeedVerdict[] = [];
  for (const ask of asked.value) {
    const verdict = await judgeSeed(ask);
    verdicts.push(verdict);
    for (const problem of verdict.problems) console.error(`seed ${ask.seed}: ${problem}`);
    if (verdict.problems.length > 0) console.error(`seed ${ask.seed}: again with ${replay(ask)}`);
    if (flags.journal === true) await printJournal(ask);
  }
  const summary = summaryOf(verdicts);
  console.log(flags.json === true ? JSON.stringify({ ...summary, runs: verdicts }) : describe(summary, asked.value));
  return summary.failed.length === 0 && summary.median <= RATIOS.median && summary.worst <= RATIOS.worst;
}

async function printJournal(ask: FaultAsk): Promise<void> {
  const { journal } = await faultRun(ask, "P5");
  for (const entry of journal) console.error(lineOf(entry));
}

function replay({ seed, services, poolType }: FaultAsk): string {
  return `npm run bench -- faults --seed ${seed} --services ${services} --pool-type ${poolType} --journal`;
}

interface Summary {
  readonly seeds: number;
  readonly failed: readonly string[];
  /** Requests as multiples of the twin's. */
  readonly median: number;
  readonly worst: number;
  readonly worstSeed: string;
  readonly medianSeconds: number;
  readonly twinSeconds: number;
  readonly failedRequests: number;
  readonly failedWrites: number;
  /** Failed writes that no event tells of. */
  readonly silentWrites: number;
}

function summaryOf(verdicts: readonly SeedVerdict[]): Summary {
  const sum = (of: (verdict: SeedVerdict) => number): number => verdicts.reduce((total, each) => total + of(each), 0);
  const ratios = verdicts.map(({ requests, twinRequests }) => requests / twinRequests);
  const worst = Math.max(...ratios);
  return {
    seeds: verdicts.length,
    failed: verdicts.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed),
    median: Number(median(ratios).toFixed(3)),
    worst: Number(worst.toFixed(3)),
    worstSeed: verdicts[ratios.indexOf(worst)]?.seed ?? "",
    medianSeconds: median(verdicts.map(({ seconds }) => seconds)),
    twinSeconds: median(verdicts.map(({ twinSeconds }) => twinSeconds)),
    failedRequests: sum(({ failedRequests }) => failedRequests),
    failedWrites: sum(({ failedWrites }) => failedWrites),
    silentWrites: sum(({ silentWrites }) => silentWrites.length),
  };
}

function describe(summary: Summary, [first]: readonly FaultAsk[]): string {
  const { seeds, failed, worstSeed } = summary;
  return [
    `${seeds} seeds of ${first?.services} Services, profile P5, virtual clock, pool ${first?.poolType}, 3 nodes, 256 workers, port 80 on every Service`,
    `  ${seeds - failed.length} came to the state of their twin without faults${failed.length === 0 ? "" : `; not so: ${failed.join(", ")}`}`,
    `  requests, of the twin's   median ${summary.median} (at most ${RATIOS.median}), worst ${summary.worst} (at most ${RATIOS.worst}; seed ${worstSeed})`,
    `  last Service ready        median ${summary.medianSeconds} s, twins ${summary.twinSeconds} s`,
    `  went wrong                ${summary.failedRequests} requests; ${summary.failedWrites} writes, ${summary.silentWrites} of them in no event`,
  ].join("\n");
}

function checkFlags(flags: FaultFlags): Checked<readonly FaultAsk[]> {
  const problems: Problem[] = [];
  const whole = (flag: "seeds" | "services", fallback: number, most: number): number => {
    const got = flags[flag] ?? String(fallback);
    const value = Number(got);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      problems.push({ field: `--${flag}`, got, want: `a whole number from 1 to ${most}` });
    }
    return value;
  };
  const poolType = flags["pool-type"] ?? "nodeIP";
  if (poolType !== "nodeIP" && poolType !== "nodeIPConfiguration") {
    problems.push({ field: "--pool-type", got: poolType, want: "nodeIP, nodeIPConfiguration" });
  }
  const services = whole("services", 20, 1000);
  const count = whole("seeds", 300, 1_000_000);
  if (problems.length > 0) return { ok: false, problems };
  const seeds =
    flags.seed === undefined ? Array.from({ length: count }, (_, index) => String(index + 1)) : [flags.seed];
  return checked(
    seeds.map((seed) => ({ seed, services, poolType: poolType as FaultAsk["poolType"] })),
    problems,
  );
}
