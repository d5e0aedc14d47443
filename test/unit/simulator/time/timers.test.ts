import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { Timers } from "../../../../src/simulator/time/timers.ts";

/** Timers on a clock that the test moves, and what they have told. */
function open(): { clock: VirtualClock; timers: Timers; seen: unknown[]; alive: boolean[] } {
  const clock = new VirtualClock("manual", 0);
  const alive: boolean[] = [];
  const timers = new Timers(clock, (on) => alive.push(on));
  return { clock, timers, seen: [], alive };
}

describe("virtual timers", () => {
  it("fire once, with their arguments", async () => {
    const { clock, timers, seen } = open();
    timers.set((...args) => seen.push(args, clock.now()), 50, ["a", 2]);
    await clock.advance(200);
    expect(seen).toEqual([["a", 2], 50]);
  });

  it("repeat until they are cleared, also from within", async () => {
    const { clock, timers, seen } = open();
    const timer = timers.repeat(
      () => {
        seen.push(clock.now());
        if (seen.length === 3) timers.clear(timer);
      },
      50,
      [],
    );
    await clock.advance(1000);
    expect(seen).toEqual([50, 100, 150]);
  });

  const delays: readonly (readonly [unknown, number])[] = [
    [undefined, 1],
    [0, 1],
    [-5, 1],
    ["30", 30],
    [1.9, 1],
    [Number.NaN, 1],
    [2 ** 31, 1],
  ];
  for (const [asked, takes] of delays) {
    it(`take a delay of ${String(asked)} as ${takes} ms, as Node does`, async () => {
      const { clock, timers, seen } = open();
      timers.set(() => seen.push(clock.now()), asked, []);
      await clock.advance(100);
      expect(seen).toEqual([takes]);
    });
  }

  it("are cleared by themselves or by their number; anything else is passed over", async () => {
    const { clock, timers, seen } = open();
    timers.clear(timers.set(() => seen.push(1), 5, []));
    timers.clear(Number(timers.set(() => seen.push(2), 5, [])));
    timers.clear(`${Number(timers.set(() => seen.push(3), 5, []))}`);
    for (const other of [undefined, null, {}, 99, "x"]) timers.clear(other);
    await clock.advance(100);
    expect(seen).toEqual([]);
  });

  it("begin anew when they are refreshed, also after they have fired", async () => {
    const { clock, timers, seen } = open();
    const timer = timers.set(() => seen.push(clock.now()), 50, []);
    await clock.advance(30);
    timer.refresh();
    await clock.advance(100);
    timer.refresh();
    await clock.advance(100);
    expect(seen).toEqual([80, 180]);
  });

  it("keep the process alive while one that is referenced will fire", async () => {
    const { clock, timers, alive } = open();
    const timer = timers.set(() => {}, 10, []);
    expect([timer.hasRef(), alive]).toEqual([true, [true]]);
    timers.set(() => {}, 10, []).unref();
    timer.unref();
    expect([timer.hasRef(), alive]).toEqual([false, [true, false]]);
    timer.ref();
    await clock.advance(20);
    expect(alive).toEqual([true, false, true, false]);
    timer.ref();
    expect(alive, "it has fired").toEqual([true, false, true, false]);
  });
});
