import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimerHeap } from "../../../src/base/timer-heap.ts";

/** Adds a timer that is due at `at`, or takes away the nth that was added, or the first. */
type Step = { readonly add: number } | { readonly remove: number } | "take first";

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.constant<Step>("take first") },
  ),
  { maxLength: 200 },
);

describe("a heap of timers", () => {
  it("gives them as a sorted list would, whatever was added and taken away", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const heap = new TimerHeap();
        const removers: (() => void)[] = [];
        let model: { readonly at: number; readonly order: number }[] = [];
        for (const step of all) {
          if (step === "take first") {
            expect(heap.takeFirst()?.order).toBe(model.shift()?.order);
          } else if ("add" in step) {
            const order = removers.length;
            removers.push(heap.add({ at: step.add, order, run: () => {} }));
            model = [...model, { at: step.add, order }].toSorted((a, b) => a.at - b.at || a.order - b.order);
          } else {
            removers[step.remove]?.();
            model = model.filter(({ order }) => order !== step.remove);
          }
          expect([heap.size, heap.first?.order]).toEqual([model.length, model[0]?.order]);
        }
      }),
    );
  });

  it("takes away nothing after it was cleared", () => {
    const heap = new TimerHeap();
    const remove = heap.add({ at: 1, order: 0, run: () => {} });
    heap.clear();
    heap.add({ at: 2, order: 1, run: () => {} });
    remove();
    expect([heap.size, heap.first?.order]).toEqual([1, 1]);
  });

  it("finds the next of n timers in some log n comparisons", () => {
    let comparisons = 0;
    const heap = new TimerHeap();
    /** A number that notices when it is compared. */
    const watched = (at: number): number => {
      const toPrimitive = (): number => {
        comparisons++;
        return at;
      };
      return { [Symbol.toPrimitive]: toPrimitive } as unknown as number;
    };
    const count = 4096;
    for (let n = 0; n < count; n++) heap.add({ at: watched((n * 2_654_435_761) % count), order: n, run: () => {} });
    while (heap.size > 0) heap.takeFirst();
    expect(comparisons, "they were compared at all").toBeGreaterThan(count);
    expect(comparisons / count, "a list that is searched takes some 2,000").toBeLessThan(120);
  });
});
