import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** One program that a script runs. */
export interface Step {
  /** What it checks or makes, for the heading. */
  readonly name: string;
  /** A program of `node_modules/.bin`, or `node`. */
  readonly command: string;
  readonly args: readonly string[];
}

/** An absolute path from one relative to the project's root. */
export function path(relative: string): string {
  return fileURLToPath(new URL(`../${relative}`, import.meta.url));
}

/** Runs a step in the project's root with its output shown. @returns whether it succeeded. */
export function run({ command, args }: Step): boolean {
  // the Node that runs this script first, so that a step never falls back to the machine's older one
  const search = [dirname(process.execPath), path("node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter);
  const { status, error } = spawnSync(command, args, {
    cwd: path("."),
    stdio: "inherit",
    env: { ...process.env, PATH: search },
  });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0;
}
