import { describe, expect, it } from "vitest";
import { parseFieldSelector, parseLabelSelector } from "../../../../src/simulator/kubernetes/selectors.ts";

const labels = { app: "web", tier: "front", "example.com/zone": "1" };

describe("a label selector", () => {
  const cases: readonly { name: string; selector: string; selects: boolean }[] = [
    { name: "that is empty selects all", selector: "", selects: true },
    { name: "knows equality", selector: "app=web", selects: true },
    { name: "knows equality with two signs", selector: "app==web", selects: true },
    { name: "needs every term", selector: "app=web,tier=back", selects: false },
    { name: "knows inequality", selector: "app!=db", selects: true },
    { name: "takes an absent label as unequal", selector: "none!=x", selects: true },
    { name: "knows sets", selector: "app in (db, web),tier=front", selects: true },
    { name: "knows sets that exclude", selector: "app notin (db,web)", selects: false },
    { name: "takes an absent label as outside a set", selector: "none notin (x)", selects: true },
    { name: "asks for presence", selector: "example.com/zone", selects: true },
    { name: "asks for absence", selector: "!app", selects: false },
    { name: "does not see inherited members", selector: "toString", selects: false },
  ];
  for (const { name, selector, selects } of cases) {
    it(name, () => expect(parseLabelSelector(selector)(labels)).toBe(selects));
  }

  it("that cannot be read is refused", () => {
    expect(() => parseLabelSelector("a=b=c")).toThrow(/unable to parse requirement/);
    expect(() => parseLabelSelector("a in b")).toThrow(/unable to parse requirement/);
  });
});

describe("a field selector", () => {
  const known = (path: string): boolean => ["metadata.name", "spec.type"].includes(path);
  const cases: readonly { name: string; selector: string; selects: boolean }[] = [
    { name: "knows equality", selector: "metadata.name=web", selects: true },
    { name: "knows inequality", selector: "spec.type!=LoadBalancer", selects: false },
    { name: "needs every term", selector: "metadata.name=web,spec.type==ClusterIP", selects: false },
    { name: "takes an empty value", selector: "spec.type=", selects: false },
  ];
  for (const { name, selector, selects } of cases) {
    it(name, () => {
      const fields = { "metadata.name": "web", "spec.type": "LoadBalancer" };
      expect(parseFieldSelector(selector, known)(fields)).toBe(selects);
    });
  }

  it("on another field is refused", () => {
    expect(() => parseFieldSelector("spec.ports=1", known)).toThrow("field label not supported: spec.ports");
  });
});
