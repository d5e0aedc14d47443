import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { path } from "../../../scripts/steps.ts";
import { packageVersion } from "../../../src/cli/version.ts";

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function node(...args: readonly string[]): Promise<Ended> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return await run(process.execPath, args, { env }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      out: stdout,
      err: stderr,
    }),
  );
}

/** A module that makes a file believe that it runs on another Node. */
function pretending(version: string): readonly string[] {
  const code = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

describe("azure-ccm as a program", () => {
  const bin = path("bin/azure-ccm.js");
  const version = `${packageVersion()}\n`;

  it("runs by its command, and by its main file alone", async () => {
    expect(await node(bin, "--version")).toEqual({ code: 0, out: version, err: "" });
    expect(await node(path("src/cli/main.ts"), "--version")).toEqual({ code: 0, out: version, err: "" });
  });

  it("does nothing when it is imported", async () => {
    const code = `await import(${JSON.stringify(path("src/cli/main.ts"))})`;
    expect(await node("--input-type=module", "-e", code, "--", "--version")).toEqual({ code: 0, out: "", err: "" });
  });

  it("exits with 1 and a sentence when a command cannot do what it is asked", async () => {
    expect(await node(bin, "demo", "-f", "/no/such.yaml")).toEqual({
      code: 1,
      out: "",
      err: "azure-ccm: /no/such.yaml: no such file or directory\n",
    });
  });

  it("runs on the oldest Node that is supported", async () => {
    expect(await node(...pretending("22.20.0"), bin, "--version")).toMatchObject({ code: 0, out: version });
  });

  for (const old of ["22.19.9", "20.19.0"]) {
    it(`hands over to the Node that npm put beside it on ${old}, with arguments and exit code`, async () => {
      expect(await node(...pretending(old), bin, "--version")).toEqual({ code: 0, out: version, err: "" });
      expect(await node(...pretending(old), bin, "nonsense")).toMatchObject({ code: 1, out: "" });
    });
  }

  describe("that stands alone", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "alone-"));
      await cp(bin, join(folder, "azure-ccm.mjs"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("says which Node it needs when there is none", async () => {
      expect(await node(...pretending("22.19.9"), join(folder, "azure-ccm.mjs"), "--version")).toEqual({
        code: 1,
        out: "",
        err: "azure-ccm: Node 22.20 or newer is needed, this is 22.19.9; install a newer one and try again\n",
      });
    });

    it("says that the rest of it is missing", async () => {
      expect(await node(join(folder, "azure-ccm.mjs"), "--version")).toEqual({
        code: 1,
        out: "",
        err: "azure-ccm: this installation is incomplete: neither dist nor src is there\n",
      });
    });
  });
});
