import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { program } from "../../../src/cli/program.ts";

interface Parsed {
  readonly options: Readonly<Record<string, unknown>>;
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Parses as the command line does, without running what it names. */
async function parse(...args: readonly string[]): Promise<Parsed> {
  const root = program();
  const printed = { out: "", err: "" };
  let options = {};
  for (const command of [root, ...root.commands]) {
    command.configureOutput({
      writeOut: (text) => {
        printed.out += text;
      },
      writeErr: (text) => {
        printed.err += text;
      },
    });
    if (command !== root)
      command.action((given: object) => {
        options = given;
      });
  }
  try {
    await root.parseAsync([...args], { from: "user" });
    return { options, exitCode: 0, ...printed };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { options, exitCode: error.exitCode, ...printed };
  }
}

describe("azure-ccm takes", () => {
  const cases: readonly { name: string; args: readonly string[]; options: object }[] = [
    {
      name: "demo with nothing",
      args: ["demo"],
      options: { latency: 1, timeout: 120, poolType: "nodeIP", logLevel: "warn" },
    },
    {
      name: "several manifests after one -f, or one after each",
      args: ["demo", "-f", "a.yaml", "b.yaml", "-f", "-"],
      options: { filename: ["a.yaml", "b.yaml", "-"] },
    },
    {
      name: "a cluster, and a speed",
      args: ["demo", "--cluster", "c.yaml", "--latency", "0.5"],
      options: { cluster: "c.yaml", latency: 0.5 },
    },
    {
      name: "run with its configuration",
      args: ["run", "--cloud-config", "azure.json", "--metrics-port", "0"],
      options: {
        cloudConfig: "azure.json",
        clusterName: "kubernetes",
        concurrentServiceSyncs: 256,
        metricsPort: 0,
        logLevel: "info",
      },
    },
  ];
  for (const { name, args, options } of cases) {
    it(name, async () => {
      const parsed = await parse(...args);
      expect(parsed).toMatchObject({ exitCode: 0, err: "" });
      expect(parsed.options).toMatchObject(options);
    });
  }
});

describe("azure-ccm refuses, and says what it accepts,", () => {
  const cases: readonly { name: string; args: readonly string[]; says: string }[] = [
    {
      name: "a speed that is no number",
      args: ["demo", "--latency", "abc"],
      says: "option '--latency <factor>' argument 'abc' is invalid. Accepted is a number from 0 to 100.",
    },
    { name: "an empty number", args: ["demo", "--latency", ""], says: "Accepted is a number from 0 to 100." },
    { name: "a speed below 0", args: ["demo", "--latency", "-1"], says: "Accepted is a number from 0 to 100." },
    { name: "no time at all", args: ["demo", "--timeout", "0"], says: "Accepted is seconds from 1 to 86400." },
    {
      name: "a pool type that is none",
      args: ["demo", "--pool-type", "x"],
      says: "Allowed choices are nodeIP, nodeIPConfiguration.",
    },
    {
      name: "an option with a slip",
      args: ["demo", "--onse"],
      says: "unknown option '--onse'\n(Did you mean --once?)",
    },
    { name: "words that mean nothing", args: ["demo", "web.yaml"], says: "too many arguments for 'demo'" },
    { name: "run without configuration", args: ["run"], says: "required option '--cloud-config <file>' not specified" },
    {
      name: "half a worker",
      args: ["run", "--cloud-config", "a", "--concurrent-service-syncs", "0.5"],
      says: "argument '0.5' is invalid. Accepted is a whole number from 1 to 4096.",
    },
    {
      name: "a port that is none",
      args: ["run", "--cloud-config", "a", "--metrics-port", "65536"],
      says: "Accepted is a port from 0 to 65535.",
    },
    {
      name: "a level that is none",
      args: ["run", "--cloud-config", "a", "--log-level", "loud"],
      says: "Allowed choices are debug, info, warn, error, silent.",
    },
    { name: "a command that is none", args: ["dem"], says: "unknown command 'dem'\n(Did you mean demo?)" },
  ];
  for (const { name, args, says } of cases) {
    it(name, async () => {
      const { exitCode, out, err } = await parse(...args);
      expect(err).toContain(says);
      expect(err).toContain("(--help shows what is accepted)");
      expect([exitCode, out]).toEqual([1, ""]);
    });
  }
});

describe("azure-ccm helps", () => {
  for (const { name, args, shows } of [
    { name: "with its commands", args: ["--help"], shows: /^Usage: azure-ccm .*\n\n.*^ {2}demo .*^ {2}run /ms },
    {
      name: "with the options of a command",
      args: ["demo", "--help"],
      shows: /^Usage: azure-ccm demo .*--cluster <file>/s,
    },
    { name: "with its version", args: ["--version"], shows: /^\d+\.\d+\.\d+\n$/ },
  ]) {
    it(name, async () => {
      const { exitCode, out } = await parse(...args);
      expect(exitCode).toBe(0);
      expect(out).toMatch(shows);
      expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    });
  }
});
