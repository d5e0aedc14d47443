/** Everything that can be checked without running the program: one heading per step, one exit code. */
import { run, type Step } from "./steps.ts";

const STEPS: readonly Step[] = [
  { name: "types", command: "tsc", args: ["-p", "."] },
  { name: "lint", command: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "format", command: "biome", args: ["check", "--error-on-warnings"] },
  { name: "unused files, exports and dependencies", command: "knip", args: [] },
  { name: "house rules", command: "vitest", args: ["run", "--config", "vitest.config.ts", "test/house"] },
  { name: "generated pages", command: "node", args: ["scripts/docs.ts", "--check"] },
];

const failed = STEPS.filter((step) => {
  console.log(`\n== ${step.name}: ${step.command} ${step.args.join(" ")}`);
  return !run(step);
});
console.log(
  failed.length === 0
    ? `\n${STEPS.length} of ${STEPS.length} checks passed`
    : `\nfailed: ${failed.map(({ name }) => name).join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
