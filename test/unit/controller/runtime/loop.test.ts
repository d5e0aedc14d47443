import assert from "node:assert/strict";
import { beforeEach, describe, it } from "vitest";
import { silentLogger } from "../../../../src/base/logger.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../../src/cloudprovider/index.ts";
import {
  exponentialPerKey,
  type Outcome,
  outcomeOf,
  runLoop,
  WorkQueue,
} from "../../../../src/controller/runtime/index.ts";

describe("the loop", () => {
  let clock: VirtualClock;
  let queue: WorkQueue;
  let stop: AbortController;
  let passes: string[];
  beforeEach(() => {
    clock = new VirtualClock();
    queue = new WorkQueue({ clock, limiter: exponentialPerKey(5000, 300_000) });
    stop = new AbortController();
    passes = [];
  });

  function run(pass: (key: string) => Promise<Outcome>, concurrency = 4): Promise<void> {
    const noted = (key: string): Promise<Outcome> => {
      passes.push(key);
      return pass(key);
    };
    return runLoop({ queue, concurrency, pass: noted, logger: silentLogger }, stop.signal);
  }

  const cases: readonly { name: string; outcome: Outcome; afterMs?: number }[] = [
    { name: "leaves a key alone that is done", outcome: { kind: "done" } },
    { name: "leaves a key alone that is parked", outcome: { kind: "parked" } },
    { name: "comes back when it was told", outcome: { kind: "again", afterMs: 42_000 }, afterMs: 42_000 },
    { name: "comes back after the back-off", outcome: { kind: "backoff" }, afterMs: 5000 },
  ];
  for (const { name, outcome, afterMs } of cases) {
    it(name, async () => {
      const running = run(() => Promise.resolve(outcome));
      queue.add("a");
      await clock.advance(0);
      assert.equal(passes.length, 1);
      await clock.advance((afterMs ?? 3_600_000) - 1);
      assert.equal(passes.length, 1);
      await clock.advance(1);
      assert.equal(passes.length, afterMs === undefined ? 1 : 2);
      stop.abort();
      await running;
    });
  }

  it("takes an exception for a failure and goes on", async () => {
    const running = run(() => Promise.reject(new Error("a bug")), 1);
    queue.add("a");
    queue.add("b");
    await clock.advance(0);
    await clock.advance(5000);
    assert.deepEqual(passes, ["a", "b", "a", "b"]);
    stop.abort();
    await running;
  });

  it("ends when the last pass has ended, and starts none for what still waits", async () => {
    const gate = Promise.withResolvers<Outcome>();
    let over = false;
    const running = run(() => gate.promise, 1).then(() => (over = true));
    queue.add("a");
    queue.add("b");
    await clock.advance(0);
    stop.abort();
    await clock.advance(0);
    assert.equal(over, false);
    gate.resolve({ kind: "backoff" });
    await running;
    assert.deepEqual(passes, ["a"]);
    assert.equal(clock.pending, 0);
  });
});

describe("the outcome of an error", () => {
  it("is what the cloud asked for", () => {
    assert.deepEqual(outcomeOf(new CloudError("Throttled", "x", { retryAfterMs: 7 })), { kind: "again", afterMs: 7 });
  });
  it("is to back off when time may help", () =>
    assert.deepEqual(outcomeOf(new CloudError("Conflict", "x")), { kind: "backoff" }));
  it("is to park when only another object can help", () => {
    assert.deepEqual(outcomeOf(new CloudError("InvalidArgument", "x")), { kind: "parked" });
  });
});
