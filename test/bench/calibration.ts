import { bestOf } from "./bench.ts";

/**
 * Milliseconds of a fixed piece of work of the kind that the benches do (maps, sorting, JSON): what other times are
 * multiples of, so that a slow machine does not look like slow code.
 */
export async function calibrate(): Promise<number> {
  work(); // once for the compiler
  return await bestOf(7, work);
}

function work(): number {
  const names = new Map<string, number>();
  for (let n = 0; n < 20_000; n++) names.set(`name-${(n * 7919) % 20_011}`, n);
  const sorted = [...names].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ name, value }));
  return JSON.stringify(JSON.parse(JSON.stringify(sorted))).length;
}
