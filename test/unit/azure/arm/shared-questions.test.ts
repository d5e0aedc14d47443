import { describe, expect, it } from "vitest";
import { SharedQuestions } from "../../../../src/azure/arm/shared-questions.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";

/** Questions over lists of so many pages; `answer` ends the list that is under way. */
function world(pages = 1) {
  const clock = new VirtualClock("manual", 0);
  const lists: PromiseWithResolvers<void>[] = [];
  const list = (): Promise<void> => {
    const one = Promise.withResolvers<void>();
    lists.push(one);
    return one.promise;
  };
  const questions = new SharedQuestions(clock, { list, pages: () => pages }, new AbortController().signal);
  let asked = 0;
  /** About another resource each time: `/1`, `/2` and so on. */
  const ask = (): Promise<boolean> => questions.ask(`/${++asked}`, new AbortController().signal);
  return { clock, lists, questions, ask };
}

describe("questions about single resources", () => {
  it("that come alone are asked directly", async () => {
    const { clock, lists, ask } = world();
    const asked = ask();
    await clock.advance(0);
    expect(await asked).toBe(false);
    expect(lists).toHaveLength(0);
  });

  it("that come together share one list", async () => {
    const { clock, lists, ask } = world();
    const asked = Array.from({ length: 100 }, ask);
    await clock.advance(0);
    expect(lists).toHaveLength(1);
    lists[0]?.resolve();
    expect(new Set(await Promise.all(asked))).toEqual(new Set([true]));
  });

  it("that come one after the other share a list from the second on, as behind a gate", async () => {
    const { clock, lists, ask } = world();
    const first = ask();
    await clock.advance(50);
    expect(await first).toBe(false);
    const second = ask();
    await clock.advance(50);
    expect(lists).toHaveLength(1);
    lists[0]?.resolve();
    expect(await second).toBe(true);
  });

  it.each([
    { when: "the one before has its answer", answered: ["/1"], laterMs: 50 },
    { when: "nobody has heard of the one before for long", answered: [], laterMs: 10_000 },
  ])("are alone again when $when", async ({ answered, laterMs }) => {
    const { clock, lists, questions, ask } = world();
    const first = ask();
    await clock.advance(0);
    expect(await first).toBe(false);
    for (const id of answered) questions.answered(id);
    await clock.advance(laterMs);
    const second = ask();
    await clock.advance(0);
    expect(await second).toBe(false);
    expect(lists).toHaveLength(0);
  });

  it("that come while a list is under way do not believe it", async () => {
    const { clock, lists, ask } = world();
    const early = [ask(), ask()];
    await clock.advance(0);
    const late = [ask(), ask()];
    await clock.advance(0);
    expect(lists).toHaveLength(2);
    lists[0]?.resolve();
    expect(await Promise.all(early)).toEqual([true, true]);
    lists[1]?.resolve();
    expect(await Promise.all(late)).toEqual([true, true]);
  });

  it("that are fewer than the pages of a list are asked directly", async () => {
    const { clock, lists, ask } = world(3);
    const asked = [ask(), ask(), ask()];
    await clock.advance(0);
    expect(await Promise.all(asked)).toEqual([false, false, false]);
    expect(lists).toHaveLength(0);
  });

  it("are asked directly when the list cannot be read", async () => {
    const { clock, lists, ask } = world();
    const asked = [ask(), ask()];
    await clock.advance(0);
    lists[0]?.reject(new Error("no list"));
    expect(await Promise.all(asked)).toEqual([false, false]);
  });

  it("are asked directly when the list comes late, and nothing is left of the wait when it comes in time", async () => {
    const { clock, lists, ask } = world();
    const late = [ask(), ask()];
    await clock.advance(7_299);
    expect(await Promise.race([late[0], Promise.resolve("waits")])).toBe("waits");
    await clock.advance(1);
    expect(await Promise.all(late)).toEqual([false, false]);
    const inTime = [ask(), ask()];
    await clock.advance(0);
    lists[1]?.resolve();
    expect(await Promise.all(inTime)).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  it("let a caller go at once", async () => {
    const { questions, clock } = world();
    const caller = new AbortController();
    const asked = questions.ask("/1", caller.signal);
    caller.abort(new Error("gone"));
    await expect(asked).rejects.toThrow("gone");
    await expect(questions.ask("/1", caller.signal)).rejects.toThrow("gone");
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });
});
