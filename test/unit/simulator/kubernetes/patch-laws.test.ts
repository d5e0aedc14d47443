import fc from "fast-check";
import { expect, it } from "vitest";
import { isJsonObject, type Json, type JsonObject, sameJson } from "../../../../src/simulator/kubernetes/json.ts";
import { applyJsonPatch } from "../../../../src/simulator/kubernetes/patch/json-patch.ts";
import { applyMergePatch } from "../../../../src/simulator/kubernetes/patch/merge-patch.ts";
import { applyStrategicPatch } from "../../../../src/simulator/kubernetes/patch/strategic-patch.ts";
import { list, listBy, map, object, setOf, text } from "../../../../src/simulator/kubernetes/schema.ts";

const key = fc.constantFrom("a", "b", "c", "d");
const scalar = fc.oneof(fc.integer(), fc.constantFrom("x", "y"), fc.boolean());

const { tree } = fc.letrec<{ tree: JsonObject; value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    tie("tree"),
  ),
  tree: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));

/** The merge patch that turns `from` into `to`. */
function mergeDiff(from: JsonObject, to: JsonObject): JsonObject {
  const diff: Record<string, Json> = {};
  for (const name of Object.keys(from)) if (!(name in to)) diff[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const old = from[name];
    if (sameJson(old, value)) continue;
    diff[name] = isJsonObject(old) && isJsonObject(value) ? mergeDiff(old, value) : (value ?? null);
  }
  return diff;
}

it("law: a merge patch made from two objects turns the one into the other", () => {
  fc.assert(
    fc.property(tree, tree, (from, to) => {
      expect(applyMergePatch(from, mergeDiff(from, to))).toEqual(to);
    }),
  );
});

it("law: a JSON patch that removes everything and adds the other object yields it", () => {
  fc.assert(
    fc.property(tree, tree, (from, to) => {
      const patch = [
        ...Object.keys(from).map((name) => ({ op: "remove", path: `/${name}` })),
        ...Object.entries(to).map(([name, value]) => ({ op: "add", path: `/${name}`, value: value ?? null })),
      ];
      expect(applyJsonPatch(from, patch)).toEqual(to);
    }),
  );
});

const item = object("Item", { id: text, value: text, tags: map(text) });
const schema = object("Thing", { items: listBy("id", item), names: setOf(text), plain: list(text), labels: map(text) });

type Item = { readonly id: string; readonly value?: string; readonly tags?: Readonly<Record<string, string>> };
type Thing = {
  readonly items: Item[];
  readonly names: string[];
  readonly plain: string[];
  readonly labels: Record<string, string>;
};

const word = fc.constantFrom("a", "b", "c", "d", "e");
const labels = fc.dictionary(word, word, { maxKeys: 3, noNullPrototype: true });
const thing: fc.Arbitrary<Thing> = fc.record({
  items: fc.uniqueArray(fc.record({ id: word, value: word, tags: labels }, { requiredKeys: ["id"] }), {
    selector: ({ id }) => id,
    maxLength: 4,
  }),
  names: fc.uniqueArray(word, { maxLength: 4 }),
  plain: fc.array(word, { maxLength: 3 }),
  labels,
});

/** The strategic merge patch that turns `from` into `to`, as kubectl and client-go make it. */
function strategicDiff(from: Thing, to: Thing): JsonObject {
  const gone = from.items.filter(({ id }) => !to.items.some((other) => other.id === id));
  const changed = to.items.flatMap((wanted) => {
    const old = from.items.find(({ id }) => id === wanted.id);
    if (old === undefined) return [wanted];
    const diff = mergeDiff(old, wanted);
    return Object.keys(diff).length === 0 ? [] : [{ ...diff, id: wanted.id }];
  });
  return {
    items: [...changed, ...gone.map(({ id }) => ({ id, $patch: "delete" }))],
    "$setElementOrder/items": to.items.map(({ id }) => ({ id })),
    names: to.names.filter((name) => !from.names.includes(name)),
    "$deleteFromPrimitiveList/names": from.names.filter((name) => !to.names.includes(name)),
    "$setElementOrder/names": to.names,
    plain: to.plain,
    labels: mergeDiff(from.labels, to.labels),
  };
}

it("law: a strategic merge patch made from two objects turns the one into the other, order included", () => {
  fc.assert(
    fc.property(thing, thing, (from, to) => {
      expect(applyStrategicPatch(schema, from, strategicDiff(from, to))).toEqual(to);
    }),
  );
});

it("law: what another writer added meanwhile survives a strategic merge patch", () => {
  const foreign: Item = { id: "foreign", value: "kept" };
  fc.assert(
    fc.property(thing, thing, fc.nat({ max: 4 }), (from, to, at) => {
      const current = { ...from, items: from.items.toSpliced(at, 0, foreign), names: [...from.names, "foreign"] };
      const result = applyStrategicPatch(schema, current, strategicDiff(from, to)) as unknown as Thing;
      expect(result.items).toContainEqual(foreign);
      expect(result.names).toContain("foreign");
      expect(result.items.filter(({ id }) => id !== "foreign")).toEqual(to.items);
    }),
  );
});
