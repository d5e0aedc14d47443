import { describe, expect, it } from "vitest";
import { noMetrics } from "../../../src/base/metrics.ts";
import { prometheusMetrics } from "../../../src/base/prometheus.ts";

describe("metrics", () => {
  it("count by label", async () => {
    const metrics = prometheusMetrics();
    const writes = metrics.counter({ name: "writes_total", help: "Writes.", labels: ["type"] });
    writes.add({ type: "lb" });
    writes.add({ type: "lb" }, 2);
    writes.add({ type: "ip" });
    const text = await metrics.expose();
    expect(text).toContain("# HELP writes_total Writes.\n# TYPE writes_total counter");
    expect(text).toContain('writes_total{type="lb"} 3\nwrites_total{type="ip"} 1');
  });

  it("hold a value", async () => {
    const metrics = prometheusMetrics();
    const depth = metrics.gauge({ name: "depth", help: "Depth." });
    depth.set(3);
    depth.set(2);
    expect(await metrics.expose()).toContain("depth 2");
  });

  it("sort observations into buckets", async () => {
    const metrics = prometheusMetrics();
    const seconds = metrics.histogram({ name: "seconds", help: "Seconds.", buckets: [1, 10] });
    for (const value of [0.5, 5, 50]) seconds.observe(value);
    const text = await metrics.expose();
    expect(text).toContain('seconds_bucket{le="1"} 1\nseconds_bucket{le="10"} 2\nseconds_bucket{le="+Inf"} 3');
    expect(text).toContain("seconds_sum 55.5");
  });

  it("asked for twice are the same", async () => {
    const metrics = prometheusMetrics();
    const definition = { name: "writes_total", help: "Writes." };
    metrics.counter(definition).add();
    metrics.counter(definition).add();
    expect(await metrics.expose()).toContain("writes_total 2");
  });

  it("of two programs in one process are apart", async () => {
    const [one, other] = [prometheusMetrics(), prometheusMetrics()];
    one.counter({ name: "writes_total", help: "Writes." }).add();
    expect(await other.expose()).not.toContain("writes_total");
  });

  it("may be nobody's", async () => {
    noMetrics.counter({ name: "a", help: "" }).add();
    noMetrics.gauge({ name: "a", help: "" }).set(1);
    noMetrics.histogram({ name: "a", help: "", buckets: [] }).observe(1);
    expect(await noMetrics.expose()).toBe("");
  });
});
