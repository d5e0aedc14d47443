import type { Clock } from "../../base/clock.ts";
import type { Gauge, Metrics } from "../../base/metrics.ts";

/** Bounds of client-go's queue histograms, seconds. */
const SECONDS_BUCKETS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10];

/** How often the two gauges about unfinished work are brought up to date while there is some. */
const REFRESH_MS = 5000;

/** What a work queue tells about its life; times in milliseconds by its clock. */
export interface QueueObserver {
  added(key: string, depth: number): void;
  started(key: string, depth: number): void;
  finished(key: string): void;
  retried(): void;
}

/** Reports a queue under client-go's `workqueue_*` names with the label `name`. */
export function observeQueue(name: string, metrics: Metrics, clock: Clock): QueueObserver {
  const labels = { name };
  const { depth, adds, retries, waited, worked, ...unfinished } = declare(metrics);
  const queuedAtMs = new Map<string, number>();
  const startedAtMs = new Map<string, number>();
  const refresh = refresher(startedAtMs, { ...unfinished, labels, clock });
  return {
    added: (key, length) => {
      adds.add(labels);
      depth.set(length, labels);
      queuedAtMs.set(key, clock.now());
    },
    started: (key, length) => {
      depth.set(length, labels);
      waited.observe((clock.now() - (queuedAtMs.get(key) ?? clock.now())) / 1000, labels);
      queuedAtMs.delete(key);
      startedAtMs.set(key, clock.now());
      refresh();
    },
    finished: (key) => {
      worked.observe((clock.now() - (startedAtMs.get(key) ?? clock.now())) / 1000, labels);
      startedAtMs.delete(key);
      refresh();
    },
    retried: () => retries.add(labels),
  };
}

function declare(metrics: Metrics) {
  const labels = ["name"];
  const about = (name: string, help: string) => ({ name: `workqueue_${name}`, help, labels });
  const seconds = { buckets: SECONDS_BUCKETS };
  return {
    depth: metrics.gauge(about("depth", "Keys that wait in the queue.")),
    adds: metrics.counter(about("adds_total", "Keys added to the queue.")),
    retries: metrics.counter(about("retries_total", "Keys added again after a delay.")),
    waited: metrics.histogram({
      ...about("queue_duration_seconds", "How long a key waits before work on it starts."),
      ...seconds,
    }),
    worked: metrics.histogram({ ...about("work_duration_seconds", "How long the work on a key takes."), ...seconds }),
    sum: metrics.gauge(about("unfinished_work_seconds", "Seconds of work in progress, all keys together.")),
    longest: metrics.gauge(
      about("longest_running_processor_seconds", "Seconds that the longest work in progress has taken so far."),
    ),
  };
}

interface Unfinished {
  readonly sum: Gauge;
  readonly longest: Gauge;
  readonly labels: { readonly name: string };
  readonly clock: Clock;
}

/** Sets the gauges now and, while work goes on, every {@link REFRESH_MS}: an idle process has no timer for them. */
function refresher(startedAtMs: ReadonlyMap<string, number>, { sum, longest, labels, clock }: Unfinished): () => void {
  let waiting = false;
  const refresh = (): void => {
    let total = 0;
    let most = 0;
    for (const startMs of startedAtMs.values()) {
      const seconds = (clock.now() - startMs) / 1000;
      total += seconds;
      most = Math.max(most, seconds);
    }
    sum.set(total, labels);
    longest.set(most, labels);
    if (waiting || startedAtMs.size === 0) return;
    waiting = true;
    clock.schedule(REFRESH_MS, () => {
      waiting = false;
      refresh();
    });
  };
  return refresh;
}
