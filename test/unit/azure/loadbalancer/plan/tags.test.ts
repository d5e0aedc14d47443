import { describe, expect, it } from "vitest";
import { overlaid, planTags } from "../../../../../src/azure/loadbalancer/plan/tags.ts";

type Tags = Record<string, string>;

describe("tags", () => {
  const cases: readonly { name: string; existing: Tags; wanted: Tags; system?: string[]; is: Tags }[] = [
    {
      name: "are added, foreign ones stay",
      existing: { e: "f" },
      wanted: { a: "b", c: "d" },
      is: { a: "b", c: "d", e: "f" },
    },
    {
      name: "keep foreign ones that a system prefix covers",
      existing: { a: "b" },
      wanted: { c: "d" },
      system: ["a"],
      is: { a: "b", c: "d" },
    },
    {
      name: "lose foreign ones that none covers",
      existing: { a: "b" },
      wanted: { c: "d" },
      system: ["x"],
      is: { c: "d" },
    },
    {
      name: "keep the spelling of their keys",
      existing: { Team: "x" },
      wanted: { team: "y" },
      system: ["x"],
      is: { Team: "y" },
    },
    {
      name: "cover keys by prefix in any letter case",
      existing: { "AKS-managed-x": "1" },
      wanted: {},
      system: ["aks-managed"],
      is: { "AKS-managed-x": "1" },
    },
    {
      name: "never lose the owner",
      existing: { "k8s-azure-service": "a/b", service: "c/d", z: "1" },
      wanted: {},
      system: ["x"],
      is: { "k8s-azure-service": "a/b", service: "c/d" },
    },
  ];
  for (const { name, existing, wanted, system = [], is } of cases) {
    it(name, () => {
      const next = planTags(existing, wanted, system);
      expect(next).toEqual(is);
      expect(planTags(next, wanted, system)).toBe(next);
    });
  }
  it("that differ in letter case only are left alone", () => {
    const existing = { a: "B" };
    expect(planTags(existing, { A: "b" }, [])).toBe(existing);
  });
  it("that are absent stay absent when none is wanted", () => expect(planTags(undefined, {}, [])).toBeUndefined());
  it("of later layers win, in any letter case", () => {
    expect(overlaid({ Team: "a", x: "1" }, { team: "b" })).toEqual({ team: "b", x: "1" });
  });
});
