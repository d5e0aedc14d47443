import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { path } from "../../scripts/steps.ts";

const text = readFileSync(path("CONTRIBUTING.md"), "utf8");

it("CONTRIBUTING.md names files and folders that exist", () => {
  const named = [...text.matchAll(/[`(]((?:src|test|scripts|docs|\.ci)\/[\w./-]+)[`)]/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !existsSync(path(name)))).toEqual([]);
});

it("CONTRIBUTING.md names scripts that exist", () => {
  const { scripts } = JSON.parse(readFileSync(path("package.json"), "utf8")) as { scripts: Record<string, string> };
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  const named = code.flatMap((span) => [...span.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => name !== "ci" && scripts[name] === undefined)).toEqual([]);
});
