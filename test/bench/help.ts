import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { path } from "../../scripts/steps.ts";
import { type Bench, median } from "./bench.ts";

const TURNS = 7;
const MAIN = path("dist/cli/main.js");

/** What `azure-ccm --help` costs: nothing heavy may be loaded before it is needed. */
export const help: Bench = {
  name: "help",
  about: `node dist/cli/main.js --help, processor time, the middle one of ${TURNS}`,
  goalsMs: { "user and system": 150 },
  run() {
    if (!existsSync(MAIN)) throw new Error("there is no dist: npm run build");
    const turns = Array.from({ length: TURNS }, () => processorMs([process.execPath, MAIN, "--help"]));
    return Promise.resolve({ times: { "user and system": median(turns) } });
  },
};

/** Milliseconds of processor time of a command, by the shell's `times`: its second line is about ended children. */
function processorMs(command: readonly string[]): number {
  const { status, stdout } = spawnSync("sh", ["-c", '"$@" >/dev/null && times', "sh", ...command], {
    encoding: "utf8",
  });
  const seconds = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, m, s]) => Number(m) * 60 + Number(s),
  );
  if (status !== 0 || seconds.length !== 2) throw new Error(`${command.join(" ")} failed: exit code ${status}`);
  return seconds.reduce((total, each) => total + each * 1000, 0);
}
