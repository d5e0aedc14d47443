import { describe, expect, it } from "vitest";
import { alike, type ContentRefusal, divide, mentions } from "../../../../../src/azure/arm/queue/split.ts";
import { CloudError } from "../../../../../src/cloudprovider/errors.ts";
import { set } from "../merge-queue.fixture.ts";

describe("divide", () => {
  const riders = (...owners: readonly string[]) =>
    owners.map((owner) => ({ edit: set(owner, "on", { mentions: [`rule-${owner}`, "shared"] }) }));
  const cases: readonly { name: string; owners: string[]; culprit: string | undefined; want: string[] }[] = [
    { name: "the accused leave", owners: ["a", "b", "c"], culprit: "Rule-B", want: ["a c", "b"] },
    { name: "halves without a culprit", owners: ["a", "b", "c"], culprit: undefined, want: ["a b", "c"] },
    { name: "halves when nobody names the culprit", owners: ["a", "b"], culprit: "rule-x", want: ["a", "b"] },
    { name: "halves when everybody names it", owners: ["a", "b", "c", "d"], culprit: "shared", want: ["a b", "c d"] },
  ];
  for (const { name, owners, culprit, want } of cases) {
    it(name, () => {
      const parts = divide(riders(...owners), culprit);
      expect(parts.map((part) => part.map(({ edit }) => edit.owner).join(" "))).toEqual(want);
    });
  }
});

describe("alike", () => {
  const refusal = (message: string, culprit?: string, cloudCode = "Bad"): ContentRefusal => ({
    outcome: "refused",
    cause: "content",
    culprit,
    error: new CloudError("InvalidArgument", message, { cloudCode }),
  });
  const cases: readonly { name: string; other: ContentRefusal; want: boolean }[] = [
    { name: "the same words", other: refusal("too many", "r1"), want: true },
    { name: "another sentence", other: refusal("too few", "r1"), want: false },
    { name: "another culprit", other: refusal("too many", "r2"), want: false },
    { name: "another code of ARM", other: refusal("too many", "r1", "Worse"), want: false },
  ];
  for (const { name, other, want } of cases) {
    it(`${name}: ${want}`, () => expect(alike(refusal("too many", "r1"), other)).toBe(want));
  }
});

describe("mentions", () => {
  it("ignores case on both sides, and is false for an edit that names nothing", () => {
    expect(mentions(set("a", "on", { mentions: ["/Sub/P"] }), "/sub/p")).toBe(true);
    expect(mentions(set("a"), "/sub/p")).toBe(false);
  });
});
