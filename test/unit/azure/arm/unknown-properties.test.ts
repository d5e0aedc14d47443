import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UnknownProperties } from "../../../../src/azure/arm/policies/keep-unknown.ts";
import { putBack, setAside } from "../../../../src/azure/arm/unknown-properties.ts";

/** As the SDK reads a balancer: known keys only, absent ones undefined, `properties` lifted. */
interface Wire {
  readonly name?: string;
  readonly id?: string;
  readonly etag?: string;
  readonly properties?: { readonly port?: number; readonly children?: readonly Wire[] } & Readonly<
    Record<string, unknown>
  >;
  readonly [unknown: string]: unknown;
}

interface Model {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly etag: string | undefined;
  readonly port: number | undefined;
  readonly children: readonly Model[] | undefined;
}

function deserialize({ name, id, etag, properties }: Wire): Model {
  return { name, id, etag, port: properties?.port, children: properties?.children?.map(deserialize) };
}

function serialize({ name, id, port, children }: Model): Wire {
  const none = port === undefined && children === undefined;
  const properties = { ...(port !== undefined && { port }), ...(children && { children: children.map(serialize) }) };
  return { ...(name !== undefined && { name }), ...(id !== undefined && { id }), ...(!none && { properties }) };
}

function roundTrip(wire: Wire, edit: (model: Model) => Model = (model) => model): unknown {
  const model = deserialize(wire);
  const unknown = setAside(wire, model);
  const body = serialize(edit(model));
  return unknown === undefined ? body : putBack(body, unknown);
}

const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 }));
const unknowns = fc.dictionary(fc.constantFrom("newA", "newB", "newC"), leaf);

function anyWire(depth: number): fc.Arbitrary<Wire> {
  const children =
    depth === 0 ? fc.constant([]) : fc.uniqueArray(anyWire(depth - 1), { maxLength: 3, selector: ({ name }) => name });
  return fc
    .tuple(fc.constantFrom("a", "b", "c", "d"), fc.integer(), children, unknowns, unknowns)
    .map(([name, port, list, top, inner]) => ({ name, ...top, properties: { port, children: list, ...inner } }));
}

describe("unknown properties", () => {
  it("law: reading and writing a document changes nothing in it", () => {
    fc.assert(
      fc.property(anyWire(2), (wire) => {
        expect(roundTrip(wire)).toEqual(wire);
      }),
    );
  });

  it("law: the order of list elements does not matter", () => {
    fc.assert(
      fc.property(anyWire(2), (wire) => {
        const reversed = roundTrip(wire, (model) => ({ ...model, children: model.children?.toReversed() })) as Wire;
        expect(reversed.properties?.children?.toReversed()).toEqual(wire.properties?.children);
      }),
    );
  });

  it("law: a document that the SDK knows whole takes no memory", () => {
    const known = anyWire(2).map((wire) => serialize(deserialize(wire)));
    fc.assert(
      fc.property(known, (wire) => {
        expect(setAside(wire, deserialize(wire))).toBeUndefined();
      }),
    );
  });

  const child = (name: string, more: object = {}): Wire => ({ name, properties: { port: 1 }, ...more });
  const parent = (...children: readonly Wire[]): Wire => ({ name: "p", properties: { port: 1, children } });

  it("go with the element that holds them", () => {
    const after = roundTrip(parent(child("a", { fresh: 1 }), child("b")), (model) => ({
      ...model,
      children: model.children?.slice(1),
    }));
    expect(JSON.stringify(after)).not.toContain("fresh");
  });

  it("stay with their element when others come and go around it", () => {
    const after = roundTrip(parent(child("a"), child("b", { fresh: 1 })), (model) => ({
      ...model,
      children: [deserialize(child("new")), model.children![1]!],
    })) as Wire;
    expect(after.properties?.children).toEqual([child("new"), child("b", { fresh: 1 })]);
  });

  it("find their element by name although its case changed", () => {
    const wire = parent(child("Web", { fresh: 1 }));
    const after = roundTrip(wire, (model) => ({
      ...model,
      children: [{ ...model.children![0]!, name: "web" }],
    })) as Wire;
    expect(after.properties?.children?.[0]).toMatchObject({ name: "web", fresh: 1 });
  });

  it("find an element without a name by its id", () => {
    const wire: Wire = { name: "p", properties: { children: [{ id: "/x/1" }, { id: "/x/2", fresh: 1 }] } };
    const after = roundTrip(wire, (model) => ({ ...model, children: [model.children![1]!] })) as Wire;
    expect(after.properties?.children).toEqual([{ id: "/x/2", fresh: 1 }]);
  });

  it("come back by place to elements without name and id, as long as the list has its length", () => {
    const wire: Wire = { name: "p", properties: { children: [{ properties: { port: 1 }, fresh: 1 }] } };
    expect(roundTrip(wire)).toEqual(wire);
    const longer = roundTrip(wire, (model) => ({ ...model, children: [...model.children!, ...model.children!] }));
    expect(JSON.stringify(longer)).not.toContain("fresh");
  });

  it("yield to what the body says", () => {
    expect(putBack({ a: 1 }, { own: { a: 2, b: 3 }, fields: {}, elements: [] })).toEqual({ a: 1, b: 3 });
  });

  it("come back below `properties` when the SDK has nothing to send there", () => {
    const wire: Wire = { name: "p", properties: { fresh: 1 } };
    expect(roundTrip(wire)).toEqual(wire);
  });

  it("do not bring back what the edit took out", () => {
    expect(
      putBack({}, { own: {}, fields: { sku: { own: { fresh: 1 }, fields: {}, elements: [] } }, elements: [] }),
    ).toEqual({});
  });

  it("are not keys whose case the SDK changes", () => {
    expect(setAside({ diskIOPSReadWrite: 5 }, { diskIopsReadWrite: 5 })).toBeUndefined();
  });
});

describe("what is remembered of a resource", () => {
  const learn = (of: UnknownProperties, etag: string, fresh: number | undefined): void =>
    of.learn("/Id", { etag, ...(fresh !== undefined && { fresh }) }, { etag });

  it("belongs to the version that a write was made from", () => {
    const properties = new UnknownProperties();
    learn(properties, "v2", 2);
    learn(properties, "v1", 1); // a list that was late
    expect(properties.of("/id", "v2")?.own).toEqual({ fresh: 2 });
    expect(properties.of("/id", "v1")?.own).toEqual({ fresh: 1 });
  });

  it("is nothing for a version that held nothing", () => {
    const properties = new UnknownProperties();
    learn(properties, "v1", 1);
    learn(properties, "v2", undefined);
    expect(properties.of("/id", "v2")).toBeUndefined();
  });

  it("is the newest read for a write that names no version", () => {
    const properties = new UnknownProperties();
    learn(properties, "v1", 1);
    learn(properties, "v2", 2);
    expect(properties.of("/id", undefined)?.own).toEqual({ fresh: 2 });
  });

  it("is forgotten with the resource", () => {
    const properties = new UnknownProperties();
    learn(properties, "v1", 1);
    properties.forget("/ID");
    expect(properties.of("/id", "v1")).toBeUndefined();
  });
});
