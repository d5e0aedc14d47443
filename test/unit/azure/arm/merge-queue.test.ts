import { describe, expect, it } from "vitest";
import type { Document, Edit } from "../../../../src/azure/arm/port.ts";
import { DEFAULT_PATIENCE } from "../../../../src/azure/arm/queue/options.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import type { Slices } from "./merge-queue.fixture.ts";
import {
  broken,
  conflicted,
  drop,
  forbidden,
  harness,
  lost,
  set,
  settled,
  standing,
  standings,
  wait,
} from "./merge-queue.fixture.ts";

const foreign = { theirs: "kept" };

describe("merge queue: batches", () => {
  it("a lone edit on a known resource is one conditional write: no read, no timer, no delay", async () => {
    const { arm, clock, go } = harness(foreign);
    expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
    expect(arm.writes).toEqual([{ verb: "put", body: { theirs: "kept", a: "on" }, condition: { ifMatch: "v1" } }]);
    expect(arm.reads).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("the answer of a write serves the next edit, so that it needs no read either", async () => {
    const { arm, go } = harness(foreign);
    await go(set("a"));
    await go(set("b"));
    expect(arm.writes.map((write) => write.condition)).toEqual([{ ifMatch: "v1" }, { ifMatch: "v2" }]);
    expect(arm.reads).toBe(0);
  });

  it("edits that arrive during a write ride together in the next one, never two writes at once", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    const first = go(set("a"));
    await settled();
    const others = Array.from({ length: 20 }, (_, index) => go(set(`b${index}`)));
    expect(await standings(others)).toEqual(others.map(() => "waiting"));
    await arm.release();
    await Promise.all([first, ...others]);
    expect(arm.writes).toHaveLength(2);
    expect(arm.mostInFlight).toBe(1);
    expect(Object.keys(arm.current?.value ?? {})).toHaveLength(22);
  });

  it("edits handed in within one turn of the event loop share one write", async () => {
    const { arm, go } = harness(foreign);
    await Promise.all(["a", "b", "c"].map((owner) => go(set(owner))));
    expect(arm.writes).toHaveLength(1);
  });

  it("the arrival order of edits does not change the body", async () => {
    const bodies: (readonly string[])[] = [];
    for (const arrivals of [
      ["b", "c", "a"],
      ["a", "b", "c"],
      ["c", "b", "a"],
    ]) {
      const { arm, go } = harness(foreign);
      const order: Record<string, string> = { a: "2", b: "1", c: "1" };
      await Promise.all(arrivals.map((owner) => go(set(owner, "on", { order: order[owner] ?? "" }))));
      bodies.push(Object.keys(arm.writes[0]?.body ?? {}));
    }
    expect(bodies).toEqual(bodies.map(() => ["theirs", "b", "c", "a"]));
  });

  it("folds when the token is in hand, not before: later edits ride along and live facts are fresh", async () => {
    let admit = (): void => {};
    const intents: number[] = [];
    const { arm, go } = harness(foreign, {
      admit: ({ riders }) => {
        intents.push(riders);
        return new Promise((resolve) => {
          admit = resolve;
        });
      },
    });
    let nodes = "old";
    const live: Edit<Slices> = { owner: "a", order: "a", apply: (current) => ({ ...current, a: nodes }) };
    const all = [go(live)];
    await settled();
    all.push(go(set("b")));
    nodes = "new";
    expect(arm.writes).toHaveLength(0);
    admit();
    await Promise.all(all);
    expect(arm.writes.map((write) => write.body)).toEqual([{ theirs: "kept", a: "new", b: "on" }]);
    expect(intents).toEqual([1]);
  });

  it("a newer edit of the same owner takes the place of a waiting one, and both callers get its answer", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    const first = go(set("x"));
    await settled();
    let oldApplied = false;
    const apply = (current: Slices | undefined): Slices => {
      oldApplied = true;
      return { ...current, a: "1" };
    };
    const older = go(set("a", "1", { apply }));
    const newer = go(set("a", "2"));
    await arm.release();
    await first;
    expect(await older).toEqual({ theirs: "kept", x: "on", a: "2" });
    expect(await newer).toEqual(await older);
    expect(oldApplied).toBe(false);
  });

  it("both callers share a newer edit's failure too", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    const first = go(set("x"));
    await settled();
    const both = [go(set("a", "1")), go(set("a", "2"))];
    arm.script.push({ failure: forbidden });
    await arm.release();
    await first;
    expect(await standings(both)).toEqual(["Locked", "Locked"]);
  });

  it("a newer edit than the one in flight rides in the next write", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    const older = go(set("a", "1"));
    await settled();
    const newer = go(set("a", "2"));
    await arm.release();
    expect(await older).toEqual({ theirs: "kept", a: "1" });
    expect(await newer).toEqual({ theirs: "kept", a: "2" });
  });

  it("an edit in flight that fails is not replayed when a newer one of its owner waits; its caller follows that one", async () => {
    const { arm, clock, go } = harness(foreign);
    arm.hold();
    arm.script.push({ failure: wait("busy", 1000) });
    const older = go(set("a", "1"));
    await settled();
    const newer = go(set("a", "2"));
    await arm.release();
    await clock.advance(1000);
    expect(await older).toEqual({ theirs: "kept", a: "2" });
    expect(await newer).toEqual({ theirs: "kept", a: "2" });
    expect(arm.writes.map((write) => write.body?.["a"])).toEqual(["1", "2"]);
  });
});

describe("merge queue: nothing to change", () => {
  it("writes nothing and takes no token when the edit returns what it got", async () => {
    let tokens = 0;
    const { arm, go } = harness({ a: "on" }, { admit: async () => void tokens++ });
    expect(await go(set("a"))).toEqual({ a: "on" });
    expect([arm.writes.length, arm.reads, tokens]).toEqual([0, 0, 0]);
  });

  it("writes nothing when the result is the same by the injected equality", async () => {
    const same = (left: Slices, right: Slices): boolean => JSON.stringify(left) === JSON.stringify(right);
    const { arm, go } = harness({ a: "on" }, { same });
    await go({ owner: "a", order: "a", apply: (current) => ({ ...current }) });
    expect(arm.writes).toHaveLength(0);
  });

  it("a rider who has what it wants does not wait for the others' write", async () => {
    const { arm, go } = harness({ b: "on" });
    arm.hold();
    const [changing, content] = [go(set("a")), go(set("b"))];
    expect(await standings([changing, content])).toEqual(["waiting", "done"]);
    await arm.release();
    await changing;
  });

  it("a rider with nothing to change only because of an earlier rider shares its fate", async () => {
    const shared = (owner: string): Edit<Slices> => ({
      owner,
      order: owner,
      apply: (current) => (current?.["shared"] === "on" ? current : { ...current, shared: "on" }),
    });
    const { arm, go } = harness(foreign);
    arm.script.push({ failure: forbidden });
    expect(await standings([go(shared("a")), go(shared("b"))])).toEqual(["Locked", "Locked"]);
  });

  it("an edit that leaves an absent resource absent writes nothing, and needs no read when absence is known", async () => {
    const { arm, view, go } = harness(undefined);
    view.learned(undefined, 0);
    expect(await go(drop("a"))).toBeUndefined();
    expect([arm.writes.length, arm.reads]).toEqual([0, 0]);
  });

  it("an edit that would delete the resource is an error, and only its own", async () => {
    const { arm, go } = harness(foreign);
    const promises = [go({ owner: "a", order: "a", apply: () => undefined }), go(set("b"))];
    expect(await standings(promises)).toEqual(["Internal", "done"]);
    expect(arm.current?.value).toEqual({ theirs: "kept", b: "on" });
  });

  it("an edit that throws fails alone", async () => {
    const { arm, go, events } = harness(foreign);
    const bad = set("a", "on", {
      apply: () => {
        throw new CloudError("InvalidArgument", "no such thing");
      },
    });
    expect(await standings([go(bad), go(set("b"))])).toEqual(["InvalidArgument", "done"]);
    expect(arm.writes).toHaveLength(1);
    expect(events).toContainEqual({ kind: "writing", verb: "put", attempt: 1, riders: ["b"] });
  });
});

describe("merge queue: conditions", () => {
  it("a create follows a direct read that said absent, and carries If-None-Match", async () => {
    const { arm, view, go } = harness(undefined);
    view.learned(undefined, 0);
    await go(set("a"));
    expect(arm.reads).toBe(1);
    expect(arm.writes).toEqual([{ verb: "put", body: { a: "on" }, condition: { ifNoneMatch: "*" } }]);
  });

  it("an unknown resource is read once", async () => {
    const { arm, go } = harness(undefined);
    await go(set("a"));
    expect(arm.reads).toBe(1);
  });

  it("a stale absence never overwrites: the resource that exists is read and kept", async () => {
    const { arm, view, go } = harness(undefined);
    view.learned(undefined, 0);
    arm.foreignWrite(foreign);
    expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
    expect(arm.writes.map((write) => write.condition)).toEqual([{ ifMatch: "v1" }]);
  });

  it("a create that is overtaken by a foreign create is replayed on what that one made", async () => {
    const { arm, go } = harness(undefined);
    arm.afterRead = () => {
      arm.afterRead = () => {};
      arm.foreignWrite(foreign);
    };
    expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
    expect(arm.writes.map((write) => write.condition)).toEqual([{ ifNoneMatch: "*" }, { ifMatch: "v1" }]);
  });

  it("a type without etags is read directly before every write, because nothing guards what is cached", async () => {
    const { arm, view, go } = harness(undefined);
    arm.versionless = true;
    arm.foreignWrite({});
    view.learned(arm.current, 0);
    arm.foreignWrite(foreign);
    expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
    expect(arm.reads).toBe(1);
    expect(arm.writes.map((write) => write.condition)).toEqual(["unconditional"]);
  });
});

describe("merge queue: conflicts", () => {
  it("a stale write is read again and replayed at once", async () => {
    const { arm, clock, go } = harness({ a: "on" });
    arm.foreignWrite({ a: "on", theirs: "newer" });
    expect(await go(set("b"))).toEqual({ a: "on", theirs: "newer", b: "on" });
    expect([arm.writes.length, arm.reads, clock.pending]).toEqual([2, 1, 0]);
    await go(set("c"));
    expect([arm.writes.length, arm.reads]).toEqual([3, 1]);
  });

  it("does not believe a view that still shows what was overtaken", async () => {
    let known: Document<Slices> | undefined;
    const { arm, go } = harness(foreign, { view: { cached: () => known, learned: (document) => (known = document) } });
    known = arm.current;
    arm.foreignWrite({ theirs: "newer" });
    expect(await go(set("a"))).toEqual({ theirs: "newer", a: "on" });
    expect([arm.writes.length, arm.reads]).toEqual([2, 1]);
  });

  it("a confirmed write ends the row: the next conflict is replayed at once again", async () => {
    const { arm, clock, go } = harness(foreign);
    arm.hold();
    arm.script.push({ failure: conflicted }, undefined, { failure: conflicted });
    const first = go(set("a"));
    await settled();
    const held = arm.release();
    arm.hold();
    await held;
    const second = go(set("b"));
    await arm.release();
    await Promise.all([first, second]);
    expect([arm.writes.length, clock.pending]).toEqual([4, 0]);
  });

  it("so does having nothing to do", async () => {
    const tries = { ...DEFAULT_PATIENCE.tries, conflicted: 2 };
    const { arm, clock, go } = harness(foreign, { patience: { ...DEFAULT_PATIENCE, tries } });
    arm.script.push(...[1, 2, 3].map(() => ({ failure: conflicted })));
    expect(await standing(go(set("a")))).toBe("Conflict");
    await clock.advance(60_000);
    expect(await standing(go(set("a")))).toBe("done");
  });

  it("a newer edit has its own patience", async () => {
    const tries = { ...DEFAULT_PATIENCE.tries, busy: 2 };
    const { arm, clock, go } = harness(foreign, { patience: { ...DEFAULT_PATIENCE, tries } });
    arm.script.push({ failure: wait("busy", 1000) }, { failure: wait("busy", 1000) });
    const older = go(set("a", "1"));
    await settled();
    const newer = go(set("a", "2"));
    await clock.advance(2000);
    expect(await standings([older, newer])).toEqual(["done", "done"]);
  });

  it("the second conflict in a row is followed by a pause with jitter", async () => {
    const { arm, clock, go, events } = harness(foreign, { random: () => 0.5 });
    arm.script.push({ failure: conflicted }, { failure: conflicted });
    const done = go(set("a"));
    expect(await standing(done)).toBe("waiting");
    expect(arm.writes).toHaveLength(2);
    await clock.advance(749);
    expect(arm.writes).toHaveLength(2);
    await clock.advance(1);
    expect(await standing(done)).toBe("done");
    const waits = events.flatMap((event) => (event.kind === "waiting" ? [[event.because, event.ms]] : []));
    expect(waits).toEqual([
      ["conflicted", 0],
      ["conflicted", 750],
    ]);
  });

  it("gives up after a bounded number of conflicts with the code Conflict", async () => {
    const { arm, clock, go } = harness(foreign);
    arm.judge = () => ({ failure: conflicted });
    const promise = go(set("a"));
    await settled();
    await clock.advance(3_600_000);
    expect(await standing(promise)).toBe("Conflict");
    expect(arm.writes).toHaveLength(8);
  });

  it("edits that arrive during the pause ride along", async () => {
    const { arm, clock, go } = harness(foreign);
    arm.script.push({ failure: conflicted }, { failure: conflicted });
    const all = [go(set("a"))];
    await settled();
    all.push(go(set("b")));
    await clock.advance(1000);
    await Promise.all(all);
    expect(arm.writes.map((write) => Object.keys(write.body ?? {}))).toEqual([
      ["theirs", "a"],
      ["theirs", "a"],
      ["theirs", "a", "b"],
    ]);
  });
});

describe("merge queue: no false success", () => {
  for (const [name, failure] of [
    ["lost", lost],
    ["broken", broken],
  ] as const) {
    it(`after a ${name} write that ARM shows, nothing to change is no success: it is written again`, async () => {
      const { arm, go } = harness(foreign);
      arm.script.push({ failure, commit: true });
      expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
      expect(arm.reads).toBe(1);
      expect(arm.writes.map((write) => write.condition)).toEqual([{ ifMatch: "v1" }, { ifMatch: "v2" }]);
    });

    it(`a ${name} write that did not take effect is replayed`, async () => {
      const { arm, go } = harness(foreign);
      arm.script.push({ failure });
      expect(await go(set("a"))).toEqual({ theirs: "kept", a: "on" });
      expect(arm.writes).toHaveLength(2);
    });

    it(`a resource that stays ${name} fails its riders after a bounded number of writes`, async () => {
      const { arm, clock, go } = harness(foreign);
      arm.judge = () => ({ failure, commit: true });
      const promise = go(set("a"));
      await settled();
      await clock.advance(3_600_000);
      expect(await standing(promise)).toBe(failure.error.code);
      expect(arm.writes).toHaveLength(3);
    });

    it(`a later edit with nothing to change is written as long as the last write was ${name}`, async () => {
      const { arm, clock, go, queue } = harness(foreign);
      arm.script.push(...[1, 2, 3].map(() => ({ failure, commit: true })));
      const failed = go(set("a"));
      await settled();
      await clock.advance(3_600_000);
      expect(await standing(failed)).toBe(failure.error.code);
      expect(queue.idle).toBe(false);
      await go(set("a"));
      expect(arm.writes).toHaveLength(4);
      await go(set("a"));
      expect(arm.writes).toHaveLength(4);
      await settled();
      expect(queue.idle).toBe(true);
    });

    it(`a rider with nothing to change waits for the rewrite after a ${name} write`, async () => {
      const { arm, go } = harness({ b: "on" });
      arm.hold();
      arm.script.push({ failure, commit: true });
      const a = go(set("a"));
      await settled();
      const b = go(set("b"));
      await arm.release();
      arm.hold();
      await Promise.all([a, arm.release()]);
      expect(await b).toEqual({ a: "on", b: "on" });
    });
  }

  it("a lost create that took effect is rewritten, never created over", async () => {
    const { arm, go } = harness(undefined);
    arm.script.push({ failure: lost, commit: true });
    await go(set("a"));
    expect(arm.writes.map((write) => write.condition)).toEqual([{ ifNoneMatch: "*" }, { ifMatch: "v1" }]);
  });

  it("a body whose last operation failed before we came is written again although nothing is to change", async () => {
    const { arm, go } = harness({ a: "on", state: "Failed" }, { inEffect: (value) => value["state"] !== "Failed" });
    arm.judge = () => {
      queueMicrotask(() => arm.foreignWrite({ a: "on" }));
      return undefined;
    };
    await go(set("a"));
    expect(arm.writes).toHaveLength(1);
  });

  it("an error that cannot even be classified settles every rider and counts as perhaps written", async () => {
    const { arm, queue, go } = harness(foreign);
    arm.script.push({ failure: lost, commit: true });
    arm.classify = () => {
      throw new Error("no such row");
    };
    expect(await standings([go(set("a")), go(set("b"))])).toEqual(["Internal", "Internal"]);
    expect(queue.idle).toBe(false);
    await go(set("a"));
    expect(arm.writes).toHaveLength(2);
  });
});

describe("merge queue: reads that fail", () => {
  it("a throttled read is tried again when ARM said", async () => {
    const { arm, clock, go } = harness(undefined);
    arm.readScript.push(new CloudError("Throttled", "slow down", { retryAfterMs: 7000 }));
    const promise = go(set("a"));
    await settled();
    await clock.advance(6999);
    expect(await standing(promise)).toBe("waiting");
    await clock.advance(1);
    expect(await standing(promise)).toBe("done");
    expect(arm.reads).toBe(2);
  });

  it("an unavailable read is tried a bounded number of times", async () => {
    const { arm, clock, go } = harness(undefined);
    arm.readScript.push(...Array.from({ length: 9 }, () => new CloudError("Unavailable", "down")));
    const promise = go(set("a"));
    await settled();
    await clock.advance(3_600_000);
    expect(await standing(promise)).toBe("Unavailable");
    expect([arm.reads, arm.writes.length]).toEqual([4, 0]);
  });

  it("a read that we may not do fails every rider at once", async () => {
    const { arm, go } = harness(undefined);
    arm.readScript.push(new CloudError("PermissionDenied", "no"));
    expect(await standings([go(set("a")), go(set("b"))])).toEqual(["PermissionDenied", "PermissionDenied"]);
    expect(arm.reads).toBe(1);
  });
});
