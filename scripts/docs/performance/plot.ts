import { type PerformanceData, readPerformance } from "../../../test/bench/performance/data.ts";
import type { RunResult } from "../../../test/bench/race/result.ts";
import { REFERENCE, type ReferenceFigure } from "./reference-implementation.ts";
import { type Plot, type Point, type Series, svgOf } from "./svg.ts";

const OURS = "#1a7f37";
const OURS_LIMITED = "#0969da";
const THEIRS = "#bc4c00";
const COUNTS = [1, 20, 100, 1000];

/** The plot of the performance page as SVG. */
export function performancePlot(): string {
  const runs = readPerformance().services?.figures ?? [];
  return svgOf([timePlot(runs), requestPlot(runs)], "Seconds and ARM requests for so many Services created at once");
}

type Runs = NonNullable<PerformanceData["services"]>["figures"];

function timePlot(runs: Runs): Plot {
  const theirs = Object.entries(REFERENCE.last)
    .filter(([key]) => key.startsWith("P1 "))
    .map(([key, figure]) => ({ x: Number(key.slice(3)), figure }));
  const guessedFrom = theirs.findIndex(({ figure }: { figure: ReferenceFigure }) => figure.extrapolated === true);
  return {
    title: "Until the last Service is ready",
    xLabel: "Services created at once",
    xTicks: COUNTS,
    yTicks: [
      { value: 1, label: "1 s" },
      { value: 10, label: "10 s" },
      { value: 60, label: "1 min" },
      { value: 600, label: "10 min" },
      { value: 3600, label: "1 h" },
      { value: 36_000, label: "10 h" },
    ],
    series: [
      {
        name: "reference implementation, P1",
        colour: THEIRS,
        points: theirs.map(({ x, figure }) => ({ x, y: figure.value })),
        guessedFrom,
      },
      { name: "this one, P1", colour: OURS, points: pointsOf(runs, "P1", ({ seconds }) => seconds.last) },
      { name: "this one, P4", colour: OURS_LIMITED, points: pointsOf(runs, "P4", ({ seconds }) => seconds.last) },
    ].filter(hasPoints),
  };
}

function requestPlot(runs: Runs): Plot {
  const theirs = COUNTS.map((x) => ({ x, y: REFERENCE.requestsPerService }));
  const perService = (run: RunResult): number => run.armRequests / run.services;
  return {
    title: "ARM requests for each Service",
    xLabel: "Services created at once",
    xTicks: COUNTS,
    yTicks: [1, 2, 5, 10, 20, 50].map((value) => ({ value, label: String(value) })),
    series: [
      { name: "reference implementation, P1", colour: THEIRS, points: theirs, guessedFrom: 2 },
      { name: "this one, P1", colour: OURS, points: pointsOf(runs, "P1", perService) },
    ].filter(hasPoints),
  };
}

function pointsOf(runs: Runs, profile: string, y: (run: RunResult) => number): readonly Point[] {
  return runs
    .filter((run) => run.profile === profile && run.poolType === "nodeIP")
    .map((run) => ({ x: run.services, y: y(run) }))
    .toSorted((a, b) => a.x - b.x);
}

function hasPoints({ points }: Series): boolean {
  return points.length > 0;
}
