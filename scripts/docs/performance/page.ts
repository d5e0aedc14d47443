import { readFileSync } from "node:fs";
import { type Part, type PerformanceData, readPerformance } from "../../../test/bench/performance/data.ts";
import type { RunResult } from "../../../test/bench/race/result.ts";
import { path } from "../../steps.ts";
import { REFERENCE, type ReferenceFigure } from "./reference-implementation.ts";

const FILE = "docs/explanation/performance.md";

/** The performance page: its own text, with what stands between the marks made anew from the figures. */
export function performancePage(): string {
  const data = readPerformance();
  return Object.entries(SECTIONS).reduce(
    (text, [name, render]) => withSection(text, name, render(data)),
    readFileSync(path(FILE), "utf8"),
  );
}

const SECTIONS: Readonly<Record<string, (data: PerformanceData) => string>> = {
  services: ({ services }) => told(services, servicesTable),
  process: ({ process }) => told(process, processTable),
  counts: ({ counts }) => told(counts, countsTable),
  isolation: ({ counts }) => told(counts, isolationTable),
  faults: ({ faults }) => told(faults, faultsTable),
};

function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: npm run docs -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${FILE} has no place for ${name}`);
  return `${text.slice(0, from + start.length)}\n${content}\n\n${text.slice(to)}`;
}

function told<T>(part: Part<T> | undefined, render: (figures: T) => string): string {
  if (part === undefined) return "Not measured yet.";
  const { date, machine, commands, figures } = part;
  return [
    render(figures),
    "",
    `Measured on ${date}, ${machine}:`,
    "",
    "```console",
    ...commands.map((each) => `$ ${each}`),
    "```",
  ].join("\n");
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}

function servicesTable(runs: readonly RunResult[]): string {
  const heading = [
    "profile",
    "pool",
    "Services",
    "first",
    "median",
    "last",
    "reference: last",
    "factor",
    "requests",
    "per Service",
    "writes lb, nsg, pip",
    "429",
  ];
  const rows = runs.map((run) => {
    const { seconds, services, profile } = run;
    const theirs = run.poolType === "nodeIP" ? REFERENCE.last[`${profile} ${services}`] : undefined;
    return [
      profile,
      run.poolType,
      String(services),
      ...[seconds.first, seconds.median, seconds.last].map(inSeconds),
      theirs === undefined ? "" : referenceText(theirs),
      theirs === undefined ? "" : `${(theirs.value / seconds.last).toFixed(1)}`,
      String(run.armRequests),
      (run.armRequests / services).toFixed(2),
      ["loadBalancers", "networkSecurityGroups", "publicIPAddresses"].map((type) => run.writes[type] ?? 0).join(", "),
      String(run.rejected),
    ];
  });
  const raised = runs.flatMap(({ services, profile, raised: notes }) =>
    notes.map((note) => `${services} Services, ${profile}: ${note}`),
  );
  const notes = [...new Set(raised)].map((note) => `- ${note}`);
  return [
    table(heading, rows),
    "",
    `${[...new Set(runs.map(conditionsOf))].map((each) => `${each}.`).join(" ")}`,
    ...(notes.length === 0
      ? []
      : ["", "Limits that were raised in the simulator, because so much on one balancer exceeds them:", "", ...notes]),
  ].join("\n");
}

function conditionsOf({ clock, nodes, portScheme, workers, seed, oracles }: RunResult): string {
  return `Clock ${clock}, ${nodes} nodes, ${portScheme}, ${workers} workers, seed \`${seed}\`, oracles ${oracles}`;
}

function referenceText({ value, extrapolated }: ReferenceFigure): string {
  return extrapolated === true ? `${inSeconds(value)} (extrapolated)` : inSeconds(value);
}

function inSeconds(seconds: number): string {
  if (seconds < 600) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function processTable(runs: readonly RunResult[]): string {
  const rows = runs.map(({ services, profile, seconds, armRequests, rssMiB, stallMs }) => [
    profile,
    String(services),
    inSeconds(seconds.last),
    String(armRequests),
    `${rssMiB} MiB`,
    `${stallMs} ms`,
  ]);
  return table(["profile", "Services", "last", "requests", "most memory", "longest stall"], rows);
}

function countsTable(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): string {
  const value = (bench: string, name: string): number => counts[bench]?.[name] ?? Number.NaN;
  const requests = (bench: string, label: string): string =>
    `${value(bench, `${label}: requests`)} requests, ${value(bench, `${label}: writes`)} writes`;
  const megabytes = (label: string): string => `${(value("no-op", `${label}: bytes`) / 1e6).toFixed(2)} MB`;
  const joins = `${value("node-joins", "node joins: reads, polls aside")} reads, ${value("node-joins", "node joins: polls")} polls, ${value("node-joins", "node joins: writes")} writes`;
  return table(
    ["what", "this one", "goal", "reference implementation"],
    [
      [
        "restart, 600 Services",
        requests("no-op", "600 Services, restart"),
        "12 requests, 0 writes",
        `${REFERENCE.restartReads} reads (extrapolated)`,
      ],
      [
        "a pass an hour later, 600 Services",
        requests("no-op", "600 Services, an hour later"),
        "12 requests, 0 writes",
        `${REFERENCE.restartReads} reads (extrapolated)`,
      ],
      [
        "a node joins 600 Services",
        joins,
        "3 reads, 1 write",
        `${REFERENCE.nodeJoinReads} reads, 1 write (extrapolated)`,
      ],
      ["restart, 240 Services, 650 nodes, IP-based pool", megabytes("240 x 650, nodeIP"), "4 MB", ""],
      [
        "restart, 240 Services, 650 nodes, NIC-based pool",
        megabytes("240 x 650, nodeIPConfiguration"),
        "4 MB",
        `${REFERENCE.wideBytes / 1e6} MB`,
      ],
    ],
  );
}

function isolationTable(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): string {
  const rows = Object.entries(counts["isolation"] ?? {})
    .filter(([name]) => name.startsWith("ms "))
    .map(([name, ms]) => [name.slice(3).replace(/^when /, ""), inSeconds(ms / 1000)]);
  return table(["the public IP of one of 20 Services", "last of the others ready"], rows);
}

function faultsTable(figures: NonNullable<PerformanceData["faults"]>["figures"]): string {
  const { seeds, failed, median, worst, worstSeed, failedRequests, failedWrites, silentWrites } = figures;
  return table(
    ["what", "figure", "goal"],
    [
      ["seeds that came to the state of their twin", `${seeds - failed.length} of ${seeds}`, "all"],
      ["requests, of the twin's: median", String(median), "1.3"],
      ["requests, of the twin's: worst", `${worst} (seed ${worstSeed})`, "2"],
      [
        "last Service ready: median, and of the twins",
        `${inSeconds(figures.medianSeconds)}, ${inSeconds(figures.twinSeconds)}`,
        "",
      ],
      ["requests that went wrong", String(failedRequests), ""],
      ["writes that went wrong, and of them in no event", `${failedWrites}, ${silentWrites}`, "0 in no event"],
    ],
  );
}
