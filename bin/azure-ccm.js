#!/usr/bin/env node
// Plain JavaScript with built-ins only: it must run on any Node, if only to find a newer one.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const NEEDED = [22, 20];
const ENTRIES = ["../dist/cli/main.js", "../src/cli/main.ts"];

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** The Node that `npm ci` put beside us (tools/node), if it did. */
function localNode() {
  try {
    const require = createRequire(import.meta.url);
    const binary = fileURLToPath(
      new URL("./bin/node", `file://${require.resolve(`node-${process.platform}-${process.arch}/package.json`)}`),
    );
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Runs this file again under `node`, and ends as it ends. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

function fail(sentence) {
  process.stderr.write(`azure-ccm: ${sentence}\n`);
  process.exitCode = 1;
}

if (isNewEnough(process.versions.node)) {
  const entry = ENTRIES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (entry === undefined) fail("this installation is incomplete: neither dist nor src is there");
  else await (await import(entry.href)).main(process.argv.slice(2));
} else {
  const node = localNode();
  if (node === undefined) {
    fail(
      `Node ${NEEDED.join(".")} or newer is needed, this is ${process.versions.node}; install a newer one and try again`,
    );
  } else handOver(node);
}
