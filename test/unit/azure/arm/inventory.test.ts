import { describe, expect, it } from "vitest";
import { type Listing, Shelf, type ShelfOptions } from "../../../../src/azure/arm/inventory.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";

interface Thing {
  readonly version: number;
}

/** A shelf whose lists the test answers by hand. */
function shelf(options: Pick<ShelfOptions<Thing>, "absenceInLists"> = {}) {
  const clock = new VirtualClock();
  let ticks = 0;
  const tick = (): number => ++ticks;
  const lists: {
    answer(things: Readonly<Record<string, number>>): Promise<void>;
    fail(error: Error): Promise<void>;
  }[] = [];
  const hurried: boolean[] = [];
  const list = (_: AbortSignal, forWrites: boolean): Promise<Listing<Thing>> => {
    hurried.push(forWrites);
    const since = tick();
    const atMs = clock.now();
    return new Promise((resolve, reject) => {
      lists.push({
        answer: async (things) => {
          const documents = Object.entries(things).map(([id, version]) => ({
            id,
            document: document(version),
            wire: undefined,
          }));
          resolve({ documents, since, atMs, pages: 1 });
          await clock.advance(0);
        },
        fail: async (error) => {
          reject(error);
          await clock.advance(0);
        },
      });
    });
  };
  const of = new Shelf<Thing>({ clock, list, tick, ttlMs: 60_000, absentTtlMs: 5_000, ...options });
  const never = new AbortController().signal;
  return { of, clock, tick, lists, hurried, never, all: () => of.list(never), get: (id: string) => of.get(id, never) };
}

function document(version: number) {
  return { value: { version }, etag: `v${version}` };
}

async function listed(things: Readonly<Record<string, number>>) {
  const s = shelf();
  const first = s.all();
  await s.lists[0]!.answer(things);
  await first;
  return s;
}

describe("the inventory", () => {
  it("shares one list among all who miss something", async () => {
    const s = shelf();
    const asked = [s.all(), s.get("/a"), s.get("/missing"), s.all()];
    expect(s.lists).toHaveLength(1);
    await s.lists[0]!.answer({ "/a": 1 });
    const [all, a, missing] = await Promise.all(asked);
    expect(all).toEqual([{ version: 1 }]);
    expect(a).toMatchObject({ etag: "v1" });
    expect(missing).toBeUndefined();
    expect(s.lists).toHaveLength(1);
  });

  it("asks nothing while what it knows is fresh, and once when it is not", async () => {
    const s = await listed({ "/a": 1 });
    await s.clock.advance(60_000);
    expect(await s.get("/A")).toMatchObject({ etag: "v1" });
    expect(s.lists).toHaveLength(1);
    await s.clock.advance(1);
    void s.get("/a");
    void s.all();
    expect(s.lists).toHaveLength(2);
  });

  it("remembers that something is not there, for a while", async () => {
    const s = await listed({});
    expect(await s.get("/a")).toBeUndefined();
    await s.clock.advance(5_000);
    expect(await s.get("/a")).toBeUndefined();
    expect(s.lists).toHaveLength(1);
    await s.clock.advance(1);
    void s.get("/a");
    void s.get("/b");
    expect(s.lists).toHaveLength(2);
  });

  it("serves a doubt with a list that began after it, one for all doubts", async () => {
    const s = shelf();
    void s.all();
    const doubts = [s.of.refresh(s.never), s.of.refresh(s.never)];
    expect(s.lists).toHaveLength(1);
    await s.lists[0]!.answer({ "/a": 1 });
    expect(s.lists).toHaveLength(2);
    await s.lists[1]!.answer({ "/a": 2 });
    expect(await Promise.all(doubts)).toEqual([[{ version: 2 }], [{ version: 2 }]]);
    expect(s.lists).toHaveLength(2);
  });

  it("no answer replaces one that started later: a list that began before a write was confirmed", async () => {
    const s = await listed({ "/a": 1 });
    const refreshing = s.of.refresh(s.never);
    s.of.learn("/a", document(2), s.tick());
    await s.lists[1]!.answer({ "/a": 1 });
    await refreshing;
    expect(await s.get("/a")).toMatchObject({ etag: "v2" });
  });

  it("no answer replaces one that started later: a read that was sent before another", async () => {
    const s = shelf();
    const [early, late] = [s.tick(), s.tick()];
    s.of.learn("/a", document(2), late);
    s.of.learn("/a", document(1), early);
    expect(s.of.peek("/a")).toMatchObject({ etag: "v2" });
  });

  it("no answer replaces one that started later: a read that began before a list that does not hold it", async () => {
    const s = shelf();
    const early = s.tick();
    const all = s.all();
    await s.lists[0]!.answer({});
    await all;
    s.of.learn("/a", undefined, early);
    s.of.learn("/b", document(1), s.tick());
    expect(s.of.peek("/a")).toBeUndefined();
    expect(s.of.peek("/b")).toMatchObject({ etag: "v1" });
  });

  it("absence from a list never removes what was written after the list began", async () => {
    const s = await listed({});
    const refreshing = s.of.refresh(s.never);
    s.of.learn("/new", document(1), s.tick());
    await s.lists[1]!.answer({});
    expect(await refreshing).toEqual([{ version: 1 }]);
  });

  it("absence from a list that began later removes", async () => {
    const s = await listed({ "/a": 1 });
    s.of.learn("/a", document(2), s.tick());
    const refreshing = s.of.refresh(s.never);
    await s.lists[1]!.answer({});
    expect(await refreshing).toEqual([]);
    expect(s.of.peek("/a")).toBeUndefined();
  });

  it("a list that began before a DELETE was confirmed does not bring it back", async () => {
    const s = await listed({ "/a": 1 });
    const refreshing = s.of.refresh(s.never);
    s.of.learn("/a", undefined, s.tick());
    await s.lists[1]!.answer({ "/a": 1 });
    expect(await refreshing).toEqual([]);
  });

  it("a list that fails is an error to all who wait, and what was known stays", async () => {
    const s = await listed({ "/a": 1 });
    const refreshing = s.of.refresh(s.never);
    const failure = expect(refreshing).rejects.toThrow("page two");
    await s.lists[1]!.fail(new Error("page two"));
    await failure;
    expect(s.of.peek("/a")).toMatchObject({ etag: "v1" });
  });

  it("the next who asks after a failed list gets a new one", async () => {
    const s = shelf();
    const failure = expect(s.all()).rejects.toThrow("no");
    await s.lists[0]!.fail(new Error("no"));
    await failure;
    const again = s.all();
    await s.lists[1]!.answer({ "/a": 1 });
    expect(await again).toHaveLength(1);
  });

  it("a caller who aborts leaves the list to the others", async () => {
    const s = shelf();
    const caller = new AbortController();
    const aborted = s.of.list(caller.signal);
    const other = s.all();
    caller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    await s.lists[0]!.answer({ "/a": 1 });
    expect(await other).toHaveLength(1);
  });

  it("believes nothing that is in doubt until something newer is known", async () => {
    const s = await listed({ "/a": 1 });
    const before = s.tick();
    s.of.doubt("/a");
    s.of.doubt("/never-seen");
    expect(s.of.peek("/a")).toBe("unknown");
    expect(s.of.peek("/never-seen")).toBe("unknown");
    s.of.learn("/a", document(1), before); // asked before the doubt: settles nothing
    expect(s.of.peek("/a")).toBe("unknown");
    s.of.learn("/a", document(2), s.tick());
    expect(s.of.peek("/a")).toMatchObject({ etag: "v2" });
  });

  it("settles a doubt about one with a list that began after it, not with the one that is under way", async () => {
    const s = await listed({ "/a": 1 });
    void s.of.refresh(s.never);
    s.of.doubt("/a");
    const asked = s.get("/a");
    await s.lists[1]!.answer({ "/a": 1 });
    await s.lists[2]?.answer({});
    expect(await asked).toBeUndefined();
  });

  it("starts nothing for who has aborted, and a list that fails then is nobody's unhandled error", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const s = shelf();
    const first = s.all().catch(() => {});
    await expect(s.of.refresh(AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    await s.lists[0]!.fail(new Error("no list"));
    await s.lists[1]?.fail(new Error("no list"));
    await first;
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
    expect(s.lists).toHaveLength(1);
  });

  it("hurries the next list when one of those who wait for it waits with a write", async () => {
    const s = shelf();
    void s.all();
    void s.of.refresh(s.never);
    const looking = [s.of.lookAgain("/a", s.never), s.of.lookAgain("/b", s.never)];
    await s.clock.advance(0);
    await s.lists[0]!.answer({});
    await s.lists[1]!.answer({ "/a": 1 });
    await Promise.all(looking);
    expect(s.hurried).toEqual([false, true]);
  });

  it("lists in order of id", async () => {
    const s = await listed({ "/c": 3, "/a": 1, "/B": 2 });
    expect(await s.all()).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });

  it("lists the same array until something changes, and then another one", async () => {
    const s = await listed({ "/a": 1, "/b": 2 });
    const first = await s.all();
    s.of.doubt("/a");
    expect(await s.all()).toBe(first);
    s.of.learn("/a", document(3), s.tick());
    const second = await s.all();
    expect(second).toEqual([{ version: 3 }, { version: 2 }]);
    expect(first).toEqual([{ version: 1 }, { version: 2 }]);
    s.of.learn("/b", undefined, s.tick());
    expect(await s.all()).toEqual([{ version: 3 }]);
  });

  it("with a negative time to live believes nothing", async () => {
    const clock = new VirtualClock();
    let lists = 0;
    const of = new Shelf<Thing>({
      clock,
      list: () => Promise.resolve({ documents: [], since: ++lists, atMs: clock.now(), pages: 1 }),
      tick: () => lists,
      ttlMs: -1,
      absentTtlMs: 5_000,
    });
    await of.list(new AbortController().signal);
    await of.list(new AbortController().signal);
    expect(lists).toBe(2);
  });
});

describe("questions to the inventory that many ask at once", () => {
  /** A shelf that knows its list, and questions that come together, with the answer to the list they share. */
  async function asking(
    things: Readonly<Record<string, number>>,
    work: (s: ReturnType<typeof shelf>) => Promise<unknown>[],
  ) {
    const s = shelf({ absenceInLists: true });
    const first = s.all();
    await s.lists[0]!.answer({ "/known": 1 });
    await first;
    const answers = work(s);
    await s.clock.advance(0);
    await s.lists[1]?.answer(things);
    return { answers: await Promise.all(answers), lists: s.lists.length };
  }

  it("prove absence with one list", async () => {
    const { answers, lists } = await asking({}, ({ of, never, tick }) => [
      of.isAbsent("/a", tick(), never),
      of.isAbsent("/b", tick(), never),
    ]);
    expect(answers).toEqual([true, true]);
    expect(lists).toBe(2);
  });

  it("do not prove it for what the list shows", async () => {
    const { answers } = await asking({ "/b": 1 }, ({ of, never, tick }) => [
      of.isAbsent("/a", tick(), never),
      of.isAbsent("/b", tick(), never),
    ]);
    expect(answers).toEqual([true, false]);
  });

  it("do not prove it for what a direct answer has shown, until one has shown that it is gone", async () => {
    const { answers } = await asking({}, ({ of, never, tick }) => {
      of.learn("/made", document(1), tick());
      of.learn("/deleted", document(1), tick());
      of.learn("/deleted", undefined, tick());
      return ["/made", "/deleted", "/other"].map((id) => of.isAbsent(id, tick(), never));
    });
    expect(answers).toEqual([false, true, true]);
  });

  it("do not prove it for what a direct answer shows while the list is under way", async () => {
    const s = shelf({ absenceInLists: true });
    const sent = s.tick();
    const asked = ["/a", "/b"].map((id) => s.of.isAbsent(id, 0, s.never));
    await s.clock.advance(0);
    s.of.learn("/a", document(1), sent);
    await s.lists[0]!.answer({}); // it lags
    expect(await Promise.all(asked)).toEqual([false, true]);
  });

  it("prove nothing alone, nor for a type whose lists prove nothing", async () => {
    const { answers, lists } = await asking({}, ({ of, never, tick }) => [of.isAbsent("/a", tick(), never)]);
    expect(answers).toEqual([false]);
    expect(lists).toBe(1);
    const s = shelf();
    const asked = [s.of.isAbsent("/a", s.tick(), s.never), s.of.isAbsent("/b", s.tick(), s.never)];
    await s.clock.advance(0);
    expect(await Promise.all(asked)).toEqual([false, false]);
    expect(s.lists).toHaveLength(0);
  });

  it("are answered by a list that began since, while it is recent", async () => {
    const s = shelf({ absenceInLists: true });
    const since = s.tick();
    const listed = s.all();
    await s.lists[0]!.answer({ "/known": 1 });
    await listed;
    expect(await s.of.isAbsent("/a", since, s.never)).toBe(true);
    expect(await s.of.isAbsent("/known", since, s.never)).toBe(false);
    await s.clock.advance(6_000);
    const late = s.of.isAbsent("/a", since, s.never);
    await s.clock.advance(0);
    expect(await late).toBe(false);
    expect(s.lists).toHaveLength(1);
  });

  it("bring the newest version, and nothing for what the list does not show", async () => {
    const { answers } = await asking({ "/known": 2 }, ({ of, never }) => [
      of.lookAgain("/known", never),
      of.lookAgain("/missing", never),
    ]);
    expect(answers).toEqual([document(2), undefined]);
  });
});
