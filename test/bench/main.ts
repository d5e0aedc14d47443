/**
 * `npm run bench -- [name...] [--json] [--update]`: measures, and compares with `baseline.json`. With flags of its own,
 * `services` and `faults` print figures instead. Exit code 1 when something is worse or wrong. See
 * docs/explanation/benches.md.
 */
import { parseArgs } from "node:util";
import { compareBenches } from "./compare-benches.ts";
import { faults } from "./faults/command.ts";
import { measurePerformance } from "./performance/command.ts";
import { race } from "./race/command.ts";

const FLAGS = {
  json: { type: "boolean" },
  update: { type: "boolean" },
  services: { type: "string" },
  profile: { type: "string" },
  "pool-type": { type: "string" },
  nodes: { type: "string" },
  workers: { type: "string" },
  seed: { type: "string" },
  timeout: { type: "string" },
  clock: { type: "string" },
  endpoint: { type: "string" },
  external: { type: "boolean" },
  kubeconfig: { type: "string" },
  seeds: { type: "string" },
  journal: { type: "boolean" },
  "in-process": { type: "boolean" },
} as const;

type Flags = {
  readonly [Name in keyof typeof FLAGS]?: (typeof FLAGS)[Name]["type"] extends "boolean" ? boolean : string;
};

/** What prints figures in place of comparing, and the flags that it knows beside `--json`. Returns whether all is well. */
interface Command {
  readonly flags: readonly (keyof Flags)[];
  readonly run: (flags: Flags, words: readonly string[]) => Promise<boolean> | boolean;
}

const RACE = ["services", "profile", "pool-type", "nodes", "workers", "seed", "timeout", "clock"] as const;
const RACE_IN_REAL_TIME = ["endpoint", "external", "kubeconfig", "in-process"] as const;

const COMMANDS: Readonly<Record<string, Command>> = {
  services: {
    flags: [...RACE, ...RACE_IN_REAL_TIME],
    run: async (flags) => {
      await race(flags);
      return true;
    },
  },
  faults: { flags: ["seeds", "seed", "services", "pool-type", "journal"], run: (flags) => faults(flags) },
  performance: {
    flags: [],
    run: (_, [parts]) => {
      measurePerformance(parts);
      return true;
    },
  },
};

/** Without flags of its own `services` compares, as every bench does. */
const COMPARES = "services";

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: FLAGS });
  const [name = "", ...words] = positionals;
  const given = (Object.keys(flags) as (keyof Flags)[]).filter((flag) => flag !== "json" && flag !== "update");
  const command = given.length === 0 && name === COMPARES ? undefined : COMMANDS[name];
  const strange = given.find((flag) => command?.flags.includes(flag) !== true);
  if (strange !== undefined) throw new Error(misplaced(strange, positionals));
  if (command !== undefined && flags.update === true) throw new Error(misplaced("update", positionals));
  const isWell = await (command === undefined ? compareBenches(positionals, flags) : command.run(flags, words));
  process.exitCode = isWell ? 0 : 1;
}

function misplaced(flag: keyof Flags, names: readonly string[]): string {
  const takers = Object.entries(COMMANDS).flatMap(([name, { flags }]) => (flags.includes(flag) ? [name] : []));
  const there = takers.length === 0 ? "benches that compare" : takers.join(", ");
  return `--${flag} does not go with ${names.join(" ") || "all benches"}; it does with: ${there}`;
}
