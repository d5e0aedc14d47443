import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exchanged, inListOrder, lookUp, type Way } from "../../../../src/azure/loadbalancer/lookup.ts";

interface Thing {
  readonly name: string;
  readonly colours?: readonly string[];
}

const byName: Way<Thing> = ({ name }) => (name === "" ? undefined : name.toLowerCase());
const byColour: Way<Thing> = ({ colours = [] }) => colours;

const ways = [byName, byColour];

describe("looking things up in a list", () => {
  const [one, two, three]: readonly Thing[] = [
    { name: "One", colours: ["red", "blue"] },
    { name: "two", colours: ["blue"] },
    { name: "" },
  ];
  const list = [one, two, three].filter((each) => each !== undefined);

  it("finds what is under a text", () => expect(lookUp(list, byName, "one")).toEqual([one]));
  it("finds what is under one of several texts", () => expect(lookUp(list, byColour, "blue")).toEqual([one, two]));
  it("finds nothing under a text that nothing has", () => expect(lookUp(list, byName, "four")).toEqual([]));
  it("finds nothing that is under no text", () => expect(lookUp(list, byName, "")).toEqual([]));
  it("finds nothing in an empty list", () => expect(lookUp([], byName, "one")).toEqual([]));
  it("asks each element once", () => {
    let asked = 0;
    const counting: Way<Thing> = ({ name }) => {
      asked++;
      return name;
    };
    lookUp(list, counting, "One");
    lookUp(list, counting, "two");
    expect(asked).toBe(list.length);
  });
});

describe("exchanging elements of a list", () => {
  it("gives the list itself when nothing changes", () => {
    const list = [{ name: "a" }];
    expect(exchanged(list, new Map(list.map((each) => [each, each])))).toBe(list);
  });

  it("leaves what was found before as it was", () => {
    const list: readonly Thing[] = [{ name: "a" }, { name: "b" }];
    const found = lookUp(list, byName, "a");
    exchanged(list, new Map(found.map((each) => [each, undefined])));
    expect(found).toEqual([{ name: "a" }]);
    expect(lookUp(list, byName, "a")).toEqual([{ name: "a" }]);
  });

  it("law: what is found after any changes is what a walk over the list finds", () => {
    const thing = fc.record({
      name: fc.constantFrom("", "a", "A", "b", "c"),
      colours: fc.array(fc.constantFrom("red", "blue"), { maxLength: 3 }),
    });
    const change = fc.record({
      at: fc.nat(6),
      by: fc.option(thing, { nil: undefined }),
      added: fc.array(thing, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(thing, { maxLength: 5 }), fc.array(change, { maxLength: 6 }), (first, changes) => {
        let list: readonly Thing[] = first;
        for (const { at, by, added } of changes) {
          for (const way of ways) lookUp(list, way, "a");
          const before = [...list];
          const old = list[at];
          const next = exchanged(list, new Map(old === undefined ? [] : [[old, by]]), added);
          expect(list).toEqual(before);
          const replaced = before.flatMap((each, index) => (index !== at ? each : by === undefined ? [] : by));
          expect(next).toEqual([...replaced, ...added]);
          list = next;
          for (const text of ["a", "b", "c", "red", "blue"])
            for (const way of ways)
              expect(inListOrder(list, lookUp(list, way, text))).toEqual(
                list.filter((each) => [way(each) ?? []].flat().includes(text)),
              );
        }
      }),
    );
  });
});
