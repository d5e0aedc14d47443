import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { path } from "../../scripts/steps.ts";

async function bench(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [path("test/bench/main.ts"), ...args]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

describe("npm run bench -- services", () => {
  it("prints the runs as one JSON document, and nothing else", async () => {
    const { code, out } = await bench("services", "--services", "1,3", "--json");
    expect(code).toBe(0);
    const { runs, ...rest } = JSON.parse(out) as { runs: readonly Record<string, unknown>[] };
    expect(rest).toEqual({});
    expect(runs.map(({ services }) => services)).toEqual([1, 3]);
    for (const run of runs) {
      expect(run).toMatchObject({
        profile: "P1",
        seconds: { first: expect.any(Number), median: expect.any(Number), last: expect.any(Number) },
        armRequests: expect.any(Number),
        writes: { loadBalancers: expect.any(Number), networkSecurityGroups: 1, publicIPAddresses: run["services"] },
        bytes: expect.any(Number),
        polls: expect.any(Number),
        rssMiB: expect.any(Number),
        stallMs: expect.any(Number),
        clock: "virtual",
        poolType: "nodeIP",
        nodes: 3,
        workers: 256,
        oracles: "silent",
        portScheme: "port 80 on every Service",
      });
    }
  });

  it("times azure-ccm run in a process of its own", async () => {
    const { code, out } = await bench("services", "--services", "2", "--clock", "system", "--json");
    expect(code).toBe(0);
    const [run] = (JSON.parse(out) as { runs: readonly Record<string, unknown>[] }).runs;
    expect(run).toMatchObject({ clock: "system", process: "the controller's own process", oracles: "silent" });
  });

  it.each([
    [["services", "--services", "none"], '--services: got "none", want a whole number from 1 to 5000'],
    [["services", "--sevices", "1"], "--sevices"],
    [["planner", "--profile", "P1"], "--profile does not go with planner; it does with: services"],
    [["services", "--services", "1", "--update"], "--update"],
    [["no-such-bench"], "no bench no-such-bench"],
    [["faults", "--seeds", "0"], '--seeds: got "0", want a whole number from 1'],
    [["services", "--services", "1", "--endpoint", "http://127.0.0.1:9"], "--endpoint: no azure-ccm simulate at"],
  ])("says what is wrong with %j", async (args, sentence) => {
    const { code, out, err } = await bench(...args);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain(sentence);
  });
});
