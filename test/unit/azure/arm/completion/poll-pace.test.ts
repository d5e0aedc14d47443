import { describe, expect, it } from "vitest";
import { DEFAULT_PACE, Durations, nextLookMs } from "../../../../../src/azure/arm/completion/poll-pace.ts";

/** When a write that takes `ms` is looked at, each look answered at once. */
function looks(ms: number, expectedMs: number | undefined): readonly number[] {
  const marks: number[] = [];
  for (let at = 0; at < ms; ) {
    at = nextLookMs(at, expectedMs, DEFAULT_PACE);
    marks.push(at);
  }
  return marks;
}

describe("the looks at a write", () => {
  it("that nobody has timed come soon, then at round seconds", () => {
    expect(looks(3_000, undefined)).toEqual([100, 400, 1_000, 1_500, 2_000, 3_000]);
  });

  it("that nobody has timed are few even when it takes a balancer's eight seconds", () => {
    expect(looks(8_000, undefined)).toHaveLength(9);
  });

  it("that was timed come when it should have ended", () => {
    expect(looks(8_000, 8_000)).toEqual([8_000]);
  });

  it("go on as if nothing were known when it takes longer than ever", () => {
    expect(looks(8_000, 1_000)).toEqual([1_000, 1_100, 1_400, 2_000, 3_000, 4_000, 6_000, 8_000]);
  });

  it("are few when what was thought to be known is far too little", () => {
    expect(looks(8_000, 100).length).toBeLessThanOrEqual(12);
  });

  for (const expectedMs of [undefined, 0, 10, 1_000, 60_000]) {
    it(`are never closer than a twentieth of a second nor farther apart than five, but for the first (${expectedMs} ms expected)`, () => {
      const [first = 0, ...others] = looks(300_000, expectedMs);
      const steps = others.map((mark, index) => mark - (index === 0 ? first : (others[index - 1] ?? 0)));
      expect(first).toBeGreaterThanOrEqual(50);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(50);
      expect(Math.max(...steps)).toBeLessThanOrEqual(5_000);
    });
  }
});

describe("the durations of writes", () => {
  /** Writes that all take `ms`, one after the other: how late their ends were seen, and with how many looks. */
  function writes(count: number, ms: number): readonly { readonly late: number; readonly looks: number }[] {
    const durations = new Durations();
    return Array.from({ length: count }, () => {
      const marks = looks(ms, durations.expectedMs("PUT lb"));
      const by = marks.at(-1) ?? 0;
      durations.learn("PUT lb", marks.at(-2) ?? 0, by);
      return { late: by - ms, looks: marks.length };
    });
  }

  for (const ms of [0, 150, 1_000, 2_000, 8_000, 9_700, 45_000]) {
    it(`are learnt: the end of ${ms} ms is seen within a tenth of it (or 0.2 s), in a few looks`, () => {
      for (const { late, looks: count } of writes(20, ms).slice(6)) {
        expect(late).toBeLessThanOrEqual(Math.max(200, ms / 10));
        expect(count).toBeLessThanOrEqual(5);
      }
    });
  }

  it("are forgotten quickly when writes become faster, and slowly when they become slower", () => {
    const faster = new Durations();
    faster.learn("PUT pip", 8_000, 8_000);
    faster.learn("PUT pip", 2_000, 2_000);
    const slower = new Durations();
    slower.learn("PUT pip", 2_000, 2_000);
    slower.learn("PUT pip", 8_000, 8_000);
    expect([faster.expectedMs("PUT pip"), slower.expectedMs("PUT pip")]).toEqual([5_000, 3_500]);
  });

  it("are at least what was seen, when an end was not, and ends count for more", () => {
    const durations = new Durations();
    durations.learnAtLeast("PUT pip", 999); // to have run for so short a time tells next to nothing
    expect(durations.expectedMs("PUT pip")).toBeUndefined();
    durations.learnAtLeast("PUT pip", 3_000);
    expect(durations.expectedMs("PUT pip")).toBe(3_000);
    durations.learnAtLeast("PUT pip", 9_000);
    expect(durations.expectedMs("PUT pip")).toBe(3_000);
  });

  it("are kept apart by kind", () => {
    const durations = new Durations();
    durations.learn("PUT pip", 1_000, 1_000);
    expect(durations.expectedMs("DELETE pip")).toBeUndefined();
  });
});
