import { describe, expect, it } from "vitest";
import { agrees, brought, present } from "../../../../../src/azure/loadbalancer/plan/sameness.ts";

describe("what is there agrees with what is wanted", () => {
  const cases: readonly { name: string; actual: unknown; wanted: unknown; same: boolean }[] = [
    { name: "when only others' fields differ", actual: { a: 1, etag: "x" }, wanted: { a: 1 }, same: true },
    { name: "when it is absent and wanted false", actual: {}, wanted: { on: false }, same: true },
    { name: "when it is null and wanted absent", actual: { path: null }, wanted: { path: undefined }, same: true },
    {
      name: "when it is an empty list and wanted absent",
      actual: { list: [] },
      wanted: { list: undefined },
      same: true,
    },
    {
      name: "not when it is there and wanted absent",
      actual: { path: "/x" },
      wanted: { path: undefined },
      same: false,
    },
    { name: "not when it is true and wanted false", actual: { on: true }, wanted: { on: false }, same: false },
    { name: "not when it is zero and wanted absent", actual: { port: 0 }, wanted: { port: undefined }, same: false },
    { name: "when ids differ in letter case", actual: { id: "/A/b" }, wanted: { id: "/a/B" }, same: true },
    { name: "when words of a closed list do", actual: { protocol: "tcp" }, wanted: { protocol: "Tcp" }, same: true },
    { name: "not when paths do", actual: { requestPath: "/A" }, wanted: { requestPath: "/a" }, same: false },
    { name: "at every depth", actual: { probe: { id: "/P", extra: 1 } }, wanted: { probe: { id: "/p" } }, same: true },
    { name: "not when something is missing", actual: {}, wanted: { probe: { id: "/p" } }, same: false },
    {
      name: "when lists are equal item by item",
      actual: { zones: ["1", "2"] },
      wanted: { zones: ["1", "2"] },
      same: true,
    },
    { name: "not when a list is longer", actual: { zones: ["1", "2"] }, wanted: { zones: ["1"] }, same: false },
    { name: "not when types differ", actual: { port: "80" }, wanted: { port: 80 }, same: false },
  ];
  for (const { name, actual, wanted, same } of cases) it(name, () => expect(agrees(actual, wanted)).toBe(same));
});

describe("bringing a document up to date", () => {
  it("returns it when nothing differs", () => {
    const actual = { a: 1, b: 2 };
    expect(brought(actual, { a: 1 })).toBe(actual);
  });
  it("keeps what is not named and drops what is named as absent", () => {
    const actual: { a?: number; b?: number; c?: number } = { a: 1, b: 2, c: 3 };
    expect(brought(actual, { a: 9, b: undefined })).toEqual({ a: 9, c: 3 });
    expect(present({ a: undefined, b: 0 })).toEqual({ b: 0 });
  });
});
