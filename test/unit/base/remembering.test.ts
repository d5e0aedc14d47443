import { describe, expect, it } from "vitest";
import { remembering } from "../../../src/base/remembering.ts";

describe("a function that remembers its last answer", () => {
  const cases: readonly { name: string; second: (a: object, b: object) => readonly object[]; calls: number }[] = [
    { name: "is not asked again about the same objects", second: (a, b) => [a, b], calls: 1 },
    { name: "is asked again about equal objects", second: (a, b) => [{ ...a }, b], calls: 2 },
    { name: "is asked again about the same objects in another order", second: (a, b) => [b, a], calls: 2 },
    { name: "is asked again about fewer objects", second: (a) => [a], calls: 2 },
  ];
  for (const { name, second, calls } of cases) {
    it(name, () => {
      const [a, b] = [{}, {}];
      const asked: (readonly object[])[] = [];
      const work = remembering((...about: readonly object[]) => asked.push(about));
      work(a, b);
      work(...second(a, b));
      expect(asked.length).toBe(calls);
    });
  }
});
