import { requestMetrics } from "../../src/azure/arm/request-metrics.ts";
import { gateMetrics } from "../../src/azure/arm/throttle/gate-metrics.ts";
import { writeMetrics } from "../../src/azure/arm/write-metrics.ts";
import { driftMetrics } from "../../src/azure/plan/drift-metrics.ts";
import { systemClock } from "../../src/base/clock.ts";
import { silentLogger } from "../../src/base/logger.ts";
import { type MetricDefinition, type Metrics, noMetrics } from "../../src/base/metrics.ts";
import { EventRecorder } from "../../src/controller/runtime/events.ts";
import { observeQueue } from "../../src/controller/runtime/queue-metrics.ts";
import { reflectorFailures } from "../../src/controller/runtime/reflector-metrics.ts";
import { serviceMetrics } from "../../src/controller/service/metrics.ts";
import { code, page, table } from "./markdown.ts";

interface Declared {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly definition: MetricDefinition;
}

/** Every place that declares metrics; each is asked to declare them to a recorder. */
export const METRIC_SOURCES: readonly {
  readonly title: string;
  /** The file, below the project's root. */
  readonly file: string;
  readonly declare: (metrics: Metrics) => unknown;
}[] = [
  { title: "Service controller", file: "src/controller/service/metrics.ts", declare: serviceMetrics },
  {
    title: "Work queues",
    file: "src/controller/runtime/queue-metrics.ts",
    declare: (metrics) => observeQueue("service", metrics, systemClock),
  },
  { title: "Requests to ARM", file: "src/azure/arm/request-metrics.ts", declare: requestMetrics },
  { title: "Writes of ARM resources", file: "src/azure/arm/write-metrics.ts", declare: writeMetrics },
  { title: "The throttle gate", file: "src/azure/arm/throttle/gate-metrics.ts", declare: gateMetrics },
  { title: "Drift, in observe mode", file: "src/azure/plan/drift-metrics.ts", declare: driftMetrics },
  { title: "Watches", file: "src/controller/runtime/reflector-metrics.ts", declare: reflectorFailures },
  {
    title: "Events",
    file: "src/controller/runtime/events.ts",
    // a recorder that is never run sends nothing, so it needs no connection
    declare: (metrics) =>
      new EventRecorder({ connection: undefined as never, clock: systemClock, logger: silentLogger, metrics }),
  },
];

/** docs/reference/metrics.md. */
export function metricsReference(): string {
  const sections = METRIC_SOURCES.flatMap(({ title, declare }) => [
    `## ${title}`,
    table(
      ["metric", "kind", "labels", "meaning"],
      declaredBy(declare).map(({ kind, definition: { name, labels = [], help } }) => [
        code(name),
        kind,
        labels.map(code).join(" ") || code(""),
        help,
      ]),
    ),
  ]);
  return page(
    "Metrics",
    "the declarations beside the code that counts",
    "Served as Prometheus text at `/metrics`.",
    ...sections,
  );
}

function declaredBy(declare: (metrics: Metrics) => unknown): readonly Declared[] {
  const declared: Declared[] = [];
  declare({
    ...noMetrics,
    counter: (definition) => {
      declared.push({ kind: "counter", definition });
      return noMetrics.counter(definition);
    },
    gauge: (definition) => {
      declared.push({ kind: "gauge", definition });
      return noMetrics.gauge(definition);
    },
    histogram: (definition) => {
      declared.push({ kind: "histogram", definition });
      return noMetrics.histogram(definition);
    },
  });
  return declared;
}
