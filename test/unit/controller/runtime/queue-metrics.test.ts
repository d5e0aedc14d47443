import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { prometheusMetrics } from "../../../../src/base/prometheus.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { exponentialPerKey, observeQueue, WorkQueue } from "../../../../src/controller/runtime/index.ts";

describe("the metrics of a queue", () => {
  it("are client-go's: depth, adds, retries, waiting, work, and what goes on for long", async () => {
    const clock = new VirtualClock();
    const metrics = prometheusMetrics();
    const observer = observeQueue("service", metrics, clock);
    const queue = new WorkQueue({ clock, limiter: exponentialPerKey(5000, 300_000), observer });
    queue.add("a");
    queue.add("b");
    await clock.advance(2000);
    await queue.get();
    await clock.advance(5000);
    const during = await metrics.expose();
    for (const line of [
      'workqueue_depth{name="service"} 1',
      'workqueue_adds_total{name="service"} 2',
      'workqueue_queue_duration_seconds_sum{name="service"} 2',
      'workqueue_unfinished_work_seconds{name="service"} 5',
      'workqueue_longest_running_processor_seconds{name="service"} 5',
    ]) {
      assert.ok(during.includes(line), line);
    }
    queue.done("a");
    queue.addRateLimited("a");
    const after = await metrics.expose();
    for (const line of [
      'workqueue_work_duration_seconds_sum{name="service"} 5',
      'workqueue_retries_total{name="service"} 1',
      'workqueue_unfinished_work_seconds{name="service"} 0',
    ]) {
      assert.ok(after.includes(line), line);
    }
    queue.shutDown();
    await clock.advance(10_000);
    assert.equal(clock.pending, 0, "a queue at rest has no timer");
  });
});
