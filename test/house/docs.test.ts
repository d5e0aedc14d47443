import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRIC_SOURCES } from "../../scripts/docs/metrics.ts";
import { PAGES, stalePages } from "../../scripts/docs/pages.ts";
import { path } from "../../scripts/steps.ts";
import { codeOnly } from "./source.ts";

describe("the generated pages", () => {
  it("say what their sources say (npm run docs writes them)", () => {
    expect(stalePages().map(({ file }) => file)).toEqual([]);
  });

  it("are noticed when they are stale or missing", () => {
    const stale = { file: PAGES[0]?.file ?? "", render: () => "something else" };
    const missing = { file: "docs/reference/no-such-page.md", render: () => "" };
    expect(stalePages([stale, missing])).toEqual([stale, missing]);
  });

  it("list the metrics of every file that declares some", () => {
    const files = readdirSync(path("src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.startsWith("base/"))
      .filter((file) => /\.(?:counter|gauge|histogram)\(/.test(codeOnly(readFileSync(path(`src/${file}`), "utf8"))))
      .map((file) => `src/${file}`);
    expect(METRIC_SOURCES.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
  });
});
