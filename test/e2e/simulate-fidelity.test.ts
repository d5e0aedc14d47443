import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulateFacts } from "../../src/cli/simulate/facts.ts";
import { Spawned } from "../fixtures/spawned.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** Most simulators that one test has at the same time. */
const SIMULATORS = 4;

/** The checklist's numbers about types that come with the disks. */
const WITH_THE_DISKS: readonly number[] = [69, 71, 103, 113, 114, 115, 116, 117, 119, 120];

/** Numbers that cannot be shown on a simulator of another process, each with its reason. */
const ONLY_IN_PROCESS: ReadonlyMap<number, string> = new Map();

/** One test of the fidelity checklist, run against the other processes. */
interface Verdict {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
  /** Set by test/integration/simulator-arm/remote/skip.ts. */
  readonly meta?: { readonly remote?: true };
}

/** Runs the simulator's own tests in a process of their own, with simulators of other processes in place of theirs. */
async function runAgainst(endpoints: readonly string[], folder: string): Promise<readonly Verdict[]> {
  const report = join(folder, "report.json");
  const flags = ["--config", "vitest.config.ts", "--no-file-parallelism", "--reporter=json", `--outputFile=${report}`];
  // The soak is about handles and memory of the process that it runs in.
  const args = [VITEST, "run", ...flags, "--exclude=**/soak.test.ts", "test/integration/simulator-arm"];
  const env = { ...process.env, SIMULATOR_ENDPOINTS: endpoints.join(",") };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: "ignore" });
  await once(child, "close");
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as {
    readonly testResults: readonly { readonly assertionResults: readonly Verdict[] }[];
  };
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

/** The checklist's numbers in the name of a test: `ARM 13, 14 tells of itself` has two. */
function numbersIn(text: string): readonly number[] {
  const lists = [...text.matchAll(/\bARM (\d+(?:, \d+)*)/g)].map(([, list = ""]) => list);
  return lists.flatMap((list) => list.split(", ").map(Number));
}

/** The checklist's numbers that tests of this process are named after, wherever they are. */
async function numbersInProcess(): Promise<readonly number[]> {
  const names = await readdir(join(ROOT, "test"), { recursive: true });
  const files = names.filter((name) => /^(unit|property|contract|integration)\/.*\.test\.ts$/.test(name));
  const sources = await Promise.all(files.map((name) => readFile(join(ROOT, "test", name), "utf8")));
  const titles = sources.flatMap((source) => source.match(/["`]ARM \d[^"`]*["`]/g) ?? []);
  return sorted(titles.flatMap(numbersIn));
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

describe("the fidelity checklist on simulators that the command line has started", () => {
  let verdicts: readonly Verdict[] = [];
  let folder = "";
  const simulators: Spawned[] = [];
  const start = async (): Promise<string> => {
    const simulator = new Spawned(["simulate", "--json"]);
    simulators.push(simulator);
    const out = await simulator.until((printed) => (printed.out.includes("\n") ? printed.out : undefined));
    return (JSON.parse(out) as SimulateFacts).endpoint;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azure-ccm-fidelity-"));
    const endpoints = await Promise.all(Array.from({ length: SIMULATORS }, start));
    verdicts = await runAgainst(endpoints, folder);
  }, 300_000);

  afterAll(async () => {
    await Promise.all(simulators.map((simulator) => simulator.stop("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  });

  it("holds wherever a test needs nothing but what gets across", () => {
    const failed = verdicts.filter(({ status }) => status === "failed");
    expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)).toEqual([]);
  });

  it("has every number there that it has in the tests' own process", async () => {
    const remote = verdicts.filter(({ status, meta }) => status === "passed" && meta?.remote === true);
    const there = sorted(remote.flatMap(({ fullName }) => numbersIn(fullName)));
    const here = (await numbersInProcess()).filter((number) => !ONLY_IN_PROCESS.has(number));
    expect(here.filter((number) => !there.includes(number))).toEqual([]);
    expect(remote.length).toBeGreaterThan(500);
  });

  it("leaves no numbered test out there, and none but those that come with the disks anywhere", async () => {
    const skipped = verdicts.filter(({ status, fullName }) => status === "skipped" && numbersIn(fullName).length > 0);
    expect(skipped.map(({ fullName }) => fullName)).toEqual([]);
    const here = await numbersInProcess();
    const missing = Array.from({ length: 134 }, (_, i) => i + 1).filter((number) => !here.includes(number));
    expect(missing.filter((number) => !WITH_THE_DISKS.includes(number))).toEqual([]);
  });
});
