import { describe, expect, it } from "vitest";
import { bucket, type Level, levelAt, perWindow, waitMs } from "../../../../../src/simulator/arm/limits/allowance.ts";

const SMALL = bucket(10, 2);
const HOUR = perWindow(10, 3600);

describe("a bucket", () => {
  const cases: readonly (readonly [string, Level | undefined, number, number, number])[] = [
    ["is full at first", undefined, 5000, 0, 10],
    ["refills", { atMs: 0, left: 0 }, 1500, 0, 3],
    ["never overflows", { atMs: 0, left: 9 }, 60_000, 0, 10],
    ["leaves others their share of size", undefined, 0, 0.5, 5],
    ["leaves others their share of refill", { atMs: 0, left: 0 }, 1000, 0.5, 1],
    ["shrinks when it is made smaller", { atMs: 0, left: 100 }, 0, 0, 10],
  ];
  for (const [what, before, nowMs, share, left] of cases) {
    it(what, () => expect(levelAt(SMALL, before, nowMs, share).left).toBe(left));
  }

  it("says when the next request fits", () => {
    expect(waitMs(SMALL, { atMs: 0, left: 1 }, 0, 0)).toBe(0);
    expect(waitMs(SMALL, { atMs: 0, left: 0.5 }, 0, 0)).toBe(250);
    expect(waitMs(bucket(10, 0), { atMs: 0, left: 0 }, 0, 0)).toBeUndefined();
    expect(waitMs(SMALL, { atMs: 0, left: 0 }, 0, 1)).toBeUndefined();
  });

  it("law: refilling in steps is refilling at once", () => {
    let level: Level = { atMs: 0, left: 0 };
    for (let ms = 100; ms <= 4000; ms += 100) level = levelAt(SMALL, level, ms, 0);
    expect(level.left).toBeCloseTo(levelAt(SMALL, { atMs: 0, left: 0 }, 4000, 0).left, 9);
  });
});

describe("a window", () => {
  const cases: readonly (readonly [string, Level | undefined, number, Level])[] = [
    ["begins with the first request", undefined, 7000, { atMs: 7000, left: 10 }],
    ["does not refill before its end", { atMs: 0, left: 3 }, 3_599_999, { atMs: 0, left: 3 }],
    ["begins anew after its end", { atMs: 0, left: 0 }, 3_600_000, { atMs: 3_600_000, left: 10 }],
  ];
  for (const [what, before, nowMs, level] of cases) {
    it(what, () => expect(levelAt(HOUR, before, nowMs, 0)).toEqual(level));
  }

  it("says when it ends", () => expect(waitMs(HOUR, { atMs: 1000, left: 0 }, 61_000, 0)).toBe(3_540_000));
});
