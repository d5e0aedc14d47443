import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as annotations from "../../../../../src/azure/loadbalancer/annotations/index.ts";
import {
  ANNOTATION_GROUPS,
  annotationsReference,
  PORT,
  PREFIX,
} from "../../../../../src/azure/loadbalancer/annotations/index.ts";

const ALL = ANNOTATION_GROUPS.flatMap((group) => group.annotations);
const REFERENCE = "test/unit/azure/loadbalancer";

/** Everything that looks like an entry, exported by any of the files. */
function exported(): readonly string[] {
  const values: readonly unknown[] = Object.values(annotations);
  return values.filter(isEntry).map(({ key }) => key);
}

function isEntry(value: unknown): value is annotations.Annotation<unknown> {
  return typeof value === "object" && value !== null && "parse" in value;
}

describe("the list of annotations", () => {
  it("has every entry once", () => {
    expect(ALL.map(({ key }) => key).toSorted()).toEqual(exported().toSorted());
    expect(new Set(ALL.map(({ key }) => key)).size).toBe(ALL.length);
  });
  for (const { key, doc, accepts, fallback, parse } of ALL) {
    it(`${key.slice(PREFIX.length)} is documented and its parser never throws`, () => {
      expect(key.startsWith(PREFIX)).toBe(true);
      expect(doc).toMatch(/^[A-Z*].*\.$/s);
      expect(accepts).not.toBe("");
      for (const raw of ["", " ", "true", "0", "-1", ",", "=", "a=b", "::1", "1.2.3.4", "\u0000", "é".repeat(300)])
        parse(raw);
      expect(fallback).not.toBeNull();
    });
  }
  it("has a test for each: its key stands in a table of this folder", () => {
    const tests = readdirSync(REFERENCE, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".test.ts"),
    );
    const text = tests.map((file) => readFileSync(`${REFERENCE}/${file}`, "utf8")).join("\n");
    const missing = ALL.map(({ key }) => key.slice(PREFIX.length)).filter((key) => {
      const [head = "", tail = ""] = key.split(PORT);
      return !(key.includes(PORT) ? new RegExp(`${head}\\d+${tail}`) : new RegExp(`"${key}"`)).test(text);
    });
    expect(missing).toEqual([]);
  });
});

describe("the reference page", () => {
  const page = annotationsReference();
  it("has a row for every annotation", () => {
    for (const { key } of ALL) expect(page).toContain(`| \`${key}\` |`);
  });
  it("shows defaults and accepted values", () => {
    expect(page).toContain("azure-load-balancer-tcp-idle-timeout` | whole minutes, 4 to 100 | 4 |");
    expect(page).toContain("azure-load-balancer-disable-tcp-reset` | true or false | false |");
    expect(page).toContain("azure-pip-name` | the name of a public IP | none |");
  });
  it("has as many cells in every row", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("|"));
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
  });
});

describe("annotations of later features are recognised and checked", () => {
  const cases: readonly { key: string; raw: string; value: unknown }[] = [
    { key: "azure-pls-name", raw: " my-pls ", value: "my-pls" },
    { key: "azure-pls-resource-group", raw: "rg", value: "rg" },
    { key: "azure-pls-ip-configuration-subnet", raw: "", value: undefined },
    { key: "azure-pls-ip-configuration-ip-address-count", raw: "8", value: 8 },
    { key: "azure-pls-ip-configuration-ip-address-count", raw: "9", value: "refused" },
    { key: "azure-pls-ip-configuration-ip-address-count", raw: "0", value: "refused" },
    { key: "azure-pls-ip-configuration-ip-address", raw: "10.2.0.4  10.2.0.5", value: ["10.2.0.4", "10.2.0.5"] },
    { key: "azure-pls-fqdns", raw: "a.b c.d", value: ["a.b", "c.d"] },
    { key: "azure-pls-visibility", raw: "*", value: ["*"] },
    { key: "azure-pls-auto-approval", raw: "", value: [] },
    { key: "azure-load-balancer-configurations", raw: "A ,b", value: ["A", "b"] },
    { key: "azure-load-balancer-mode", raw: "__auto__", value: "__auto__" },
    { key: "azure-load-balancer-ipv6", raw: "2603:0::1", value: "2603::1" },
    { key: "azure-pip-prefix-id-ipv6", raw: " ", value: undefined },
  ];
  for (const { key, raw, value } of cases) {
    it(`${key}: ${JSON.stringify(raw)}`, () => {
      const parsed = ALL.find((each) => each.key === `${PREFIX}${key}`)?.parse(raw);
      expect(parsed === undefined ? "refused" : parsed.value).toEqual(value);
    });
  }
});
