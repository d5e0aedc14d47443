/**
 * `npm run bench -- [name...] [--json] [--update]`: measures, and compares with `baseline.json`. Exit code 1 when
 * something is worse. See docs/explanation/benches.md.
 */
import { parseArgs } from "node:util";
import { table } from "../../src/cli/table.ts";
import type { Bench } from "./bench.ts";
import { calibrate } from "./calibration.ts";
import { help } from "./help.ts";
import { type Comparison, compare, type Entry, entryOf, readLedger, writeLedger } from "./ledger.ts";
import { mergeQueue } from "./merge-queue.ts";
import { noOp } from "./no-op.ts";
import { planner } from "./planner.ts";
import { reflector } from "./reflector.ts";
import { services } from "./services.ts";
import { soak } from "./soak.ts";

const BENCHES: readonly Bench[] = [services, noOp, planner, mergeQueue, reflector, soak, help];

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, update: { type: "boolean" } },
});

const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(", ")}; there are ${BENCHES.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
} else {
  await measure(BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name)));
}

async function measure(benches: readonly Bench[]): Promise<void> {
  const ledger = readLedger();
  const entries: Record<string, Entry> = {};
  const comparisons: Record<string, readonly Comparison[]> = {};
  for (const bench of benches) {
    const unitMs = await calibrate(); // each time anew: what else the machine does changes from minute to minute
    const entry = entryOf(await bench.run(), unitMs);
    const compared = compare(entry, ledger[bench.name]);
    entries[bench.name] = entry;
    comparisons[bench.name] = compared;
    tell(`${bench.name}: ${bench.about}\n${report(compared, unitMs, bench.goalsMs)}\n`);
  }
  if (flags.json === true) console.log(JSON.stringify(comparisons));
  if (flags.update === true) writeLedger(entries);
  else conclude(Object.values(comparisons).flat());
}

function report(comparisons: readonly Comparison[], unitMs: number, goals: Bench["goalsMs"] = {}): string {
  const rows = comparisons.map(({ kind, name, value, stored, verdict }) => [
    name,
    kind === "sizes" ? `${value} MiB` : kind === "times" ? `${value} x` : String(value),
    kind === "times" ? `${(value * unitMs).toFixed(1)} ms` : "",
    goals[name] === undefined ? "" : `goal ${goals[name]} ms`,
    stored === undefined || stored === value ? "" : `was ${stored}`,
    verdict === "same" ? "" : verdict,
  ]);
  return table(rows, 2);
}

function conclude(all: readonly Comparison[]): void {
  const count = (wanted: Comparison["verdict"]): number => all.filter(({ verdict }) => verdict === wanted).length;
  tell(`${count("same")} as before, ${count("better")} better, ${count("new")} new, ${count("worse")} worse`);
  if (count("better") + count("new") > 0) tell("to keep what is better or new: npm run bench -- --update");
  process.exitCode = count("worse") > 0 ? 1 : 0;
}

function tell(text: string): void {
  if (flags.json !== true) console.log(text);
}
