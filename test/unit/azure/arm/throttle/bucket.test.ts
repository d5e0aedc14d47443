import { describe, expect, it } from "vitest";
import {
  type Allowance,
  closed,
  corrected,
  drawn,
  emptied,
  full,
  type Level,
  levelAt,
  perMinute,
  published,
  readyAt,
  reserveOf,
  returned,
} from "../../../../../src/azure/arm/throttle/bucket.ts";

/** A hundred tokens, ten a second, five of them reserved. */
const HUNDRED: Allowance = { size: 100, perSecond: 10 };

describe("a bucket", () => {
  it("of a published limit leaves one part in fifty, none of a small one", () => {
    expect(published(1000, 10)).toEqual({ size: 980, perSecond: 10 });
    expect(published(12, 1)).toEqual({ size: 12, perSecond: 1 });
    expect(perMinute(6, 12)).toEqual({ size: 12, perSecond: 0.1 });
  });

  it("reserves one part in twenty, none of a small one", () => {
    expect(reserveOf(HUNDRED)).toBe(5);
    expect(reserveOf({ size: 12, perSecond: 1 })).toBe(0);
  });

  it("refills to its size and no further", () => {
    const level: Level = { atMs: 0, left: 95 };
    expect(levelAt(HUNDRED, level, 300).left).toBeCloseTo(98);
    expect(levelAt(HUNDRED, level, 60_000).left).toBe(100);
  });

  const ready: readonly [what: string, level: Level, reserve: boolean, atMs: number][] = [
    ["full", full(HUNDRED, 0), false, 0],
    ["with one token, for those who may take the last", { atMs: 0, left: 1 }, true, 0],
    ["with its reserve and one token", { atMs: 0, left: 6 }, false, 0],
    ["with its reserve alone", { atMs: 0, left: 5 }, false, 100],
    ["empty", { atMs: 0, left: 0 }, false, 600],
    ["empty, for those who may take the last", { atMs: 0, left: 0 }, true, 100],
    ["with a third of a token, in whole milliseconds", { atMs: 0, left: 1 / 3 }, true, 67],
    ["that was just opened, whatever the lane", closed(full(HUNDRED, 0), 5000), false, 5000],
    ["after the first went when it opened", drawn(closed(full(HUNDRED, 0), 5000)), false, 5200],
    [
      "after the first went when it opened, for those who may take the last",
      drawn(closed(full(HUNDRED, 0), 5000)),
      true,
      5100,
    ],
  ];
  for (const [what, level, reserve, atMs] of ready) {
    it(`${what} lets a request go at ${atMs} ms`, () => {
      expect(readyAt(HUNDRED, level, reserve)).toBe(atMs);
    });
  }

  const said: readonly [what: string, left: number, said: number, sentSince: number, want: number][] = [
    ["falls to what ARM says", 90, 40, 0, 40],
    ["does not rise when ARM says more", 10, 90, 0, 10],
    ["takes off what was sent since", 90, 40, 15, 25],
    ["is never below zero", 90, 4, 15, 0],
  ];
  for (const [what, left, remaining, sentSince, want] of said) {
    it(what, () => {
      expect(corrected({ atMs: 0, left }, remaining, sentSince).left).toBe(want);
    });
  }

  it("that is closed holds one token when it opens, and a shorter closing never opens it", () => {
    const until = closed({ atMs: 0, left: 70 }, 9000);
    expect(closed(until, 4000)).toEqual(until);
    expect(levelAt(HUNDRED, until, 8999)).toEqual(until);
    expect(levelAt(HUNDRED, until, 10_000).left).toBe(11);
  });

  it("is empty when ARM names no time", () => {
    expect(emptied({ atMs: 0, left: 70 })).toEqual({ atMs: 0, left: 0 });
  });

  it("takes a token back, and never holds more than its size", () => {
    expect(returned(HUNDRED, { atMs: 0, left: 4 }).left).toBe(5);
    expect(returned(HUNDRED, full(HUNDRED, 0)).left).toBe(100);
  });
});
