import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { Document } from "../../../../src/azure/arm/port.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import {
  conflicted,
  drop,
  harness,
  lost,
  type Slices,
  set,
  settled,
  standing,
  standings,
  unprovisioned,
  wait,
} from "./merge-queue.fixture.ts";

const foreign = { theirs: "kept" };
const settle = (value: Slices): "keep" | "remove" => (Object.keys(value).length === 0 ? "remove" : "keep");

describe("merge queue: callers that leave", () => {
  it("an edit that no write carries yet is withdrawn", async () => {
    const { arm, queue, go } = harness(foreign);
    arm.hold();
    const first = go(set("a"));
    await settled();
    const leaving = new AbortController();
    const left = go(set("b"), leaving.signal);
    leaving.abort(new Error("left"));
    expect(await standing(left)).toBe("left");
    await arm.release();
    await first;
    await settled();
    expect(arm.writes).toHaveLength(1);
    expect(queue.idle).toBe(true);
  });

  it("the edit stays while another caller of the same owner waits", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    const first = go(set("x"));
    await settled();
    const leaving = new AbortController();
    const stays = go(set("a", "1"));
    const left = go(set("a", "2"), leaving.signal);
    leaving.abort(new Error("left"));
    await arm.release();
    await first;
    expect(await stays).toEqual({ theirs: "kept", x: "on", a: "2" });
    expect(await standing(left)).toBe("left");
  });

  it("once sent, the caller is answered at once and the write is followed to its end for the others", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    const leaving = new AbortController();
    const [left, stays] = [go(set("a"), leaving.signal), go(set("b"))];
    await settled();
    leaving.abort(new Error("left"));
    expect(await standings([left, stays])).toEqual(["left", "waiting"]);
    await arm.release();
    expect(await stays).toEqual({ theirs: "kept", a: "on", b: "on" });
  });

  it("an edit whose callers left while it was refused is not sent again", async () => {
    const { arm, clock, go } = harness(foreign);
    arm.script.push({ failure: wait("busy", 1000) });
    const leaving = new AbortController();
    const [left, stays] = [go(set("a"), leaving.signal), go(set("b"))];
    await settled();
    leaving.abort(new Error("left"));
    await clock.advance(1000);
    await Promise.allSettled([left, stays]);
    expect(arm.current?.value).toEqual({ theirs: "kept", b: "on" });
  });

  it("nothing listens to a caller's signal any more when it has its answer", async () => {
    const { go } = harness(foreign);
    const { signal } = new AbortController();
    await go(set("a"), signal);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("a caller that comes with an aborted signal changes nothing", async () => {
    const { arm, go } = harness(foreign);
    expect(await standing(go(set("a"), AbortSignal.abort(new Error("left"))))).toBe("left");
    expect(arm.writes).toHaveLength(0);
  });
});

describe("merge queue: removal", () => {
  it("when settle says that what is left may go, the resource is deleted, not written empty", async () => {
    const { arm, view, go } = harness({ a: "on" }, { settle });
    expect(await go(drop("a"))).toBeUndefined();
    expect(arm.writes).toEqual([{ verb: "remove", body: undefined, condition: { ifMatch: "v1" } }]);
    expect(view.cached()).toBeUndefined();
  });

  it("without settle nothing is ever deleted", async () => {
    const { arm, go } = harness({ a: "on" });
    await go(drop("a"));
    expect(arm.current?.value).toEqual({});
  });

  it("a create in the same batch keeps the resource", async () => {
    const { arm, go } = harness({ a: "on" }, { settle });
    await Promise.all([go(drop("a")), go(set("b"))]);
    expect(arm.writes.map((write) => write.verb)).toEqual(["put"]);
  });

  it("an absent resource that would be left empty is not created", async () => {
    const { arm, go } = harness(undefined, { settle });
    expect(await go({ owner: "a", order: "a", apply: () => ({}) })).toBeUndefined();
    expect(arm.writes).toHaveLength(0);
  });

  it("a foreign write that comes first keeps the resource", async () => {
    const { arm, go } = harness({ a: "on" }, { settle });
    arm.foreignWrite({ a: "on", theirs: "new" });
    expect(await go(drop("a"))).toEqual({ theirs: "new" });
    expect(arm.writes.map((write) => write.verb)).toEqual(["remove", "put"]);
  });

  it("a lost DELETE that took effect ends well, one that did not is sent again", async () => {
    for (const commit of [true, false]) {
      const { arm, queue, go } = harness({ a: "on" }, { settle });
      arm.script.push({ failure: lost, commit });
      expect(await go(drop("a"))).toBeUndefined();
      expect(arm.writes).toHaveLength(commit ? 1 : 2);
      await settled();
      expect(queue.idle).toBe(true);
    }
  });

  it("a create that comes while the DELETE is in flight waits for it, reads, and creates anew", async () => {
    const { arm, go } = harness({ a: "on" }, { settle });
    arm.hold();
    const gone = go(drop("a"));
    await settled();
    const made = go(set("b"));
    expect(await standing(made)).toBe("waiting");
    await arm.release();
    expect(await gone).toBeUndefined();
    expect(await made).toEqual({ b: "on" });
    expect(arm.writes.map((write) => write.condition)).toEqual([{ ifMatch: "v1" }, { ifNoneMatch: "*" }]);
    expect(arm.reads).toBe(1);
  });

  it("the steps before a DELETE run first, and the resource is read again after them", async () => {
    const { arm, go } = harness(
      { a: "on" },
      {
        settle,
        prepareRemoval: async (document: Document<Slices>) => {
          expect(document.etag).toBe("v1");
          arm.foreignWrite({ a: "on" }); // members that leave change the etag
        },
      },
    );
    await go(drop("a"));
    expect(arm.writes).toEqual([{ verb: "remove", body: undefined, condition: { ifMatch: "v2" } }]);
  });

  it("a create that comes during those steps cancels them, and nothing is deleted", async () => {
    let cancelled = false;
    const { arm, go } = harness(
      { a: "on" },
      {
        settle,
        prepareRemoval: (_document, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              cancelled = true;
              reject(signal.reason as Error);
            });
          }),
      },
    );
    const gone = go(drop("a"));
    await settled();
    const made = go(set("b"));
    expect(await gone).toEqual({ b: "on" });
    expect(await made).toEqual({ b: "on" });
    expect(cancelled).toBe(true);
    expect(arm.writes.map((write) => write.verb)).toEqual(["put"]);
  });

  it("a create that comes between those steps and the DELETE cancels it too", async () => {
    const admissions: (() => void)[] = [];
    const { arm, go } = harness(
      { a: "on" },
      {
        settle,
        prepareRemoval: () => Promise.resolve(),
        admit: () => new Promise((resolve) => admissions.push(resolve)),
      },
    );
    const gone = go(drop("a"));
    await settled();
    const made = go(set("b"));
    admissions[0]?.();
    await Promise.all([gone, made]);
    expect(arm.writes.map((write) => write.verb)).toEqual(["put"]);
  });

  it("what was prepared counts for one DELETE only, and not after a newer edit", async () => {
    let prepared = 0;
    let during = async (): Promise<void> => {};
    const { arm, go } = harness(
      { a: "on" },
      {
        settle,
        prepareRemoval: () => {
          prepared++;
          return during();
        },
      },
    );
    during = async () => {
      during = () => Promise.resolve();
      void go(drop("b"));
      await settled(); // steps that do not listen to their signal
    };
    await go(drop("a"));
    expect([prepared, arm.writes.length]).toEqual([2, 1]);
    await go(set("a"));
    await go(drop("a"));
    expect(prepared).toBe(3);
  });

  it("a create that comes after the steps makes them count for nothing, though it leaves again", async () => {
    const admissions: (() => void)[] = [];
    let prepared = 0;
    const { arm, go } = harness(
      { a: "on" },
      {
        settle,
        prepareRemoval: async () => void prepared++,
        admit: () => new Promise((resolve) => admissions.push(resolve)),
      },
    );
    const gone = go(drop("a"));
    await settled();
    const leaving = new AbortController();
    const made = go(set("b"), leaving.signal);
    leaving.abort(new Error("left"));
    admissions[0]?.();
    await settled();
    expect([prepared, arm.writes.length]).toEqual([2, 0]);
    admissions[1]?.();
    await Promise.allSettled([gone, made]);
    expect(arm.writes.map((write) => write.verb)).toEqual(["remove"]);
  });

  it("a write that becomes a removal while it waits for its token is prepared first", async () => {
    const told: string[] = [];
    const admissions: (() => void)[] = [];
    const { arm, go } = harness(
      { a: "on" },
      {
        settle,
        prepareRemoval: async () => void told.push("prepared"),
        admit: ({ verb }) => {
          told.push(verb);
          return new Promise((resolve) => admissions.push(resolve));
        },
      },
    );
    const all = [go(set("a", "2"))];
    await settled();
    all.push(go(drop("a")));
    admissions[0]?.();
    await settled();
    admissions[1]?.();
    await Promise.all(all);
    expect(told).toEqual(["put", "prepared", "remove"]);
    expect(arm.writes.map((write) => write.verb)).toEqual(["remove"]);
  });

  it("steps that fail delete nothing and fail the callers", async () => {
    const { arm, go } = harness(
      { a: "on" },
      { settle, prepareRemoval: () => Promise.reject(new CloudError("Locked", "link is locked")) },
    );
    expect(await standing(go(drop("a")))).toBe("Locked");
    expect(arm.writes).toHaveLength(0);
  });
});

describe("merge queue: stopping and fencing", () => {
  it("drops what waits, finishes what was sent, takes nothing more", async () => {
    const { arm, queue, go } = harness(foreign);
    arm.hold();
    const sent = go(set("a"));
    await settled();
    const waiting = go(set("b"));
    const stopping = queue.stop();
    expect(await standings([sent, waiting, go(set("c")), stopping])).toEqual([
      "waiting",
      "Aborted",
      "Aborted",
      "waiting",
    ]);
    await arm.release();
    await stopping;
    expect(await standing(sent)).toBe("done");
    expect(arm.writes).toHaveLength(1);
  });

  for (const [name, failure] of [
    ["a conflict", conflicted],
    ["a lost answer", lost],
    ["a wait", wait("busy", 10)],
    ["an unprovisioned resource", unprovisioned("/p")],
  ] as const) {
    it(`sends nothing again after ${name}`, async () => {
      const { arm, clock, queue, go } = harness(foreign);
      arm.hold();
      arm.script.push({ failure });
      const sent = go(set("a"));
      await settled();
      const stopping = queue.stop();
      await arm.release();
      await stopping;
      await clock.advance(60_000);
      expect(await standing(sent)).toBe("Aborted");
      expect(arm.writes).toHaveLength(1);
    });
  }

  it("ends a pause, an admission, a repair and a preparation at once", async () => {
    const never = (_: unknown, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    const pausing = harness(foreign);
    pausing.arm.script.push({ failure: wait("busy", 60_000) });
    const admitting = harness(foreign, { admit: never });
    const repairing = harness(foreign, { repair: never });
    repairing.arm.script.push({ failure: unprovisioned("/p") });
    const preparing = harness({ a: "on" }, { settle, prepareRemoval: never });
    for (const [{ arm, clock, queue, go }, edit] of [
      [pausing, set("a")],
      [admitting, set("a")],
      [repairing, set("a")],
      [preparing, drop("a")],
    ] as const) {
      const promise = go(edit);
      await settled();
      await clock.advance(2000);
      const before = arm.writes.length;
      await queue.stop();
      expect(await standing(promise)).toBe("Aborted");
      expect(arm.writes).toHaveLength(before);
      expect(clock.pending).toBe(0);
    }
  });

  it("the end of the process also gives up on what was sent", async () => {
    const life = new AbortController();
    const { arm, go } = harness(foreign, { life: life.signal });
    arm.hold();
    const sent = go(set("a"));
    await settled();
    const waiting = go(set("b"));
    life.abort(new Error("killed"));
    expect(await standings([sent, waiting, go(set("c"))])).toEqual(["Aborted", "Aborted", "Aborted"]);
    expect(arm.writes).toHaveLength(1);
  });

  it("an idle queue is not held by the process it lives in", async () => {
    const life = new AbortController();
    const { go, queue } = harness(foreign, { life: life.signal });
    expect(getEventListeners(life.signal, "abort")).toHaveLength(0);
    const sent = go(set("a"));
    expect(getEventListeners(life.signal, "abort")).toHaveLength(1);
    await sent;
    await settled();
    expect(queue.idle).toBe(true);
    expect(getEventListeners(life.signal, "abort")).toHaveLength(0);
  });

  it("the end of the process reaches those who are parked", async () => {
    const life = new AbortController();
    const { arm, go, clock } = harness(foreign, { life: life.signal });
    arm.script.push({ failure: unprovisioned("/pip") });
    const parked = go(set("a", "on", { mentions: ["/pip"] }));
    await settled();
    life.abort(new Error("killed"));
    expect(await standing(parked)).toBe("Aborted");
    expect(clock.pending).toBe(0);
  });

  it("a queue of a process that has ended takes nothing", async () => {
    const { arm, go } = harness(foreign, { life: AbortSignal.abort() });
    expect(await standing(go(set("a")))).toBe("Aborted");
    expect(arm.writes).toHaveLength(0);
  });

  it("sends nothing, deletions included, unless the fence is open", async () => {
    const closed = { mayWrite: () => false, settle };
    const writing = harness(foreign, closed);
    expect(await standing(writing.go(set("a")))).toBe("Aborted");
    const removing = harness({ a: "on" }, closed);
    expect(await standing(removing.go(drop("a")))).toBe("Aborted");
    expect([...writing.arm.writes, ...removing.arm.writes]).toEqual([]);
  });

  it("asks the fence before each write, not once", async () => {
    let leased = true;
    const { arm, clock, go } = harness(foreign, { mayWrite: () => leased });
    arm.script.push({ failure: wait("busy", 1000) });
    const promise = go(set("a"));
    await settled();
    leased = false;
    await clock.advance(1000);
    expect(await standing(promise)).toBe("Aborted");
    expect(arm.writes).toHaveLength(1);
  });
});

describe("merge queue: what it tells", () => {
  it("teaches the view every read and confirmed write, and doubts it after a conflict", async () => {
    const taught: string[] = [];
    const { arm, clock, go } = harness(undefined, {
      view: {
        cached: () => "unknown",
        learned: (document, asOfMs) => taught.push(`${document?.etag ?? "absent"} ${asOfMs - start}`),
        doubted: () => taught.push("doubt"),
      },
    });
    const start = clock.now();
    arm.hold();
    arm.script.push({ failure: conflicted });
    const promise = go(set("a"));
    await settled();
    await clock.advance(500);
    await arm.release();
    await promise;
    expect(taught).toEqual(["absent 0", "doubt", "absent 500", "v1 500"]);
  });

  it("reports the life of a batch", async () => {
    const { arm, clock, go, events } = harness(foreign);
    arm.hold();
    arm.script.push({ failure: lost });
    const all = [go(set("b")), go(set("a"))];
    await settled();
    await clock.advance(250);
    await arm.release();
    await Promise.all(all);
    const about = { riders: ["a", "b"], verb: "put" };
    expect(events).toEqual([
      { kind: "writing", ...about, attempt: 1 },
      { kind: "failed", ...about, attempt: 1, ms: 250, failure: lost },
      { kind: "waiting", riders: ["a", "b"], because: "lost", ms: 0, error: lost.error },
      { kind: "writing", ...about, attempt: 2 },
      { kind: "confirmed", ...about, attempt: 2, ms: 0 },
    ]);
  });

  it("is not disturbed by an observer that throws", async () => {
    const { go } = harness(foreign, {
      observe: () => {
        throw new Error("broken display");
      },
    });
    expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
  });
});
