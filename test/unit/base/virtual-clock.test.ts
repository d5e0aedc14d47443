import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";

describe("a manual virtual clock", () => {
  it("stands still until it is advanced", async () => {
    const clock = new VirtualClock("manual", 1000);
    const seen: number[] = [];
    void clock.sleep(50).then(() => seen.push(clock.now()));
    await new Promise((resolve) => setImmediate(resolve));
    expect([clock.now(), seen]).toEqual([1000, []]);
    await clock.advance(49);
    expect([clock.now(), seen]).toEqual([1049, []]);
    await clock.advance(1);
    expect([clock.now(), seen]).toEqual([1050, [1050]]);
  });

  it("fires timers in order of time, then in the order they were set, each at its own instant", async () => {
    const clock = new VirtualClock("manual", 0);
    const seen: string[] = [];
    for (const [name, ms] of [
      ["late", 30],
      ["first", 10],
      ["second", 10],
    ] as const) {
      clock.schedule(ms, () => seen.push(`${name}@${clock.now()}`));
    }
    await clock.advance(100);
    expect(seen).toEqual(["first@10", "second@10", "late@30"]);
  });

  it("fires what a timer sets, if that is due on the way", async () => {
    const clock = new VirtualClock("manual", 0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now());
      clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.pending).toBe(1);
  });

  it("never fires what was cancelled", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.schedule(10, () => seen.push("x"))();
    await clock.advance(100);
    expect([seen, clock.pending]).toEqual([[], 0]);
  });

  it("ends a sleep when its signal aborts", async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleep = clock.sleep(10, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ name: "AbortError" });
    expect(clock.pending).toBe(0);
  });
});

describe("an automatic virtual clock", () => {
  it("jumps hours when nothing else happens", async () => {
    const clock = new VirtualClock("auto", 0);
    await clock.sleep(3_600_000);
    await clock.sleep(3_600_000);
    expect(clock.now()).toBe(7_200_000);
    clock.stop();
  });

  it("stands still while the outside world works", async () => {
    const clock = new VirtualClock("auto", 0);
    const finish = Promise.withResolvers<void>();
    const work = clock.during(finish.promise.then(() => clock.now()));
    const sleep = clock.sleep(1000);
    await new Promise((resolve) => setTimeout(resolve, 10)); // real time, several times the quiet that it waits for
    expect(clock.now()).toBe(0);
    finish.resolve();
    expect(await work).toBe(0);
    await sleep;
    expect(clock.now()).toBe(1000);
    clock.stop();
  });

  it("moves while a simulated server takes its time over a request, and only for that", async () => {
    const clock = new VirtualClock("auto", 0);
    const finish = Promise.withResolvers<void>();
    const request = clock.during(clock.parked(clock.sleep(500)).then(() => clock.now()));
    expect(await request).toBe(500);
    const busy = clock.during(finish.promise);
    const other = clock.during(clock.parked(clock.sleep(500)));
    await new Promise((resolve) => setTimeout(resolve, 10)); // real time, several times the quiet that it waits for
    expect(clock.now(), "another request is being worked on").toBe(500);
    finish.resolve();
    await Promise.all([busy, other]);
    expect(clock.now()).toBe(1000);
    clock.stop();
  });

  it("goes on when the outside world fails", async () => {
    const clock = new VirtualClock("auto", 0);
    await expect(clock.during(Promise.reject(new Error("reset")))).rejects.toThrow("reset");
    await clock.sleep(1000);
    expect(clock.now()).toBe(1000);
    clock.stop();
  });

  it("fires timers of one instant one after the other, and what they set before it jumps on", async () => {
    const clock = new VirtualClock("auto", 0);
    const seen: string[] = [];
    const done = Promise.withResolvers<void>();
    clock.schedule(10, () => {
      seen.push(`first@${clock.now()}`);
      clock.schedule(0, () => seen.push(`set by first@${clock.now()}`));
    });
    clock.schedule(10, () => seen.push(`second@${clock.now()}`));
    clock.schedule(11, done.resolve);
    await done.promise;
    expect(seen).toEqual(["first@10", "second@10", "set by first@10"]);
    clock.stop();
  });

  it("waits for what arrives on loopback unmarked, over several hops", async () => {
    const { a, b, close } = await socketPair();
    const clock = new VirtualClock("auto", 0);
    const hops: number[] = [];
    const bounce = (from: Socket): void => {
      from.on("data", () => {
        hops.push(clock.now());
        if (hops.length < 6) from.write("x");
      });
    };
    bounce(a);
    bounce(b);
    a.write("x");
    const tick = (): void => void clock.schedule(1000, tick);
    tick();
    await clock.sleep(1000);
    expect(hops.filter((at) => at === 0).length).toBe(6);
    clock.stop();
    await close();
  });

  it("goes on after a parked request whose caller hung up", async () => {
    const clock = new VirtualClock("auto", 0);
    const gone = Promise.withResolvers<void>();
    const server = clock.parked(gone.promise);
    const caller = clock.during(clock.sleep(60_000));
    const deadline = clock.sleep(50_000).then(() => gone.resolve());
    await Promise.all([server, deadline]);
    expect(clock.now()).toBe(50_000);
    const next = clock.sleep(1000);
    await new Promise((resolve) => setTimeout(resolve, 10)); // real time, many times the quiet that it waits for
    expect(clock.now(), "the caller's work is no longer parked").toBe(50_000);
    await clock.advance(10_000);
    await Promise.all([caller, next]);
    clock.stop();
  });

  it("never moves by itself once it was stopped", async () => {
    const clock = new VirtualClock("auto", 0);
    void clock.sleep(1000);
    clock.stop();
    void clock.sleep(1000);
    await new Promise((resolve) => setTimeout(resolve, 10)); // real time, many times the quiet that it waits for
    expect(clock.now()).toBe(0);
  });
});

describe("a led virtual clock", () => {
  /** A clock, and what its leader was told. */
  function led(busy: () => boolean = () => false): { clock: VirtualClock; told: (number | undefined)[] } {
    const told: (number | undefined)[] = [];
    const clock = new VirtualClock({ quiet: (dueMs) => told.push(dueMs), busy }, 0);
    return { clock, told };
  }

  /** Many times the quiet that it waits for, in real time. */
  const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

  it("tells when it is next due, once for each time that it falls quiet, and does not move", async () => {
    const { clock, told } = led();
    clock.stir();
    await aWhile();
    const cancel = clock.schedule(1000, () => {});
    clock.schedule(2000, () => {});
    await aWhile();
    cancel();
    clock.stir();
    await aWhile();
    expect([told, clock.now(), clock.mode]).toEqual([[undefined, 1000, 2000], 0, "led"]);
    clock.stop();
  });

  it("fires one timer for each jump, and none that is not due", async () => {
    const { clock, told } = led();
    const seen: string[] = [];
    for (const name of ["first", "second"]) clock.schedule(1000, () => seen.push(`${name}@${clock.now()}`));
    clock.jump(400);
    expect([clock.now(), seen]).toEqual([400, []]);
    clock.jump(1000);
    expect(seen).toEqual(["first@1000"]);
    await aWhile();
    expect(told.at(-1)).toBe(1000);
    clock.jump(1000);
    expect(seen).toEqual(["first@1000", "second@1000"]);
    clock.set(5000);
    clock.set(4000);
    expect(clock.now()).toBe(5000);
    clock.stop();
  });

  it("is not quiet while something is under way", async () => {
    let busy = true;
    const { clock, told } = led(() => busy);
    clock.stir();
    await aWhile();
    expect(told).toEqual([]);
    busy = false;
    await aWhile();
    expect(told).toEqual([undefined]);
    clock.stop();
  });
});

interface SocketPair {
  readonly a: Socket;
  readonly b: Socket;
  readonly close: () => Promise<void>;
}

async function socketPair(): Promise<SocketPair> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const a = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const b = await accepted;
  const close = async (): Promise<void> => {
    a.destroy();
    b.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { a, b, close };
}
