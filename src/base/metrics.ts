/** Labels of one observation: the names declared with the metric, each with a value. */
export type Labels = Readonly<Record<string, string>>;

/** What a metric is; `help` becomes the reference page's text. */
export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Counts up. */
export interface Counter {
  add(labels?: Labels, by?: number): void;
}

/** Goes up and down. */
export interface Gauge {
  set(value: number, labels?: Labels): void;
}

/** Distribution of observations. */
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/** Where metrics are made. Asking twice for the same name gives the same metric. */
export interface Metrics {
  counter(definition: MetricDefinition): Counter;
  gauge(definition: MetricDefinition): Gauge;
  /** @param buckets - upper bounds in the metric's unit, ascending. */
  histogram(definition: MetricDefinition & { readonly buckets: readonly number[] }): Histogram;
  /** Everything as Prometheus text, version 0.0.4. */
  expose(): Promise<string>;
}

/** Metrics that nobody reads. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
  expose: () => Promise.resolve(""),
};
