import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Measured } from "./bench.ts";

/** What is stored of a bench: counts, times as multiples of the calibration loop, MiB. */
export type Entry = Required<Measured>;

/** Entries by the name of their bench. */
export type Ledger = Readonly<Record<string, Entry>>;

/** How much a time or a size may grow before it counts as worse; a count may not grow at all. */
const LIMITS: Readonly<Record<keyof Entry, number>> = { counts: 1, times: 3, sizes: 2 };

const FILE = fileURLToPath(new URL("baseline.json", import.meta.url));

/** One value beside the one that is stored. */
export interface Comparison {
  readonly kind: keyof Entry;
  readonly name: string;
  readonly value: number;
  /** Undefined for what was never measured before. */
  readonly stored: number | undefined;
  readonly verdict: "new" | "same" | "better" | "worse";
}

/** An entry from what was measured. @param unitMs - milliseconds of the calibration loop. */
export function entryOf({ counts = {}, times = {}, sizes = {} }: Measured, unitMs: number): Entry {
  const ratios = Object.entries(times).map(([name, ms]) => [name, significant(ms / unitMs)] as const);
  const mebibytes = Object.entries(sizes).map(([name, size]) => [name, significant(size)] as const);
  return { counts, times: Object.fromEntries(ratios), sizes: Object.fromEntries(mebibytes) };
}

/** Compares an entry with the stored one, value by value. */
export function compare(entry: Entry, stored: Entry | undefined): readonly Comparison[] {
  return (["counts", "times", "sizes"] as const).flatMap((kind) =>
    Object.entries(entry[kind]).map(([name, value]) => {
      const before = stored?.[kind][name];
      return { kind, name, value, stored: before, verdict: verdict(value, before, LIMITS[kind]) };
    }),
  );
}

/** A time or size that is within its limit either way is the same: it is measured, not counted. */
function verdict(value: number, stored: number | undefined, limit: number): Comparison["verdict"] {
  if (stored === undefined) return "new";
  if (value > stored * limit) return "worse";
  return value < stored / limit ? "better" : "same";
}

function significant(value: number): number {
  return Number(value.toPrecision(3));
}

/** What is stored; empty before the first time. */
export function readLedger(): Ledger {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")) as Ledger;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Stores entries over those of the same benches. */
export function writeLedger(entries: Ledger): void {
  const all = Object.entries({ ...readLedger(), ...entries }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
}
