import { spawnSync } from "node:child_process";
import { path } from "../../../scripts/steps.ts";
import { describeProblem } from "../../../src/base/checked.ts";
import { checkRace, type RaceAsk, type RaceFlags, type RunAsk } from "./asked.ts";
import { realRun } from "./real-run.ts";
import { describeRuns, type RunResult } from "./result.ts";
import { virtualRun } from "./virtual-run.ts";

/** Flags of the command beside those of the race. */
export interface RaceCommand extends RaceFlags {
  readonly json?: boolean | undefined;
  /** The run takes place in this process: how the command calls itself, so that each run has a process of its own. */
  readonly "in-process"?: boolean | undefined;
}

/**
 * `npm run bench -- services` with flags: runs, and prints figures on stdout and all else on stderr.
 *
 * @throws Error with every flag that is wrong, with what has not come to its end, or with what the oracles say.
 */
export async function race(flags: RaceCommand): Promise<void> {
  const asked = checkRace(flags);
  if (!asked.ok) throw new Error(asked.problems.map(describeProblem).join("\n"));
  const runs = await allOf(asked.value, flags);
  for (const { services, raised } of runs) {
    if (raised.length > 0 && flags["in-process"] !== true) tell(`${services} Services: raised ${raised.join(", ")}`);
  }
  console.log(flags.json === true ? JSON.stringify({ runs }) : describeRuns(runs));
}

async function allOf(asked: RaceAsk, flags: RaceCommand): Promise<readonly RunResult[]> {
  const runs: RunResult[] = [];
  for (const run of asked.runs) runs.push(await one(asked, run, flags));
  return runs;
}

async function one(asked: RaceAsk, run: RunAsk, flags: RaceCommand): Promise<RunResult> {
  if (asked.clock === "system") return realRun(asked, run, tell);
  return flags["in-process"] === true ? virtualRun(run) : inOwnProcess(run);
}

/** Memory and stalls of one run must not be those of the run before. */
function inOwnProcess(run: RunAsk): RunResult {
  const flags = Object.entries({
    "--services": run.services,
    "--profile": run.profile,
    "--pool-type": run.poolType,
    "--nodes": run.nodes,
    "--workers": run.workers,
    "--seed": run.seed,
    "--timeout": run.timeoutSeconds,
  }).flatMap(([flag, value]) => [flag, String(value)]);
  const main = path("test/bench/main.ts");
  const { status, stdout } = spawnSync(process.execPath, [main, "services", ...flags, "--json", "--in-process"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  });
  const [result] = status === 0 ? (JSON.parse(stdout) as { runs: readonly RunResult[] }).runs : [];
  if (result === undefined) throw new Error(`the run of ${run.services} Services has failed`);
  return result;
}

function tell(text: string): void {
  console.error(text);
}
