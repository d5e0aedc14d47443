import type { Metrics } from "../../../base/metrics.ts";
import type { GateEvent } from "./gate.ts";

const SECONDS = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** Shows who waits at the throttle gate, for how long, and why. */
export function gateMetrics(metrics: Metrics): (event: GateEvent) => void {
  const waiting = metrics.gauge({
    name: "azure_ccm_throttle_waiting_requests",
    help: "Requests that wait at the throttle gate, by what they count as and lane (restore, batch, create, refresh).",
    labels: ["group", "lane"],
  });
  const waited = metrics.histogram({
    name: "azure_ccm_throttle_wait_seconds",
    help: "Seconds that a request waited at the throttle gate, by what it counts as and lane.",
    labels: ["group", "lane"],
    buckets: SECONDS,
  });
  const throttled = metrics.counter({
    name: "azure_ccm_throttled_answers_total",
    help: "Answers of ARM that said there were too many requests, by what the request counts as; `about` says what they stopped: one resource, or buckets.",
    labels: ["group", "about"],
  });
  const closed = metrics.counter({
    name: "azure_ccm_throttle_closed_seconds_total",
    help: "Seconds for which ARM's answers have closed a bucket, counted when the answer came.",
    labels: ["bucket"],
  });
  return (event) => {
    switch (event.kind) {
      case "waiting":
        return waiting.set(event.waiting, { group: event.group, lane: event.lane });
      case "entered":
        return waited.observe(event.waitedMs / 1000, { group: event.group, lane: event.lane });
      case "throttled":
        return throttled.add({ group: event.group, about: event.about });
      case "closed":
        return closed.add({ bucket: event.bucket }, event.ms / 1000);
    }
  };
}
