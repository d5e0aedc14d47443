import assert from "node:assert/strict";
import { beforeEach, describe, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { exponentialPerKey, type QueueObserver, WorkQueue } from "../../../../src/controller/runtime/index.ts";

describe("the work queue", () => {
  let clock: VirtualClock;
  let queue: WorkQueue;
  beforeEach(() => {
    clock = new VirtualClock();
    queue = new WorkQueue({ clock, limiter: exponentialPerKey(5000, 300_000) });
  });

  /** Everything that can be had now, each done at once. */
  async function drain(): Promise<string[]> {
    const keys: string[] = [];
    while (queue.depth > 0) {
      const key = await queue.get();
      assert.ok(key !== undefined);
      keys.push(key);
      queue.done(key);
    }
    return keys;
  }

  it("CTL M01 gives a key that was added twice once", async () => {
    queue.add("a");
    queue.add("b");
    queue.add("a");
    assert.deepEqual(await drain(), ["a", "b"]);
  });

  it("CTL M01 gives a key that was added while held once more, after it was given back", async () => {
    queue.add("a");
    assert.equal(await queue.get(), "a");
    queue.add("a");
    queue.add("a");
    assert.equal(queue.depth, 0);
    queue.done("a");
    assert.deepEqual(await drain(), ["a"]);
  });

  it("CTL M01 never gives a key to two workers", async () => {
    const first = queue.get();
    const second = queue.get();
    queue.add("a");
    queue.add("a");
    assert.equal(await first, "a");
    queue.add("b");
    assert.equal(await second, "b", "the second worker got another key");
    queue.done("a");
    assert.deepEqual(await drain(), ["a"]);
  });

  it("CTL M03 of two delays takes the shorter, whichever came first", async () => {
    queue.addAfter("a", 60_000);
    queue.addAfter("a", 5000);
    queue.addAfter("a", 50_000);
    await clock.advance(4999);
    assert.deepEqual(await drain(), []);
    await clock.advance(1);
    assert.deepEqual(await drain(), ["a"]);
    await clock.advance(600_000);
    assert.deepEqual(await drain(), []);
  });

  it("CTL M03 gives a delayed key that is added now, and again when its time comes", async () => {
    queue.addAfter("a", 60_000);
    queue.add("a");
    assert.deepEqual(await drain(), ["a"]);
    await clock.advance(60_000);
    assert.deepEqual(await drain(), ["a"]);
  });

  it("adds at once what has no delay", async () => {
    queue.addAfter("a", 0);
    assert.deepEqual(await drain(), ["a"]);
  });

  it("waits longer after each failure until it is told to forget", async () => {
    queue.addRateLimited("a");
    await clock.advance(5000);
    queue.addRateLimited("a");
    assert.equal(queue.failures("a"), 2);
    assert.deepEqual(await drain(), ["a"]);
    await clock.advance(9999);
    assert.deepEqual(await drain(), []);
    await clock.advance(1);
    assert.deepEqual(await drain(), ["a"]);
    queue.forget("a");
    assert.equal(queue.failures("a"), 0);
  });

  it("hands out what it has after its end, and takes nothing more", async () => {
    queue.add("a");
    queue.addAfter("b", 1000);
    queue.shutDown();
    queue.add("c");
    assert.equal(await queue.get(), "a");
    assert.equal(await queue.get(), undefined);
    await clock.advance(2000);
    assert.equal(await queue.get(), undefined);
    assert.equal(clock.pending, 0);
  });

  it("lets waiting workers go at its end", async () => {
    const waiting = queue.get();
    queue.shutDown();
    assert.equal(await waiting, undefined);
  });

  it("keeps its order through thousands of keys", async () => {
    const keys = Array.from({ length: 5000 }, (_, each) => `k${each}`);
    for (const key of keys) queue.add(key);
    assert.deepEqual(await drain(), keys);
    assert.ok(queue.idle);
  });

  it("tells its observer of a key that somebody already waits for in the order of its life", async () => {
    const seen: string[] = [];
    const observer: QueueObserver = {
      added: (key, depth) => seen.push(`added ${key} ${depth}`),
      started: (key, depth) => seen.push(`started ${key} ${depth}`),
      finished: (key) => seen.push(`finished ${key}`),
      retried: () => seen.push("retried"),
    };
    queue = new WorkQueue({ clock, limiter: exponentialPerKey(5, 10), observer });
    const waiting = queue.get();
    queue.add("a");
    await waiting;
    queue.done("a");
    queue.addRateLimited("a");
    assert.deepEqual(seen, ["added a 1", "started a 0", "finished a", "retried"]);
  });
});
