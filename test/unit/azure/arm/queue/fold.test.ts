import { describe, expect, it } from "vitest";
import { decide, fold, type Judgement } from "../../../../../src/azure/arm/queue/fold.ts";
import { drop, type Slices, set } from "../merge-queue.fixture.ts";

const judgement: Judgement<Slices> = { same: () => false, settle: () => "keep", rewrite: false };
const riders = (...edits: readonly ReturnType<typeof set>[]) => edits.map((edit) => ({ edit }));
const owners = (of: readonly { readonly edit: { readonly owner: string } }[]) => of.map(({ edit }) => edit.owner);

describe("fold", () => {
  it("applies by order, then by owner, comparing code units", () => {
    const seen: string[] = [];
    const logging = (owner: string, order: string) => ({
      edit: {
        owner,
        order,
        apply: (current: Slices | undefined) => {
          seen.push(owner);
          return { ...current, [owner]: "on" };
        },
      },
    });
    fold<Slices, ReturnType<typeof logging>>({}, [
      logging("é", "1"),
      logging("z", "1"),
      logging("Z", "1"),
      logging("a", "0"),
    ]);
    expect(seen).toEqual(["a", "Z", "z", "é"]);
  });

  it("keeps the identical object when nothing changes", () => {
    const base: Slices = { a: "on" };
    expect(fold(base, riders(set("a"), drop("b"))).value).toBe(base);
  });

  it("calls content only who would change nothing in the base itself", () => {
    const shared = (owner: string) => ({
      ...set("shared"),
      owner,
      order: owner,
    });
    expect(
      owners(
        fold<Slices, { edit: ReturnType<typeof set> }>({ x: "on" }, riders(shared("a"), shared("b"), set("x"))).content,
      ),
    ).toEqual(["x"]);
  });

  it("calls content who finds its wish in the base although an earlier rider changed something else", () => {
    expect(owners(fold({ b: "on" } as Slices, riders(set("a"), set("b"))).content)).toEqual(["b"]);
  });
});

describe("decide", () => {
  const verb = (
    base: Slices | undefined,
    edits: readonly ReturnType<typeof set>[],
    more: Partial<Judgement<Slices>> = {},
  ) => decide(base, riders(...edits), { ...judgement, ...more }).work?.verb ?? "nothing";
  const empty = { settle: (value: Slices) => (Object.keys(value).length === 0 ? "remove" : "keep") } as const;
  const cases: readonly { name: string; got: string; want: string }[] = [
    { name: "absent and left absent", got: verb(undefined, [drop("a")]), want: "nothing" },
    { name: "absent and wanted", got: verb(undefined, [set("a")]), want: "put" },
    {
      name: "absent and not worth keeping",
      got: verb(undefined, [{ ...set("a"), apply: () => ({}) }], empty),
      want: "nothing",
    },
    { name: "unchanged", got: verb({ a: "on" }, [set("a")]), want: "nothing" },
    { name: "unchanged but perhaps not in effect", got: verb({ a: "on" }, [set("a")], { rewrite: true }), want: "put" },
    {
      name: "changed and changed back",
      got: verb({ a: "on" }, [{ ...set("a", "2"), owner: "0", order: "0" }, set("a")], { same: () => true }),
      want: "nothing",
    },
    { name: "the last slice leaves", got: verb({ a: "on" }, [drop("a")], empty), want: "remove" },
    {
      name: "the last slice leaves and a new one comes",
      got: verb({ a: "on" }, [drop("a"), set("b")], empty),
      want: "put",
    },
    { name: "nothing can ride", got: verb({ a: "on" }, [], { rewrite: true }), want: "nothing" },
  ];
  for (const { name, got, want } of cases) it(`${name}: ${want}`, () => expect(got).toBe(want));

  it("a removal carries everybody, also who had nothing to change", () => {
    const { work, done } = decide<Slices, { edit: ReturnType<typeof set> }>({ a: "on" }, riders(drop("a"), drop("b")), {
      ...judgement,
      ...empty,
    });
    expect([owners(work?.riders ?? []), done]).toEqual([["a", "b"], []]);
  });
});
