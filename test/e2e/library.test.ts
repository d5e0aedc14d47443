import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { SimulateFacts } from "../../src/cli/simulate/facts.ts";
import { Spawned } from "../fixtures/spawned.ts";

const ONE_SHOT = fileURLToPath(new URL("../fixtures/children/one-shot.ts", import.meta.url));

it("a program that imports the library stays alive while it waits for Azure, and ends when it is done", async () => {
  const folder = await mkdtemp(join(tmpdir(), "azure-ccm-library-"));
  const cluster = join(folder, "cluster.yaml");
  await writeFile(cluster, "vmss: { nodes: [{}, {}, {}] }\n");
  const simulator = new Spawned(["simulate", "--json", "--latency", "0.1", "--cluster", cluster]);
  try {
    const facts = await simulator.until(({ out }) =>
      out.includes("\n") ? (JSON.parse(out) as SimulateFacts) : undefined,
    );
    const child = spawn(process.execPath, [ONE_SHOT, facts.endpoint, "20"], { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(JSON.stringify(facts.cluster));
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trim().split("\n")).toHaveLength(20);
    expect(new Set(out.trim().split("\n")).size).toBe(20);
  } finally {
    await simulator.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
