import { spawnSync } from "node:child_process";
import { path } from "../../../scripts/steps.ts";
import { machine, type RunResult } from "../race/result.ts";
import { type FaultFigures, type Part, type PerformanceData, storePerformance } from "./data.ts";

/** Every part of the page, and how it is measured. */
const PARTS: { readonly [Name in keyof PerformanceData]-?: () => PerformanceData[Name] } = {
  services: () =>
    runsOf([
      "services --profile P1 --services 1,20,100,1000",
      "services --profile P2 --services 1,20,100",
      "services --profile P3 --services 1,20,100",
      "services --profile P4 --services 1,20,100,250,1000",
      "services --profile P1 --services 1,20,100 --pool-type nodeIPConfiguration",
    ]),
  process: () => runsOf([20, 100, 250].map((count) => `services --profile P1 --services ${count} --clock system`)),
  counts: () => {
    const commands = ["no-op", "node-joins", "isolation"];
    const measured = commands.map((name) => [name, countsOf(bench(name))[name] ?? {}] as const);
    return part(commands, Object.fromEntries(measured));
  },
  faults: () => {
    const command = "faults --seeds 300";
    const { runs: _, ...figures } = bench(command) as FaultFigures & { readonly runs: unknown };
    return part([command], figures);
  },
};

/**
 * `npm run bench -- performance [PART,...]`: measures what the page prints and stores it. Half an hour for all of it.
 *
 * @throws Error when there is no such part, or one cannot be measured; those before it are stored by then.
 */
export function measurePerformance(only: string | undefined): void {
  const names = (only?.split(",") ?? Object.keys(PARTS)) as (keyof PerformanceData)[];
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  for (const name of names) {
    console.error(`measuring ${name}`);
    storePerformance({ [name]: PARTS[name]() });
  }
  console.error("now: npm run docs");
}

function runsOf(commands: readonly string[]): Part<readonly RunResult[]> {
  const runs = commands.flatMap((command) => (bench(command) as { readonly runs: readonly RunResult[] }).runs);
  return part(commands, runs);
}

function part<T>(commands: readonly string[], figures: T): Part<T> {
  const lines = commands.map((command) => `npm run bench -- ${command}`);
  return { date: new Date().toISOString().slice(0, 10), machine: machine(), commands: lines, figures };
}

type Compared = Readonly<
  Record<string, readonly { readonly kind: string; readonly name: string; readonly value: number }[]>
>;

function countsOf(compared: unknown): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries(
    Object.entries(compared as Compared).map(([bench, values]) => {
      const counts = values.filter(({ kind }) => kind === "counts").map(({ name, value }) => [name, value]);
      return [bench, Object.fromEntries(counts) as Record<string, number>];
    }),
  );
}

/** What a bench prints for scripts. One that finds something worse has printed it all the same. */
function bench(command: string): unknown {
  const { stdout, status } = spawnSync(
    process.execPath,
    [path("test/bench/main.ts"), ...command.split(" "), "--json"],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      maxBuffer: 2 ** 28,
    },
  );
  if (stdout === "") throw new Error(`${command} has failed with exit code ${status}`);
  return JSON.parse(stdout);
}
