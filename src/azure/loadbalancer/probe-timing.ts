import * as entry from "./annotations/index.ts";
import { type Intake, keyFor, LONGEST_PROBING_SECONDS, rawOf, readPresent } from "./annotations/index.ts";

/** How often a node is probed, and how many answers decide. */
export interface ProbeTiming {
  readonly intervalSeconds: number;
  readonly threshold: number;
}

/** Interval and number of probes for one port: its own annotations, else the Service's, else the defaults. */
export function resolveTiming(intake: Intake, port: number): ProbeTiming {
  const intervalSeconds =
    readPresent(intake, entry.portProbeIntervalSeconds, port) ??
    readPresent(intake, entry.probeIntervalSeconds) ??
    entry.probeIntervalSeconds.fallback;
  const threshold =
    readPresent(intake, entry.portProbeThreshold, port) ??
    readPresent(intake, entry.probeThreshold) ??
    entry.probeThreshold.fallback;
  if (intervalSeconds * threshold >= LONGEST_PROBING_SECONDS) refuse(intake, port);
  return { intervalSeconds, threshold };
}

function refuse(intake: Intake, port: number): void {
  // Name what was written, the most specific first; at least one of the four was, the defaults are far below the limit
  const written = [
    { annotation: entry.portProbeIntervalSeconds, port },
    { annotation: entry.probeIntervalSeconds },
    { annotation: entry.portProbeThreshold, port },
    { annotation: entry.probeThreshold },
  ].find((each) => rawOf(intake, each.annotation, each.port) !== undefined);
  if (written === undefined) return;
  const { annotation } = written;
  intake.problems.push({
    field: keyFor(annotation, written.port),
    got: rawOf(intake, annotation, written.port),
    want: annotation.accepts,
  });
}
