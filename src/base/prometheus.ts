import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./metrics.ts";

/** Metrics kept in a Prometheus registry of their own. */
export function prometheusMetrics(): Metrics {
  const registry = new Registry();
  const made = new Map<string, unknown>();
  const once = <T>(name: string, make: () => T): T => {
    const known = made.get(name) as T | undefined;
    if (known !== undefined) return known;
    const fresh = make();
    made.set(name, fresh);
    return fresh;
  };
  return {
    counter: ({ name, help, labels = [] }) =>
      once(name, () => {
        const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
        return { add: (values = {}, by = 1) => counter.inc(values, by) };
      }),
    gauge: ({ name, help, labels = [] }) =>
      once(name, () => {
        const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
        return { set: (value, values = {}) => gauge.set(values, value) };
      }),
    histogram: ({ name, help, labels = [], buckets }) =>
      once(name, () => {
        const registers = [registry];
        const histogram = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
        return { observe: (value, values = {}) => histogram.observe(values, value) };
      }),
    expose: () => registry.metrics(),
  };
}
