import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { JsonObject } from "../../../../../src/simulator/arm/json.ts";
import { factsOf } from "../../../../../src/simulator/arm/oracles/facts.ts";
import { foreignChanges } from "../../../../../src/simulator/arm/oracles/foreign.ts";
import { lostUnknown, unknownMembersOf } from "../../../../../src/simulator/arm/oracles/unknown-members.ts";
import { children, group, list, reference, text } from "../../../../../src/simulator/arm/shape.ts";

const R = "/r";

interface Case {
  readonly name: string;
  readonly before: JsonObject;
  readonly after: JsonObject | undefined;
  /** Keys that are foreign; all when absent. */
  readonly foreign?: readonly string[];
  readonly says: readonly string[];
}

describe("foreign changes", () => {
  const cases: readonly Case[] = [
    {
      name: "none",
      before: { location: "x", properties: { a: 1 } },
      after: { properties: { a: 1 }, location: "x" },
      says: [],
    },
    {
      name: "a member that changes",
      before: { properties: { a: 1 } },
      after: { properties: { a: 2 } },
      says: ["/r a 1 became 2"],
    },
    { name: "a member that goes", before: { properties: { a: 1 } }, after: { properties: {} }, says: ["/r lost a 1"] },
    { name: "a member that comes", before: {}, after: { properties: { a: 1 } }, says: ["/r got a 1"] },
    { name: "null is as good as absent", before: {}, after: { properties: { a: null } }, says: [] },
    {
      name: "a member of a group",
      before: { sku: { name: "a" } },
      after: { sku: { name: "b" } },
      says: ['/r sku.name "a" became "b"'],
    },
    {
      name: "the order of children does not count",
      before: { properties: { rules: [{ name: "a" }, { name: "b" }] } },
      after: { properties: { rules: [{ name: "b" }, { name: "a" }] } },
      says: [],
    },
    {
      name: "a child that comes is nobody's loss",
      before: { properties: { rules: [] } },
      after: { properties: { rules: [{ name: "a", properties: { port: 1 } }] } },
      says: [],
    },
    {
      name: "a child that goes is told with all that is in it",
      before: { properties: { rules: [{ name: "a", properties: { of: [{ name: "b" }] } }] } },
      after: { properties: {} },
      says: ["/r/rules/a is gone"],
    },
    {
      name: "a child of our own may go",
      before: { properties: { rules: [{ name: "a" }] } },
      after: { properties: {} },
      foreign: ["/r"],
      says: [],
    },
    {
      name: "a reference that goes, and one that comes",
      before: { properties: { pools: [{ id: "/P" }] } },
      after: { properties: { pools: [{ id: "/Q" }] } },
      says: ["/r/pools//P is gone"],
    },
    {
      name: "a list of words is one value",
      before: { properties: { ports: ["80", "443"] } },
      after: { properties: { ports: ["80"] } },
      says: ['/r ports ["80","443"] became ["80"]'],
    },
    { name: "an empty list is as good as none", before: { properties: { ports: [] } }, after: {}, says: [] },
    {
      name: "the whole resource",
      before: { properties: { rules: [{ name: "a" }] } },
      after: undefined,
      says: ["/r is gone"],
    },
    {
      name: "what ARM marks on an instance that is written",
      before: { properties: { modelDefinitionApplied: "VirtualMachineScaleSet" } },
      after: { properties: { modelDefinitionApplied: "VirtualMachine" } },
      says: [],
    },
  ];
  for (const { name, before, after, foreign, says } of cases) {
    it(name, () => {
      const step = { before: factsOf(R, before), after: after && factsOf(R, after) };
      const found = foreignChanges(step, ({ id }) => foreign?.includes(id) ?? true);
      const lines = found.map(
        ({ resource, message }) => `${resource} ${message.replace("what somebody else owns ", "")}`,
      );
      assert.deepEqual(lines, says);
    });
  }

  it("ids compare without case", () => {
    const [before, after] = ["/R", "/r"].map((id) => factsOf(id, { properties: { rules: [{ name: "A" }] } }));
    assert.deepEqual(
      foreignChanges({ before, after }, () => true),
      [],
    );
  });
});

describe("unknown members", () => {
  const type = {
    shape: {
      known: text(),
      inner: group({ known: text() }),
      rules: children({ port: text() }),
      to: list(reference("x")),
    },
    computed: ["assigned"],
  };
  const lost = (before: JsonObject, after: JsonObject): readonly string[] =>
    lostUnknown(
      unknownMembersOf(R, type, { properties: before }),
      unknownMembersOf(R, type, { properties: after }),
    ).map(({ resource, message }) => `${resource} ${message}`);
  const cases: readonly (readonly [string, JsonObject, JsonObject, readonly string[]])[] = [
    ["survive", { newer: 1 }, { newer: 1, known: "x" }, []],
    ["are lost from the resource", { newer: 1 }, {}, ["/r newer, which no schema names, was 1 and is gone"]],
    ["are changed", { newer: [1] }, { newer: [2] }, ["/r newer, which no schema names, was [1] and is [2]"]],
    [
      "are lost from a group",
      { inner: { newer: 1 } },
      { inner: {} },
      ["/r inner.newer, which no schema names, was 1 and is gone"],
    ],
    [
      "are lost from a child",
      { rules: [{ name: "a", properties: { newer: 1 } }] },
      { rules: [{ name: "a", properties: {} }] },
      ["/r/rules/a newer, which no schema names, was 1 and is gone"],
    ],
    ["go with their child", { rules: [{ name: "a", properties: { newer: 1 } }] }, { rules: [] }, []],
    ["are not those that the schema names or ARM computes", { known: "a", assigned: 1 }, {}, []],
  ];
  for (const [name, before, after, says] of cases) it(name, () => assert.deepEqual(lost(before, after), says));
});
