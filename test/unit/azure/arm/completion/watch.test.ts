import { describe, expect, it } from "vitest";
import { type Sighting, Watch, type WireList } from "../../../../../src/azure/arm/completion/watch.ts";
import { VirtualClock } from "../../../../../src/base/virtual-clock.ts";

interface WorldOptions {
  readonly pages?: number;
  /** How long a list takes, milliseconds. */
  readonly listMs?: number;
  readonly fails?: boolean;
}

/** A watch over things that are `"done"` from an instant on, and a journal of its lists. */
function world({ pages = 1, listMs = 0, fails = false }: WorldOptions = {}) {
  const clock = new VirtualClock("manual", 0);
  const doneAt = new Map<string, number>();
  const lists: number[] = [];
  const life = new AbortController();
  const list = async (signal: AbortSignal): Promise<WireList> => {
    lists.push(clock.now());
    const wire = (id: string): string => (clock.now() >= (doneAt.get(id) ?? 0) ? "done" : "running");
    const documents = [...doneAt.keys()].map((id) => ({ id, wire: wire(id) }));
    if (listMs > 0) await clock.sleep(listMs, signal);
    if (fails) throw new Error("no list");
    return { documents, pages, since: lists.length };
  };
  const watch = new Watch(clock, { list, pages: () => pages }, life.signal);
  const seen: { readonly id: string; readonly atMs: number; readonly sighting: Sighting | Error }[] = [];
  const look = (id: string, dueMs: number, signal: AbortSignal = new AbortController().signal): void => {
    const isAnswer = (copy: unknown): boolean => copy === "done";
    watch.look({ id, dueMs, isAnswer }, signal).then(
      (sighting) => seen.push({ id, atMs: clock.now(), sighting }),
      (error: Error) => seen.push({ id, atMs: clock.now(), sighting: error }),
    );
  };
  return { clock, doneAt, lists, look, seen, life };
}

function copyIn(sighting: Sighting | Error): unknown {
  if (sighting instanceof Error) return sighting.message;
  return sighting === "alone" ? "alone" : (sighting.copy ?? "absent");
}

const copies = (of: ReturnType<typeof world>): Record<string, unknown> =>
  Object.fromEntries(of.seen.map(({ id, sighting }) => [id, copyIn(sighting)]));

describe("a watch", () => {
  it("tells a lone one to look for itself, when it is due", async () => {
    const w = world();
    w.doneAt.set("/a", 0);
    w.look("/a", 1_000);
    await w.clock.advance(999);
    expect(w.seen).toEqual([]);
    await w.clock.advance(1);
    expect(w.seen).toEqual([{ id: "/a", atMs: 1_000, sighting: "alone" }]);
    expect(w.lists).toEqual([]);
  });

  it("looks at a hundred with one list", async () => {
    const w = world();
    const ids = Array.from({ length: 100 }, (_, index) => `/${index}`);
    for (const id of ids) w.doneAt.set(id, 500);
    for (const id of ids) w.look(id, 1_000);
    await w.clock.advance(1_000);
    expect(w.lists).toEqual([1_000]);
    expect(w.seen).toHaveLength(100);
    expect(new Set(Object.values(copies(w)))).toEqual(new Set(["done"]));
  });

  it("answers those that are done before they are due, and lets the others wait until they are", async () => {
    const w = world();
    w.doneAt.set("/a", 5_000).set("/b", 500).set("/c", 5_000);
    w.look("/a", 1_000);
    w.look("/b", 1_900);
    w.look("/c", 1_900);
    await w.clock.advance(1_000);
    expect(copies(w)).toEqual({ "/a": "running", "/b": "done" });
    await w.clock.advance(900);
    expect(w.seen.at(-1)).toEqual({ id: "/c", atMs: 1_900, sighting: "alone" });
  });

  it("says of one that the list does not show that it is not in it", async () => {
    const w = world();
    w.doneAt.set("/a", 0);
    w.look("/a", 100);
    w.look("/missing", 100);
    await w.clock.advance(100);
    expect(copies(w)).toEqual({ "/a": "done", "/missing": "absent" });
  });

  it("finds a resource however its id is spelled", async () => {
    const w = world();
    w.doneAt.set("/SUBSCRIPTIONS/S/a", 0).set("/b", 0);
    w.look("/subscriptions/s/A", 100);
    w.look("/b", 100);
    await w.clock.advance(100);
    expect(copies(w)).toEqual({ "/subscriptions/s/A": "done", "/b": "done" });
  });

  it("does not believe a list that began before the question", async () => {
    const w = world({ listMs: 100 });
    w.doneAt.set("/a", 0).set("/b", 0).set("/late", 0).set("/later", 0);
    w.look("/a", 100);
    w.look("/b", 100);
    await w.clock.advance(150);
    w.look("/late", 150);
    w.look("/later", 150);
    await w.clock.advance(50);
    expect(Object.keys(copies(w))).toEqual(["/a", "/b"]);
    await w.clock.advance(1_000);
    expect(w.lists).toEqual([100, 400]);
    expect(Object.keys(copies(w))).toEqual(["/a", "/b", "/late", "/later"]);
  });

  it("keeps lists apart: writes that were accepted one after the other share them", async () => {
    const w = world();
    for (let at = 0; at < 3_000; at += 50) {
      w.doneAt.set(`/${at}`, at + 1_000);
      w.look(`/${at}`, at + 1_000);
    }
    await w.clock.advance(5_000);
    expect(w.seen).toHaveLength(60);
    expect(w.lists.length).toBeLessThanOrEqual(11);
    for (const { id, atMs } of w.seen) expect(atMs - Number(id.slice(1))).toBeLessThanOrEqual(1_300);
  });

  it("does not take a list of many pages for a few", async () => {
    const w = world({ pages: 7 });
    for (const id of ["/a", "/b", "/c", "/d", "/e", "/f"]) w.look(id, 100);
    await w.clock.advance(100);
    expect(w.lists).toEqual([]);
    expect(new Set(Object.values(copies(w)))).toEqual(new Set(["alone"]));
  });

  it("keeps nobody waiting for a list that cannot be read", async () => {
    const w = world({ fails: true });
    w.look("/a", 100);
    w.look("/b", 100);
    w.look("/c", 900);
    await w.clock.advance(100);
    expect(copies(w)).toEqual({ "/a": "alone", "/b": "alone" });
    await w.clock.advance(800);
    expect(copies(w)).toEqual({ "/a": "alone", "/b": "alone", "/c": "alone" });
  });

  it("keeps nobody waiting for a list that comes late: who is due looks alone, and it still answers the others", async () => {
    const w = world({ listMs: 60_000 });
    w.doneAt.set("/a", 0).set("/b", 0).set("/c", 0).set("/d", 0);
    w.look("/a", 100);
    w.look("/b", 100);
    w.look("/c", 12_000);
    w.look("/d", 70_000);
    await w.clock.advance(11_399); // three seconds, and two for each of the four requests that the list would spare
    expect(w.seen).toEqual([]);
    await w.clock.advance(1);
    expect(copies(w)).toEqual({ "/a": "alone", "/b": "alone" });
    w.look("/a", 11_500); // still running when looked at alone
    await w.clock.advance(100);
    expect(w.seen.at(-1)).toEqual({ id: "/a", atMs: 11_500, sighting: "alone" });
    await w.clock.advance(500);
    expect(w.seen.at(-1)).toEqual({ id: "/c", atMs: 12_000, sighting: "alone" });
    await w.clock.advance(48_100);
    expect(w.seen.at(-1)).toMatchObject({ id: "/d", atMs: 60_100, sighting: { copy: "done" } });
    expect(w.lists).toEqual([100]);
    expect(w.clock.pending).toBe(0);
  });

  it("waits longer for a list of many pages", async () => {
    const w = world({ listMs: 25_900, pages: 10 });
    for (let each = 0; each < 10; each++) w.look(`/${each}`, 100);
    await w.clock.advance(26_000);
    expect(new Set(Object.values(copies(w)))).toEqual(new Set(["absent"]));
  });

  it("lets a caller go at once, and leaves no timer", async () => {
    const w = world();
    const caller = new AbortController();
    w.look("/a", 1_000, caller.signal);
    caller.abort(new Error("gone"));
    await w.clock.advance(0);
    expect(copies(w)).toEqual({ "/a": "gone" });
    expect(w.clock.pending).toBe(0);
    w.look("/b", 1_000, AbortSignal.abort(new Error("never came")));
    await w.clock.advance(0);
    expect(copies(w)).toEqual({ "/a": "gone", "/b": "never came" });
  });

  it("that ends in the middle of a list tells everybody to look for themselves", async () => {
    const w = world({ listMs: 1_000 });
    w.look("/a", 100);
    w.look("/b", 100);
    await w.clock.advance(200);
    w.life.abort(new Error("closed"));
    await w.clock.advance(0);
    expect(copies(w)).toEqual({ "/a": "alone", "/b": "alone" });
    expect(w.clock.pending).toBe(0);
  });
});
