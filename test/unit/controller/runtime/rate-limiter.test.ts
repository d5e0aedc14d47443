import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import {
  defaultControllerLimiter,
  exponentialPerKey,
  type RateLimiter,
  strictestOf,
  tokenBucket,
} from "../../../../src/controller/runtime/index.ts";

function delays(limiter: RateLimiter, count: number): readonly number[] {
  return Array.from({ length: count }, () => limiter.when("k"));
}

describe("rate limiters", () => {
  it("CTL M02 the default one waits 5, 10, 20, 40 ms, and 5 again when told to forget", () => {
    const limiter = defaultControllerLimiter(new VirtualClock());
    assert.deepEqual(delays(limiter, 4), [5, 10, 20, 40]);
    limiter.forget("k");
    assert.deepEqual(delays(limiter, 1), [5]);
  });

  it("CTL M02 that of Services waits 5 s to 300 s", () => {
    const seconds = delays(exponentialPerKey(5000, 300_000), 8).map((ms) => ms / 1000);
    assert.deepEqual(seconds, [5, 10, 20, 40, 80, 160, 300, 300]);
  });

  it("count each key for itself", () => {
    const limiter = exponentialPerKey(5, 1000);
    delays(limiter, 3);
    assert.equal(limiter.when("other"), 5);
    assert.equal(limiter.failures("k"), 3);
  });

  it("over all keys let a burst pass and then one at a time, on credit", async () => {
    const clock = new VirtualClock();
    const limiter = tokenBucket(10, 2, clock);
    assert.deepEqual(delays(limiter, 4), [0, 0, 100, 200]);
    await clock.advance(300);
    assert.equal(limiter.when("k"), 0);
  });

  it("together wait for the strictest and count in all of them", async () => {
    const clock = new VirtualClock();
    const limiter = strictestOf(exponentialPerKey(5, 1000), tokenBucket(10, 1, clock));
    assert.deepEqual(delays(limiter, 3), [5, 100, 200]);
  });
});
