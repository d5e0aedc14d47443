import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../../../src/base/clock.ts";
import { VirtualClock } from "../../../../../src/base/virtual-clock.ts";
import { Barrier, openBarrier } from "../../../../../src/simulator/arm/control/barrier.ts";
import type { Participant } from "../../../../../src/simulator/arm/control/participant.ts";
import type { Claim, Tick } from "../../../../../src/simulator/http/barrier-protocol.ts";

let clock: VirtualClock;
let barrier: Barrier;

beforeEach(() => {
  clock = new VirtualClock("auto", 0);
  barrier = new Barrier(clock, 1);
});

afterEach(() => {
  barrier.close();
  clock.stop();
});

/** A process, as the simulator sees it. */
interface Process {
  readonly participant: Participant;
  readonly ticks: readonly Tick[];
  readonly park: (claim?: Partial<Claim>) => void;
}

function join(name: string, at = barrier): Process {
  const ticks: Tick[] = [];
  const participant = at.join(name, (tick) => ticks.push(tick));
  let sequence = 0;
  const park = (claim: Partial<Claim> = {}): void => {
    const jumps = ticks.filter(({ jump }) => jump !== undefined).length;
    at.park(participant, { participant: participant.id, sequence: ++sequence, jumps, last: 0, open: [], ...claim });
  };
  return { participant, ticks, park };
}

/** Many times the quiet that a clock waits for, in real time. */
async function aWhile(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

function headersOf({ participant }: Process, number: number): { readonly [name: string]: string } {
  return { "x-simulator-participant": `${participant.id};${number}` };
}

describe("a participant is parked", () => {
  const parked = (process: Process): boolean => process.participant.isParked;

  it("once it has said so, and not before", () => {
    const process = join("a");
    expect(parked(process)).toBe(false);
    process.park();
    expect(parked(process)).toBe(true);
  });

  it("not while a request that it has sent is on its way", () => {
    const process = join("a");
    process.park({ last: 1, open: [1] });
    expect(parked(process)).toBe(false);
    process.participant.arrived(1);
    expect(parked(process)).toBe(true);
  });

  it("not once an answer is on its way to it, until it says so again", () => {
    const process = join("a");
    process.participant.arrived(1);
    process.park({ last: 1, open: [1] });
    process.participant.answered(1);
    expect(parked(process)).toBe(false);
    process.park({ last: 1 });
    expect(parked(process)).toBe(true);
  });

  it("although it knows of an answer before we know that it has left", () => {
    const process = join("a");
    process.participant.arrived(1);
    process.park({ last: 1 });
    expect(parked(process)).toBe(false);
    process.participant.answered(1);
    expect(parked(process)).toBe(true);
  });

  it("not by a claim from before a request that was answered meanwhile", () => {
    const process = join("a");
    process.participant.arrived(1);
    process.participant.answered(1);
    process.park({ last: 0 });
    expect(parked(process)).toBe(false);
  });

  it("not by a claim that was overtaken by a later one, nor by one from before the last jump", () => {
    const process = join("a");
    process.park({ sequence: 5, last: 1, open: [1] });
    process.park({ sequence: 4, last: 1 });
    expect(parked(process)).toBe(false);
    process.participant.goOn(10);
    process.park({ sequence: 6, jumps: 0 });
    expect(parked(process)).toBe(false);
    process.park({ sequence: 7, jumps: 1 });
    expect(parked(process)).toBe(true);
  });
});

describe("shared time", () => {
  it("jumps to whoever is due first, here or there, and tells everybody", async () => {
    const [a, b] = [join("a"), join("b")];
    const seen: number[] = [];
    clock.schedule(500, () => seen.push(clock.now()));
    a.park({ dueMs: 1000 });
    b.park({ dueMs: 3000 });
    await aWhile();
    expect([seen, clock.now(), a.ticks, b.ticks]).toEqual([
      [500],
      1000,
      [{ nowMs: 500 }, { nowMs: 1000 }, { nowMs: 1000, jump: 1 }],
      [{ nowMs: 500 }, { nowMs: 1000 }],
    ]);
    a.park();
    await aWhile();
    expect([clock.now(), b.ticks.at(-1)]).toEqual([3000, { nowMs: 3000, jump: 1 }]);
  });

  it("stands still while one is not parked, and while nobody is there", async () => {
    clock.schedule(500, () => {});
    await aWhile();
    const [a, b] = [join("a"), join("b")];
    a.park({ dueMs: 1000 });
    await aWhile();
    expect(clock.now()).toBe(0);
    barrier.leave(b.participant);
    await aWhile();
    expect(clock.now()).toBe(1000);
    barrier.leave(a.participant);
    clock.schedule(500, () => {});
    await aWhile();
    expect(clock.now()).toBe(1000);
  });

  it("begins when those who are awaited have joined", async () => {
    const three = new VirtualClock("auto", 0);
    const shared = new Barrier(three, 2);
    const a = join("a", shared);
    a.park({ dueMs: 1000 });
    await aWhile();
    expect(three.now()).toBe(0);
    join("b", shared).park();
    await aWhile();
    expect(three.now()).toBe(1000);
    shared.close();
    three.stop();
  });

  it("wakes those who are due at one instant one after the other, by name, whoever came first", async () => {
    const [b, a] = [join("b"), join("a")];
    b.park({ dueMs: 1000 });
    a.park({ dueMs: 1000 });
    await aWhile();
    expect([a.ticks.at(-1)?.jump, b.ticks.at(-1)?.jump]).toEqual([1, undefined]);
    a.park({ dueMs: 2000 });
    await aWhile();
    expect([clock.now(), b.ticks.at(-1)]).toEqual([1000, { nowMs: 1000, jump: 1 }]);
  });

  it("passes while a request waits for it, and not while it is worked on", async () => {
    const a = join("a");
    const worked = Promise.withResolvers<void>();
    const request = barrier.attend(headersOf(a, 1), async () => {
      await clock.parked(clock.sleep(700));
      await worked.promise;
    });
    a.park({ last: 1, open: [1], dueMs: 5000 });
    await aWhile();
    expect(clock.now()).toBe(700);
    worked.resolve();
    await request;
    await aWhile();
    expect(clock.now(), "the answer is on its way").toBe(700);
    a.park({ last: 1, dueMs: 5000 });
    await aWhile();
    expect(clock.now()).toBe(5000);
  });

  it("tells by a header what time an answer left, and only to those who take part", () => {
    const a = join("a");
    expect(barrier.stamp(headersOf(a, 1))).toEqual({ "x-simulator-now": "0" });
    for (const header of ["99;1", "1", "", "1;x"]) {
      expect(barrier.stamp({ "x-simulator-participant": header })).toEqual({});
      expect(barrier.isForeign({ "x-simulator-participant": header }), header).toBe(true);
    }
    expect(barrier.isForeign({})).toBe(true);
  });

  it("is refused on a clock that does not move by itself, and for nobody", () => {
    expect(openBarrier(systemClock, undefined)).toBe(undefined);
    for (const other of [systemClock, new VirtualClock("manual")]) {
      expect(() => openBarrier(other, 1)).toThrow("only the time of an automatic VirtualClock can be shared");
    }
    for (const awaited of [0, -1, 1.5]) expect(() => openBarrier(clock, awaited)).toThrow("want 1 or more");
  });
});
