import type { ResourceEvent } from "../../../src/azure/index.ts";
import type { JournalEntry, KubernetesObject, SimulatorState } from "../../../src/simulator/index.ts";

/** Where failures of writes can be looked for. */
export interface Traces {
  readonly journal: readonly JournalEntry[];
  readonly operations: SimulatorState["operations"];
  /** What merge queues have told, and when. */
  readonly told: readonly Told[];
  /** Warnings that users see. */
  readonly warnings: readonly KubernetesObject[];
  /** Prometheus text. */
  readonly metrics: string;
}

/** Something that a merge queue has told, at a time in milliseconds since the epoch. */
export interface Told extends ResourceEvent {
  readonly atMs: number;
}

/** Writes that went wrong, and those of which nobody was told. */
export interface Shown {
  readonly requests: number;
  readonly operations: number;
  /** Failures without an error: neither a merge queue nor a request has told. */
  readonly withoutError: readonly string[];
  /** How many more failures there were than the metrics count. */
  readonly withoutMetric: number;
  /** Failed writes without a warning on any Service that rode in them, from then on. */
  readonly withoutEvent: readonly string[];
}

/** Compares what went wrong with what was told. */
export function writeFailures(traces: Traces): Shown {
  const requests = traces.journal.filter(({ method, status }) => method !== "GET" && (status === 0 || status >= 400));
  const operations = traces.operations.filter(
    (operation) => operation.end.status !== "Succeeded" && !requests.some((request) => began(request, operation)),
  );
  const failures = [
    ...requests.map(({ method, path, status }) => ({ id: path.toLowerCase(), what: `${status} ${method} ${path}` })),
    ...operations.map(({ about = "", verb, name, end }) => ({
      id: about.toLowerCase(),
      what: `${end.status} ${verb} ${name} ${about}`,
    })),
  ];
  const failed = traces.told.filter(({ event }) => event.kind === "failed");
  const warned = traces.warnings.map(lastWarning);
  return {
    requests: requests.length,
    operations: operations.length,
    withoutError: beyond(failures, counted(failed.map(({ id }) => id.toLowerCase()))),
    withoutMetric: failures.length - metricTotal(traces.metrics),
    withoutEvent: failed.flatMap((each) => (hasWarning(each, warned) ? [] : [describe(each)])),
  };
}

/** A write that was in although its answer was lost: its operation is no second failure, whatever becomes of it. */
function began(request: JournalEntry, { about = "", startedMs }: SimulatorState["operations"][number]): boolean {
  const { path, atMs, tookMs } = request;
  return path.toLowerCase() === about.toLowerCase() && startedMs >= atMs && startedMs <= atMs + tookMs;
}

interface Warned {
  readonly key: string;
  readonly atMs: number;
  readonly message: string;
}

function lastWarning(event: KubernetesObject): Warned {
  const { kind, namespace, name } = event["involvedObject"] as unknown as Readonly<
    Record<"kind" | "namespace" | "name", string>
  >;
  return {
    key: `${kind === "Node" ? kind : namespace}/${name}`,
    atMs: Date.parse(event["lastTimestamp"] as string),
    message: event["message"] as string,
  };
}

/** It names the resource, and comes not before the failure; Kubernetes keeps whole seconds. */
function hasWarning({ id, event: { riders }, atMs }: Told, warned: readonly Warned[]): boolean {
  return warned.some(
    (warning) =>
      riders.some(
        (rider) => rider === warning.key || (rider.startsWith("member of ") && warning.key.startsWith("Node/")),
      ) &&
      warning.atMs >= atMs - 1000 &&
      warning.message.toLowerCase().includes(lastOf(id).toLowerCase()),
  );
}

function describe({ id, event }: Told): string {
  const why =
    event.kind === "failed" ? `${event.verb}, ${event.failure.outcome}: ${event.failure.error.message}` : event.kind;
  return `${lastOf(id)}: ${why}`;
}

interface Failure {
  readonly id: string;
  readonly what: string;
}

/** Failures of a resource beyond those that were told. */
function beyond(failures: readonly Failure[], told: ReadonlyMap<string, number>): readonly string[] {
  const left = new Map(told);
  return failures.flatMap(({ id, what }) => {
    const count = left.get(id) ?? 0;
    left.set(id, count - 1);
    return count > 0 ? [] : [what];
  });
}

function counted(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Failed writes of the merge queues: the metric that operators watch. */
function metricTotal(text: string): number {
  return [...text.matchAll(/^azure_ccm_arm_writes_total\{([^}]*)\} (\d+)/gm)]
    .filter(([, labels = ""]) => !labels.includes('outcome="confirmed"'))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

function lastOf(id: string): string {
  return id.split("/").at(-1) ?? "";
}
