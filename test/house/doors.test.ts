import { readdirSync, readFileSync } from "node:fs";
import { matchesGlob } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ROOMS } from "./rooms.ts";
import { PURE_PATTERNS, RULES, roomOf, type Tree } from "./rules.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

function treeOfSrc(): Tree {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return new Map(files.toSorted().map((file) => [file, readFileSync(`${SRC}${file}`, "utf8")]));
}

/** Every breach as `file: sentence`. */
function breaches(rule: (typeof RULES)[number], tree: Tree): readonly string[] {
  return [...tree].flatMap(([file, text]) => rule.broken(file, text, tree).map((sentence) => `${file}: ${sentence}`));
}

describe("every file of src", () => {
  const tree = treeOfSrc();
  for (const rule of RULES) {
    it(rule.name, () => {
      expect(breaches(rule, tree)).toEqual([]);
    });
  }

  it("is looked at: the tree was found", () => {
    expect(tree.size).toBeGreaterThan(100);
  });

  it("is what the tables speak of: no row is about something that is gone", () => {
    const files = [...tree.keys()];
    expect(PURE_PATTERNS.filter((pattern) => !files.some((file) => matchesGlob(file, pattern)))).toEqual([]);
    const rooms = new Set(files.map(roomOf));
    expect(Object.keys(ROOMS).filter((room) => !rooms.has(room))).toEqual(PLANNED);
  });
});

/** Rooms that design.md names and that have no file yet. A room leaves this list with its first file. */
const PLANNED: readonly string[] = [
  "azure/instances",
  "azure/routes",
  "azure/disks",
  "controller/node",
  "controller/nodelifecycle",
  "controller/route",
  "controller/nodeipam",
  "csi",
];

describe("the rules notice", () => {
  const cases: readonly { name: string; tree: Record<string, string>; breach: string }[] = [
    {
      name: "a folder that is no room",
      tree: { "gossip/teller.ts": "" },
      breach: "gossip/teller.ts: no room of the table has gossip/teller.ts",
    },
    {
      name: "a new folder in a hall",
      tree: { "azure/gossip/teller.ts": "" },
      breach: "azure/gossip/teller.ts: no room of the table has azure/gossip/teller.ts",
    },
    {
      name: "a controller that knows Azure",
      tree: { "controller/service/loop.ts": 'import { x } from "../../azure/arm/port.ts";' },
      breach: "controller/service/loop.ts: controller/service must not import azure/arm/port.ts",
    },
    {
      name: "a noun that imports another noun, over several lines",
      tree: { "azure/disks/provider.ts": 'import {\n  one,\n  two,\n} from "../instances/provider.ts";' },
      breach: "azure/disks/provider.ts: azure/disks must not import azure/instances/provider.ts",
    },
    {
      name: "a re-export through a closed door",
      tree: { "simulator/arm/names.ts": 'export { ruleName } from "../../azure/loadbalancer/names.ts";' },
      breach: "simulator/arm/names.ts: simulator/arm must not import azure/loadbalancer/names.ts",
    },
    {
      name: "a closed door behind import()",
      tree: { "csi/server.ts": 'const x = () => import("../controller/runtime/store.ts");' },
      breach: "csi/server.ts: csi must not import controller/runtime/store.ts",
    },
    {
      name: "anybody who imports cli",
      tree: { "base/clock.ts": 'import type { Flags } from "../cli/flags.ts";' },
      breach: "base/clock.ts: base must not import cli/flags.ts",
    },
    {
      name: "more of the contract than its errors in the ARM room",
      tree: { "azure/arm/client.ts": 'import type { Service } from "../../cloudprovider/objects.ts";' },
      breach: "azure/arm/client.ts: azure/arm may import cloudprovider/errors.ts, not cloudprovider/objects.ts",
    },
    {
      name: "a value where only types may pass",
      tree: { "azure/arm/client.ts": 'import { parse } from "../config/parse.ts";' },
      breach: "azure/arm/client.ts: azure/arm may import types of azure/config/parse.ts, not values",
    },
    {
      name: "Microsoft's SDK loaded outside the ARM room",
      tree: { "azure/machines/read.ts": 'import { ComputeManagementClient } from "@azure/arm-compute";' },
      breach: "azure/machines/read.ts: @azure/arm-compute may be imported as types only",
    },
    {
      name: "types marked one by one, which still load the module",
      tree: { "azure/machines/read.ts": 'import { type VirtualMachine } from "@azure/arm-compute";' },
      breach: "azure/machines/read.ts: @azure/arm-compute may be imported as types only",
    },
    {
      name: "credentials loaded by everybody",
      tree: { "azure/arm/credentials.ts": 'import { ClientSecretCredential } from "@azure/identity";' },
      breach: "azure/arm/credentials.ts: @azure/identity must be imported lazily",
    },
    {
      name: "the Kubernetes client outside the runtime",
      tree: { "controller/service/loop.ts": 'import { KubeConfig } from "@kubernetes/client-node";' },
      breach: "controller/service/loop.ts: @kubernetes/client-node does not belong into this room",
    },
    {
      name: "a second home for the log library",
      tree: { "base/clock.ts": 'import { pino } from "pino";' },
      breach: "base/clock.ts: pino belongs into base/pino-logger.ts",
    },
    {
      name: "a test library in the contract's tests",
      tree: { "cloudprovider/contract-tests/routes.ts": 'import { tmpdir } from "node:os";' },
      breach: "cloudprovider/contract-tests/routes.ts: node:os is not among this room's",
    },
    {
      name: "a decision that waits",
      tree: { "azure/loadbalancer/plan/rules.ts": "export async function plan() {}" },
      breach: "azure/loadbalancer/plan/rules.ts: waits: async",
    },
    {
      name: "a decision that looks at the clock in a template",
      tree: { "azure/loadbalancer/names.ts": `// Date.now is fine here\nexport const n = \`x-\${Date.now()}\`;` },
      breach: "azure/loadbalancer/names.ts: azure/loadbalancer/names.ts uses Date.now",
    },
    {
      name: "a decision that reaches the clock through a friend",
      tree: {
        "controller/service/decisions.ts": 'import { age } from "./age.ts";',
        "controller/service/age.ts": 'import { now } from "../../base/clock.ts";',
        "base/clock.ts": "export const now = () => new Date();",
      },
      breach: "controller/service/decisions.ts: base/clock.ts uses new Date()",
    },
    {
      name: "a decision that opens files",
      tree: { "azure/loadbalancer/settings.ts": 'import { readFileSync } from "node:fs";' },
      breach: "azure/loadbalancer/settings.ts: azure/loadbalancer/settings.ts imports node:fs",
    },
    {
      name: "a decision that opens sockets with a module that can also compute",
      tree: { "azure/loadbalancer/settings.ts": 'import { connect, isIP } from "node:net";' },
      breach: "azure/loadbalancer/settings.ts: azure/loadbalancer/settings.ts imports node:net",
    },
    {
      name: "code in an index",
      tree: { "base/index.ts": 'export * from "./clock.ts";\nexport const answer = 42;' },
      breach: "base/index.ts: an index.ts holds re-exports and nothing else",
    },
    {
      name: "an export without docstring",
      tree: { "base/clock.ts": "/** One. */\nexport const one = 1;\n\nexport const two = 2;" },
      breach: "base/clock.ts: two has no docstring",
    },
    {
      name: "files that import each other in a circle, be it for types only",
      tree: {
        "base/a.ts": 'import { b } from "./b.ts";',
        "base/b.ts": 'import { c } from "./c.ts";',
        "base/c.ts": 'import type { A } from "./a.ts";',
      },
      breach: "base/b.ts: base/b.ts -> base/c.ts -> base/a.ts -> base/b.ts",
    },
    { name: "a note to self", tree: { "base/clock.ts": "// TO\u0044O: later" }, breach: "base/clock.ts: TODO" },
    { name: "a name that says nothing", tree: { "base/utils.ts": "" }, breach: 'base/utils.ts: "utils" says nothing' },
    {
      name: "a name in camels",
      tree: { "base/myClock.ts": "" },
      breach: 'base/myClock.ts: "myClock" is not kebab-case',
    },
    { name: "a long file", tree: { "base/clock.ts": `${"\n".repeat(300)}x` }, breach: "base/clock.ts: 301 lines" },
  ];
  for (const { name, tree, breach } of cases) {
    it(name, () => {
      const fake: Tree = new Map(Object.entries(tree));
      expect(RULES.flatMap((rule) => breaches(rule, fake))).toContain(breach);
    });
  }

  it("nothing in a tree that keeps them", () => {
    const fake: Tree = new Map([
      [
        "azure/loadbalancer/plan/rules.ts",
        'import { isIP } from "node:net";\nimport type { LoadBalancer } from "@azure/arm-network";\n/** await */\nexport const quote = /["\'`]/;\n/** Date.now */\nexport const word = "async Date.now()";',
      ],
      ["azure/arm/credentials.ts", '/** It. */\nexport const load = async () => await import("@azure/identity");'],
      ["azure/azure-cloud.ts", 'import { x } from "./loadbalancer/provider.ts";'],
      ["simulator/http/index.ts", 'export * from "./listener.ts";\nexport type { A } from "./a.ts";'],
    ]);
    expect(RULES.flatMap((rule) => breaches(rule, fake))).toEqual([]);
  });
});
