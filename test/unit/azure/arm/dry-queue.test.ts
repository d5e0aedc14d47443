import { describe, expect, it } from "vitest";
import { DryQueue } from "../../../../src/azure/arm/dry-queue.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import { drop, FakeArm, type Slices, set } from "./merge-queue.fixture.ts";

const settle = (value: Slices): "keep" | "remove" => (Object.keys(value).length === 0 ? "remove" : "keep");
const { signal } = new AbortController();

describe("dry queue", () => {
  const cases = [
    {
      name: "a create",
      base: undefined,
      edits: [set("a")],
      want: { verb: "create", before: undefined, after: { a: "on" } },
    },
    {
      name: "an update",
      base: { b: "on" },
      edits: [set("a")],
      want: { verb: "update", before: { b: "on" }, after: { b: "on", a: "on" } },
    },
    {
      name: "a removal",
      base: { a: "on" },
      edits: [drop("a")],
      want: { verb: "remove", before: { a: "on" }, after: undefined },
    },
    {
      name: "nothing",
      base: { a: "on" },
      edits: [set("a")],
      want: { verb: "nothing", before: { a: "on" }, after: { a: "on" } },
    },
    {
      name: "the newest edit of an owner",
      base: {},
      edits: [set("a", "1"), set("a", "2")],
      want: { verb: "update", before: {}, after: { a: "2" } },
    },
    {
      name: "edits in the order in which they came",
      base: {},
      edits: [set("b"), set("a")],
      want: { verb: "update", before: {}, after: { b: "on", a: "on" } },
    },
  ];
  for (const { name, base, edits, want } of cases) {
    it(`tells ${name}, and writes nothing`, async () => {
      const port = new FakeArm(base);
      const queue = new DryQueue<Slices>({ port, settle });
      for (const edit of edits) await queue.submit(edit, signal);
      const outcome = queue.outcome();
      const { verb, before, after } = outcome;
      expect({ verb, before: before?.value, after }).toEqual(want);
      expect(Object.keys(outcome.after ?? {})).toEqual(Object.keys(want.after ?? {}));
      expect([port.reads, port.writes.length]).toEqual([1, 0]);
    });
  }

  it("answers each caller with what the resource would be", async () => {
    const queue = new DryQueue<Slices>({ port: new FakeArm({ x: "on" }), settle });
    expect(await queue.submit(set("a"), signal)).toEqual({ value: { x: "on", a: "on" }, etag: "v1" });
    expect(await queue.submit(drop("x"), signal)).toEqual({ value: { a: "on" }, etag: "v1" });
    expect(await queue.submit(drop("a"), signal)).toBeUndefined();
  });

  it("shows a failed body as a write to come", async () => {
    const queue = new DryQueue<Slices>({ port: new FakeArm({ a: "on" }), inEffect: () => false });
    await queue.submit(set("a"), signal);
    expect(queue.outcome().verb).toBe("update");
  });

  it("an edit that throws rejects its caller and is left out", async () => {
    const queue = new DryQueue<Slices>({ port: new FakeArm({}), settle });
    const bad = set("a", "on", {
      apply: () => {
        throw new CloudError("InvalidArgument", "no such thing");
      },
    });
    await expect(queue.submit(bad, signal)).rejects.toMatchObject({ code: "InvalidArgument" });
    expect(await queue.submit(set("b"), signal)).toMatchObject({ value: { b: "on" } });
  });

  it("a read that failed is asked again", async () => {
    const port = new FakeArm({});
    port.readScript.push(new CloudError("Unavailable", "down"));
    const queue = new DryQueue<Slices>({ port });
    await expect(queue.submit(set("a"), signal)).rejects.toMatchObject({ code: "Unavailable" });
    expect((await queue.submit(set("a"), signal))?.value).toEqual({ a: "on" });
  });

  it("notes for whom each write would be, and passes over edits that change nothing", async () => {
    const queue = new DryQueue<Slices>({ port: new FakeArm({ a: "on" }), settle });
    for (const edit of [set("a"), set("b"), drop("a")]) await queue.submit(edit, signal);
    expect(queue.outcome().steps).toEqual([
      { owner: "b", before: { a: "on" }, after: { a: "on", b: "on" } },
      { owner: "a", before: { a: "on", b: "on" }, after: { b: "on" } },
    ]);
  });

  it("shows later edits what ARM would have made of the earlier ones", async () => {
    const completed = (value: Slices): Slices => ({ ...value, address: "240.0.0.1" });
    const queue = new DryQueue<Slices>({ port: new FakeArm(undefined), completed });
    await queue.submit(set("a"), signal);
    let seen: Slices | undefined;
    const look = set("b", "on", {
      apply: (current) => {
        seen = current;
        return current;
      },
    });
    await queue.submit(look, signal);
    expect(seen).toEqual({ a: "on", address: "240.0.0.1" });
    expect(queue.planned?.value).toEqual(seen);
  });

  it("prepares a removal before it counts", async () => {
    const prepared: Slices[] = [];
    const prepareRemoval = ({ value }: { readonly value: Slices }): Promise<void> => {
      prepared.push(value);
      return Promise.resolve();
    };
    const queue = new DryQueue<Slices>({ port: new FakeArm({ a: "on" }), settle, prepareRemoval });
    expect(await queue.submit(drop("a"), signal)).toBeUndefined();
    expect(prepared).toEqual([{ a: "on" }]);
    expect(queue.outcome().verb).toBe("remove");
  });
});
