import { describe, expect, it } from "vitest";
import { differences, pathText } from "../../../../src/azure/plan/difference.ts";

describe("where two wire documents differ", () => {
  const cases: readonly {
    name: string;
    before: unknown;
    after: unknown;
    want: readonly [string, unknown, unknown][];
  }[] = [
    { name: "nowhere", before: { a: 1, b: { c: [1, 2] } }, after: { b: { c: [1, 2] }, a: 1 }, want: [] },
    { name: "in a value", before: { p: { a: 1 } }, after: { p: { a: 2 } }, want: [["p.a", 1, 2]] },
    { name: "not in what is absent, null or empty", before: { a: null, b: [] }, after: { c: undefined }, want: [] },
    { name: "in a value that comes", before: {}, after: { sku: { name: "S" } }, want: [["sku.name", undefined, "S"]] },
    { name: "in a value that goes", before: { tags: { a: "1" } }, after: {}, want: [["tags.a", "1", undefined]] },
    {
      name: "in a list of values, told as a whole",
      before: { a: ["x"] },
      after: { a: ["x", "y"] },
      want: [["a", ["x"], ["x", "y"]]],
    },
    {
      name: "in a child that comes, told as a whole and without its id",
      before: { rules: [{ name: "a", id: "1" }] },
      after: {
        rules: [
          { name: "a", id: "1" },
          { name: "b", id: "2", properties: { port: 80, none: [] } },
        ],
      },
      want: [["rules[b]", undefined, { name: "b", properties: { port: 80 } }]],
    },
    {
      name: "in a child that goes",
      before: { rules: [{ name: "a", properties: {} }] },
      after: {},
      want: [["rules[a]", { name: "a" }, undefined]],
    },
    {
      name: "in a child that is matched by name, in any letter case and order",
      before: {
        rules: [
          { name: "a", p: 1 },
          { name: "b", p: 1 },
        ],
      },
      after: {
        rules: [
          { name: "B", p: 1 },
          { name: "a", p: 2 },
        ],
      },
      want: [
        ["rules[B].name", "b", "B"],
        ["rules[a].p", 1, 2],
      ],
    },
    {
      name: "in the members of a pool, apart from the pool",
      before: {},
      after: {
        pools: [
          {
            name: "k",
            properties: { net: "n", loadBalancerBackendAddresses: [{ name: "n1", properties: { ipAddress: "1" } }] },
          },
        ],
      },
      want: [
        ["pools[k]", undefined, { name: "k", properties: { net: "n" } }],
        [
          "pools[k].properties.loadBalancerBackendAddresses[n1]",
          undefined,
          { name: "n1", properties: { ipAddress: "1" } },
        ],
      ],
    },
    {
      name: "everywhere in what is new, but for its id",
      before: undefined,
      after: { id: "/x", a: 1 },
      want: [["a", undefined, 1]],
    },
    {
      name: "in lists without names, told as a whole",
      before: { a: [{ x: 1 }] },
      after: { a: [{ x: 2 }] },
      want: [["a", [{ x: 1 }], [{ x: 2 }]]],
    },
  ];
  for (const { name, before, after, want } of cases) {
    it(name, () => {
      const told = differences(before, after).map((each) => [pathText(each.path), each.old, each.new]);
      expect(told).toEqual(want);
    });
  }
});
