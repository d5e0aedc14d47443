import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulateFacts } from "../../src/cli/simulate/facts.ts";
import { Spawned } from "../fixtures/spawned.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** One test of the fidelity checklist, run against the other process. */
interface Verdict {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
  /** Set by test/integration/simulator-arm/remote.ts. */
  readonly meta?: { readonly remote?: true };
}

/** Runs the simulator's own tests in a process of their own, with simulators of other processes in place of theirs. */
async function runAgainst(endpoints: NodeJS.ProcessEnv, folder: string): Promise<readonly Verdict[]> {
  const report = join(folder, "report.json");
  const flags = ["--config", "vitest.config.ts", "--no-file-parallelism", "--reporter=json", `--outputFile=${report}`];
  const notAboutArm = ["state", "control-surface"].map((name) => `--exclude=**/${name}.test.ts`);
  const args = [VITEST, "run", ...flags, ...notAboutArm, "test/integration/simulator-arm"];
  const env = { ...process.env, ...endpoints };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: "ignore" });
  await once(child, "close");
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as {
    readonly testResults: readonly { readonly assertionResults: readonly Verdict[] }[];
  };
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

describe("the fidelity checklist on a simulator that the command line has started", () => {
  let verdicts: readonly Verdict[] = [];
  let folder = "";
  const simulators: Spawned[] = [];
  const start = async (...args: readonly string[]): Promise<string> => {
    const simulator = new Spawned(["simulate", "--json", ...args]);
    simulators.push(simulator);
    const out = await simulator.until((printed) => (printed.out.includes("\n") ? printed.out : undefined));
    return (JSON.parse(out) as SimulateFacts).endpoint;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azure-ccm-fidelity-"));
    const scenario = join(folder, "slow.yaml");
    await writeFile(scenario, "clock: manual\nlatency: { operationMs: 10000, retryAfter: true }\n");
    const SIMULATOR_ENDPOINT = await start();
    const SLOW_SIMULATOR_ENDPOINT = await start("--scenario", scenario);
    verdicts = await runAgainst({ SIMULATOR_ENDPOINT, SLOW_SIMULATOR_ENDPOINT }, folder);
  }, 300_000);

  afterAll(async () => {
    await Promise.all(simulators.map((simulator) => simulator.stop("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  });

  it("holds wherever a test needs no hands inside the simulator", () => {
    const failed = verdicts.filter(({ status }) => status === "failed");
    expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)).toEqual([]);
  });

  it("was run there, and not in the tests' own process", () => {
    const remote = verdicts.filter(({ status, meta }) => status === "passed" && meta?.remote === true);
    const numbers = new Set(remote.flatMap(({ fullName }) => /\bARM \d+/.exec(fullName) ?? []));
    expect(remote.length).toBeGreaterThan(200);
    expect(numbers.size).toBeGreaterThan(70);
  });
});
