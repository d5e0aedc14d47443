import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KubernetesObject, keyOf } from "../../../../src/simulator/kubernetes/object.ts";
import { WireText } from "../../../../src/simulator/kubernetes/serving/wire-text.ts";
import { Revisions, Store } from "../../../../src/simulator/kubernetes/store.ts";

function object(name: string, value = 0): KubernetesObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name }, value };
}

describe("the history of a store", () => {
  it("is kept for at least as many changes as it should", () => {
    const store = new Store(new Revisions(), 3);
    for (let value = 0; value < 5; value++) store.put(object("a", value));
    expect(store.remembers(0)).toBe(true);
    store.put(object("a", 5));
    expect([2, 3].map((revision) => store.remembers(revision))).toEqual([false, true]);
    expect(store.since(3).map(({ resourceVersion }) => resourceVersion)).toEqual([4, 5, 6]);
  });

  it("is gone after a compaction", () => {
    const store = new Store(new Revisions(), 3);
    store.put(object("a"));
    store.compact();
    expect([0, 1].map((revision) => store.remembers(revision))).toEqual([false, true]);
  });
});

it("law: every version that is remembered can be listed as it was", () => {
  const step = fc.record({ name: fc.constantFrom("a", "b", "c"), remove: fc.boolean(), value: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const store = new Store(new Revisions(), 100);
      const states = steps.flatMap(({ name, remove, value }) => {
        const current = store.get(name);
        if (remove && current === undefined) return [];
        const { metadata } = remove && current !== undefined ? store.remove(current) : store.put(object(name, value));
        return [{ revision: Number(metadata.resourceVersion), objects: store.all() }];
      });
      for (const { revision, objects } of states) expect(store.allAt(revision)).toEqual(objects);
      expect(store.allAt(0)).toEqual([]);
      const keys = store.all().map(keyOf);
      expect(keys).toEqual(keys.toSorted());
    }),
  );
});

it("the text of an object is made once, however many watchers and lists send it", () => {
  let made = 0;
  const counted = { ...object("a"), toJSON: () => ({ name: `a${++made}` }) } as unknown as KubernetesObject;
  const texts = new WireText();
  expect([texts.of(counted), texts.of(counted)]).toEqual(['{"name":"a1"}', '{"name":"a1"}']);
  expect(made).toBe(1);
});
