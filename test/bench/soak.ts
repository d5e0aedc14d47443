import { handlesLeft, openHandles } from "../fixtures/soak/open-handles.ts";
import { type SoakReport, soak as soakOnce } from "../fixtures/soak/soak.ts";
import type { Bench } from "./bench.ts";
import { heapInUse } from "./heap.ts";

const OPERATIONS = 10_000;
const EARLY = 2500;
const OPTIONS = { seed: "soak", operations: OPERATIONS, lanes: 16, faultRate: 0.05 } as const;

/** A simulator that works hard for hours of its clock, while things go wrong. */
export const soak: Bench = {
  name: "soak",
  about: `${OPERATIONS} mixed operations of ${OPTIONS.lanes} callers on one simulator, 5 % of all requests go wrong, twice`,
  async run() {
    const before = openHandles();
    const heap = new Map<number, number>();
    const startedAt = performance.now();
    const call = (operations: number): void => void heap.set(operations, heapInUse());
    const first = await soakOnce({ ...OPTIONS, checkpoint: { every: EARLY, call } });
    const ms = performance.now() - startedAt;
    const left = await handlesLeft(before);
    const again = await soakOnce({ ...OPTIONS, reversed: true });
    const requests = [...first.requests.values()].reduce((sum, count) => sum + count, 0);
    return {
      counts: {
        requests,
        "requests that went wrong": first.faults,
        "handles and timers left": left.length + first.timersLeft,
        "resources whose journal differs in the second run": differences(first, again),
      },
      times: { "one run": ms },
      sizes: {
        "heap after 2,500 operations": heap.get(EARLY) ?? Number.NaN,
        "heap after 5,000 operations": heap.get(2 * EARLY) ?? Number.NaN,
        "heap after 10,000 operations": heap.get(OPERATIONS) ?? Number.NaN,
      },
    };
  },
};

function differences(a: SoakReport, b: SoakReport): number {
  const paths = new Set([...a.journal.keys(), ...b.journal.keys()]);
  const journals = [...paths].filter((path) => a.journal.get(path) !== b.journal.get(path)).length;
  return journals + a.transcripts.filter((hash, lane) => hash !== b.transcripts[lane]).length;
}
