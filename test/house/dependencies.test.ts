import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { path } from "../../scripts/steps.ts";
import { importsOf } from "./source.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(path("package.json"), "utf8")) as Manifest;
const all = { ...manifest.dependencies, ...manifest.devDependencies };

it("every dependency has a row in the decision about dependencies, and every row a dependency", () => {
  const rows = readFileSync(path("docs/adr/0001-dependencies.md"), "utf8").matchAll(/^\| `([^`]+)` \|/gm);
  expect([...rows].map(([, name = ""]) => name).toSorted()).toEqual(Object.keys(all).toSorted());
});

it("every version is exact, so that a fresh install is the one that was tested", () => {
  const loose = Object.entries(all).filter(([, version]) => !/^(?:\d+\.\d+\.\d+|file:[\w/]+)$/.test(version));
  expect(loose).toEqual([]);
});

it("the command that finds a new enough Node uses nothing but Node", () => {
  const imports = importsOf(readFileSync(path("bin/azure-ccm.js"), "utf8")).map(({ from }) => from);
  expect(imports).toContain("node:child_process");
  expect(imports.filter((from) => !from.startsWith("node:"))).toEqual([]);
});
