import { table } from "../../src/cli/table.ts";
import type { Bench } from "./bench.ts";
import { calibrate } from "./calibration.ts";
import { help } from "./help.ts";
import { isolation } from "./isolation/bench.ts";
import { type Comparison, compare, type Entry, entryOf, readLedger, writeLedger } from "./ledger.ts";
import { mergeQueue } from "./merge-queue.ts";
import { noOp } from "./no-op.ts";
import { nodeJoins } from "./node-joins.ts";
import { planner } from "./planner.ts";
import { reflector } from "./reflector.ts";
import { services } from "./services.ts";
import { soak } from "./soak.ts";

const BENCHES: readonly Bench[] = [services, noOp, nodeJoins, isolation, planner, mergeQueue, reflector, soak, help];

/** How a comparison is shown, and whether it is stored. */
export interface ComparingFlags {
  readonly json?: boolean | undefined;
  readonly update?: boolean | undefined;
}

/**
 * Runs benches by name, all of them when none is named, and compares with what is stored. Returns whether nothing is worse.
 *
 * @throws Error when there is no bench of a name.
 */
export async function compareBenches(names: readonly string[], flags: ComparingFlags): Promise<boolean> {
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    throw new Error(`no bench ${unknown.join(", ")}; there are ${BENCHES.map(({ name }) => name).join(", ")}`);
  }
  return await measure(
    BENCHES.filter(({ name }) => names.length === 0 || names.includes(name)),
    flags,
  );
}

async function measure(benches: readonly Bench[], flags: ComparingFlags): Promise<boolean> {
  const tell = (text: string): void => {
    if (flags.json !== true) console.log(text);
  };
  const ledger = readLedger();
  const entries: Record<string, Entry> = {};
  const comparisons: Record<string, readonly Comparison[]> = {};
  for (const bench of benches) {
    const unitMs = await calibrate(); // each time anew: what else the machine does changes from minute to minute
    const entry = entryOf(await bench.run(), unitMs);
    const compared = compare(entry, ledger[bench.name]);
    entries[bench.name] = entry;
    comparisons[bench.name] = compared;
    tell(`${bench.name}: ${bench.about}\n${report(compared, unitMs, bench)}\n`);
  }
  if (flags.json === true) console.log(JSON.stringify(comparisons));
  if (flags.update !== true) return conclude(Object.values(comparisons).flat(), tell);
  writeLedger(entries);
  return true;
}

function report(comparisons: readonly Comparison[], unitMs: number, { goalsMs = {}, goals = {} }: Bench): string {
  const goalOf = (name: string): string => {
    if (goals[name] !== undefined) return `goal ${goals[name]}`;
    return goalsMs[name] === undefined ? "" : `goal ${goalsMs[name]} ms`;
  };
  const rows = comparisons.map(({ kind, name, value, stored, verdict }) => [
    name,
    kind === "sizes" ? `${value} MiB` : kind === "times" ? `${value} x` : String(value),
    kind === "times" ? `${(value * unitMs).toFixed(1)} ms` : "",
    goalOf(name),
    stored === undefined || stored === value ? "" : `was ${stored}`,
    verdict === "same" ? "" : verdict,
  ]);
  return table(rows, 2);
}

function conclude(all: readonly Comparison[], tell: (text: string) => void): boolean {
  const count = (wanted: Comparison["verdict"]): number => all.filter(({ verdict }) => verdict === wanted).length;
  tell(`${count("same")} as before, ${count("better")} better, ${count("new")} new, ${count("worse")} worse`);
  if (count("better") + count("new") > 0) tell("to keep what is better or new: npm run bench -- --update");
  return count("worse") === 0;
}
