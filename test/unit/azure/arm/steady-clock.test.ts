import { describe, expect, it } from "vitest";
import { steadyClock } from "../../../../src/azure/arm/steady-clock.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";

describe("a steady clock", () => {
  it("shows the same time as the clock below, until that is set back; from then on it goes on from where it was", () => {
    const below = new VirtualClock();
    let nowMs = 1_000;
    below.now = () => nowMs;
    const steady = steadyClock(below);
    const read = (ms: number): number => {
      nowMs = ms;
      return steady.now();
    };
    expect([1_000, 1_500, 500, 600, 600, 100, 300].map(read)).toEqual([
      1_000, 1_500, 1_500, 1_600, 1_600, 1_600, 1_800,
    ]);
  });
});
