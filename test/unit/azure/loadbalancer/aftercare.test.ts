import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { Aftercare } from "../../../../src/azure/loadbalancer/aftercare.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";

function bench() {
  const clock = new VirtualClock();
  const life = new AbortController();
  const errors: string[] = [];
  const care = new Aftercare(clock, life.signal, ({ key, error }) => {
    errors.push(`${key}: ${(error as Error).message}`);
  });
  return { clock, life, errors, care };
}

describe("aftercare", () => {
  it("begins when it is due, and not before", async () => {
    const { clock, care } = bench();
    let due = false;
    let done = 0;
    care.after(
      "shop/web",
      () => due,
      async () => void done++,
    );
    await clock.advance(5_000);
    assert.equal(done, 0);
    due = true;
    await clock.advance(500);
    assert.equal(done, 1);
    assert.equal(clock.pending, 0);
  });

  it("ends without a word when it has become pointless", async () => {
    const { clock, care, errors } = bench();
    care.after(
      "shop/web",
      () => undefined,
      () => Promise.reject(new Error("never asked for")),
    );
    await clock.advance(1_000);
    assert.deepEqual(errors, []);
    assert.equal(clock.pending, 0);
  });

  it("is tried again when it fails, later each time, and each failure is told", async () => {
    const { clock, care, errors } = bench();
    const at: number[] = [];
    const start = clock.now();
    care.after(
      "shop/web",
      () => true,
      async () => {
        at.push((clock.now() - start) / 1000);
        if (at.length < 4) throw new Error(`try ${at.length}`);
      },
    );
    await clock.advance(0);
    await clock.advance(3_600_000);
    assert.deepEqual(at, [0, 30, 90, 210]);
    assert.deepEqual(errors, ["shop/web: try 1", "shop/web: try 2", "shop/web: try 3"]);
    assert.equal(clock.pending, 0);
  });

  it("never waits longer than eight minutes between tries", async () => {
    const { clock, care, errors } = bench();
    care.after(
      "shop/web",
      () => true,
      () => Promise.reject(new Error("no")),
    );
    await clock.advance(0);
    await clock.advance(3_600_000);
    const before = errors.length;
    await clock.advance(480_000);
    assert.equal(errors.length, before + 1);
  });

  for (const { name, end } of [
    { name: "a newer pass", end: ({ care }: ReturnType<typeof bench>) => care.cancel("shop/web") },
    { name: "the end of the process", end: ({ life }: ReturnType<typeof bench>) => life.abort(new Error("over")) },
    {
      name: "newer work for the same Service",
      end: ({ care }: ReturnType<typeof bench>) =>
        care.after(
          "shop/web",
          () => undefined,
          () => Promise.resolve(),
        ),
    },
  ]) {
    it(`is ended by ${name}, waiting, working or between two tries; nobody is told`, async () => {
      for (const stage of ["waiting", "working", "between"]) {
        const all = bench();
        let seen: AbortSignal | undefined;
        all.care.after(
          "shop/web",
          () => stage !== "waiting",
          (signal) => {
            seen = signal;
            if (stage === "between") return Promise.reject(new Error("first"));
            return all.clock.sleep(10_000, signal);
          },
        );
        await all.clock.advance(1_000);
        const told = all.errors.length;
        end(all);
        await all.clock.advance(100_000);
        assert.equal(all.errors.length, told, stage);
        assert.equal(all.clock.pending, 0, stage);
        if (stage === "working") assert.equal(seen?.aborted, true);
      }
    });
  }

  it("of one Service does not wait for another's", async () => {
    const { clock, care } = bench();
    const done: string[] = [];
    care.after(
      "shop/a",
      () => false,
      async () => void done.push("a"),
    );
    care.after(
      "shop/b",
      () => true,
      async () => void done.push("b"),
    );
    await clock.advance(500);
    assert.deepEqual(done, ["b"]);
    care.cancel("shop/a");
  });
});
