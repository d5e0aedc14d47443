import { describe, expect, it } from "vitest";
import { table } from "../../../src/cli/table.ts";

describe("a table", () => {
  it("has columns as wide as their widest cell, two blanks between them, none at the end of a line", () => {
    const rows = [
      ["NAME", "IP"],
      ["a", "20.0.0.1"],
      ["long-name", ""],
    ];
    expect(table(rows).split("\n")).toEqual(["NAME       IP", "a          20.0.0.1", "long-name"]);
  });

  it("is indented as asked", () => expect(table([["A", "B"]], 2)).toBe("  A  B"));

  it("without rows is empty", () => expect(table([])).toBe(""));
});
