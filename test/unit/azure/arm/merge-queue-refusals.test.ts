import { describe, expect, it } from "vitest";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import {
  content,
  drop,
  forbidden,
  harness,
  set,
  settled,
  standing,
  standings,
  unprovisioned,
  type Write,
  wait,
} from "./merge-queue.fixture.ts";

const foreign = { theirs: "kept" };

function slices(write: Write | undefined): readonly string[] {
  return Object.keys(write?.body ?? {}).filter((key) => key !== "theirs");
}

/** Refuses every body that holds one of these slices. */
function refuses(owners: readonly string[], culprit: (owner: string) => string | undefined, message = "bad body") {
  return (write: Write) => {
    const bad = owners.find((owner) => write.body?.[owner] !== undefined);
    return bad === undefined ? undefined : { failure: content(message, culprit(bad)) };
  };
}

describe("merge queue: waits that ARM asks for", () => {
  for (const cause of ["busy", "throttled"] as const) {
    it(`${cause}: waits as told, then writes with everybody who came meanwhile`, async () => {
      const { arm, clock, go, events } = harness(foreign);
      arm.script.push({ failure: wait(cause, 10_000) });
      const all = [go(set("a"))];
      await settled();
      all.push(go(set("b")));
      await clock.advance(9_999);
      expect(arm.writes).toHaveLength(1);
      await clock.advance(1);
      await Promise.all(all);
      expect(arm.writes.map(slices)).toEqual([["a"], ["a", "b"]]);
      expect(arm.reads).toBe(0);
      expect(events).toContainEqual(
        expect.objectContaining({ kind: "waiting", riders: ["a"], because: cause, ms: 10_000 }),
      );
    });

    it(`${cause}: pauses longer each time when ARM names no time, and gives up in the end`, async () => {
      const { arm, clock, go, events } = harness(foreign);
      arm.judge = () => ({ failure: wait(cause) });
      const promise = go(set("a"));
      await settled();
      await clock.advance(3_600_000);
      expect(await standing(promise)).toBe("Throttled");
      expect(arm.writes).toHaveLength(20);
      const pauses = events.flatMap((event) => (event.kind === "waiting" ? [event.ms] : []));
      expect(pauses.slice(0, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    });
  }
});

describe("merge queue: refusals that concern everyone", () => {
  it("fails every rider at once, with one write, and not those who came later", async () => {
    const { arm, go } = harness(foreign);
    arm.hold();
    arm.script.push({ failure: forbidden });
    const riders = [go(set("a")), go(set("b"))];
    await settled();
    const later = go(set("c"));
    await arm.release();
    expect(await standings([...riders, later])).toEqual(["Locked", "Locked", "done"]);
    expect(arm.writes.map(slices)).toEqual([["a", "b"], ["c"]]);
  });
});

describe("merge queue: a resource that is not provisioned", () => {
  const pip = "/subscriptions/s/resourcegroups/g/providers/microsoft.network/publicipaddresses/p";
  const naming = (owner: string) => set(owner, "on", { mentions: [pip] });
  const bad = (owners: readonly string[]) => (write: Write) =>
    owners.some((owner) => write.body?.[owner] !== undefined)
      ? { failure: unprovisioned(pip.toUpperCase()) }
      : undefined;

  it("parks the edits that name it, lets the others go on at once, repairs it once and retries", async () => {
    const repaired: string[] = [];
    let mend = (): void => {};
    const { arm, clock, go } = harness(foreign, {
      repair: (id) => {
        repaired.push(id);
        return new Promise((resolve) => {
          mend = resolve;
        });
      },
    });
    arm.judge = bad(["a", "c"]);
    const [a, b, c] = [go(naming("a")), go(set("b")), go(naming("c"))];
    expect(await standings([a, b, c])).toEqual(["waiting", "done", "waiting"]);
    await clock.advance(1000);
    expect(repaired).toEqual([pip.toUpperCase()]);
    const newcomer = go(naming("d"));
    expect(await standing(newcomer)).toBe("waiting");
    expect(arm.writes.map(slices)).toEqual([["a", "b", "c"], ["b"]]);
    arm.judge = () => undefined;
    mend();
    await Promise.all([a, c, newcomer]);
    expect(arm.writes.map(slices).at(-1)).toEqual(["b", "a", "c", "d"]);
    expect(repaired).toHaveLength(1);
  });

  it("tries again even when the repair fails, a bounded number of times", async () => {
    let repairs = 0;
    const { arm, clock, go } = harness(foreign, {
      repair: () => {
        repairs++;
        return Promise.reject(new CloudError("Unavailable", "still down"));
      },
    });
    arm.judge = bad(["a"]);
    const promise = go(naming("a"));
    await settled();
    await clock.advance(3_600_000);
    expect(await standing(promise)).toBe("Unavailable");
    expect(arm.writes).toHaveLength(6);
    expect(repairs).toBeLessThanOrEqual(6);
  });

  it("parks the whole batch when no edit names it", async () => {
    const { arm, clock, go } = harness(foreign);
    arm.script.push({ failure: unprovisioned(pip) });
    const promises = [go(set("a")), go(set("b"))];
    expect(await standings(promises)).toEqual(["waiting", "waiting"]);
    await clock.advance(1000);
    expect(await standings(promises)).toEqual(["done", "done"]);
    expect(arm.writes.map(slices)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("is repaired once, also when newcomers that do not name it meet the same refusal meanwhile", async () => {
    let repairs = 0;
    const { arm, clock, go } = harness(foreign, {
      repair: () => {
        repairs++;
        return clock.sleep(5000);
      },
    });
    arm.script.push({ failure: unprovisioned(pip) }, { failure: unprovisioned(pip) });
    const promises = [go(set("a"))];
    await settled();
    await clock.advance(1000);
    promises.push(go(set("b")));
    expect(await standings(promises)).toEqual(["waiting", "waiting"]);
    await clock.advance(5000);
    expect(await standings(promises)).toEqual(["done", "done"]);
    await clock.advance(60_000);
    expect([repairs, arm.writes.length]).toEqual([1, 3]);
  });

  it("a newer edit that no longer names it is not parked", async () => {
    const { arm, go } = harness(foreign, { repair: () => new Promise(() => {}) });
    arm.judge = bad(["a"]);
    const older = go(naming("a"));
    expect(await standing(older)).toBe("waiting");
    const newer = go(drop("a"));
    expect(await standings([older, newer])).toEqual(["done", "done"]);
  });
});

describe("merge queue: refusals of content", () => {
  it("the edit that names the culprit leaves first; the others are written without it", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = refuses(["b"], (owner) => `rule-${owner}`.toUpperCase());
    const promises = ["a", "b", "c", "d"].map((owner) => go(set(owner, "on", { mentions: [`rule-${owner}`] })));
    expect(await standings(promises)).toEqual(["done", "InvalidArgument", "done", "done"]);
    expect(arm.writes.map(slices)).toEqual([
      ["a", "b", "c", "d"],
      ["a", "c", "d"],
      ["a", "c", "d", "b"],
    ]);
    expect(arm.current?.value).toEqual({ theirs: "kept", a: "on", c: "on", d: "on" });
  });

  it("without a culprit the batch is halved until the bad edit stands alone", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = refuses(["c"], () => undefined);
    const owners = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const promises = owners.map((owner) => go(set(owner)));
    const expected = owners.map((owner) => (owner === "c" ? "InvalidArgument" : "done"));
    expect(await standings(promises)).toEqual(expected);
    expect(arm.writes.length).toBeLessThanOrEqual(7);
  });

  it("two bad edits that fail differently are both found", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = (write) =>
      refuses(["a"], () => undefined, "a is bad")(write) ?? refuses(["d"], () => undefined, "d is bad")(write);
    const promises = ["a", "b", "c", "d"].map((owner) => go(set(owner)));
    expect(await standings(promises)).toEqual(["InvalidArgument", "done", "done", "InvalidArgument"]);
  });

  it("two halves that fail alike end the search: the fault is in what they share", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = () => ({ failure: content("too many rules") });
    const promises = ["a", "b", "c", "d", "e", "f"].map((owner) => go(set(owner)));
    expect(await standings(promises)).toEqual(promises.map(() => "InvalidArgument"));
    expect(arm.writes.map((write) => slices(write).length)).toEqual([6, 3, 3]);
  });

  it("the search goes on without a half whose callers have all left", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = refuses(["a"], () => undefined);
    const leaving = new AbortController();
    arm.hold();
    const promises = ["a", "b", "c", "d"].map((owner) => go(set(owner), owner < "c" ? undefined : leaving.signal));
    await settled();
    leaving.abort(new Error("left"));
    await arm.release();
    expect(await standings(promises)).toEqual(["InvalidArgument", "done", "left", "left"]);
  });

  it("newcomers do not wait for the end of a search", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = refuses(["a"], () => undefined);
    arm.hold();
    const searched = Array.from({ length: 16 }, (_, index) => go(set(String.fromCharCode(97 + index))));
    await settled();
    const newcomer = go(set("z"));
    await arm.release();
    expect(await standings([newcomer, ...searched])).toEqual([
      "done",
      "InvalidArgument",
      ...searched.slice(1).map(() => "done"),
    ]);
    expect(arm.writes.findIndex((write) => slices(write).includes("z"))).toBeLessThanOrEqual(2);
  });

  it("an edit that failed alone rides alone until it succeeds, and then with the others again", async () => {
    const { arm, queue, go } = harness(foreign);
    arm.judge = refuses(["a"], () => undefined);
    expect(await standing(go(set("a")))).toBe("InvalidArgument");
    arm.hold();
    await settled();
    const again = () => Promise.allSettled([go(set("a", "2")), go(set("b", "2")), go(set("c", "2"))]);
    const second = again();
    await arm.release();
    expect((await second).map((each) => each.status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(arm.writes.slice(1).map((write) => slices(write).toSorted())).toEqual([
      ["b", "c"],
      ["a", "b", "c"],
    ]);
    arm.judge = () => undefined;
    await go(set("a", "3"));
    const before = arm.writes.length;
    await Promise.all([go(set("a", "4")), go(set("b", "4"))]);
    expect(arm.writes.length - before).toBe(1);
    await settled();
    expect(queue.idle).toBe(true);
  });

  it("steady traffic does not keep an edit that rides alone from its turn", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = refuses(["a"], () => undefined);
    expect(await standing(go(set("a")))).toBe("InvalidArgument");
    arm.judge = () => undefined;
    arm.hold();
    const all = [go(set("x", "0"))];
    await settled();
    all.push(go(set("a")));
    for (let round = 1; round <= 4; round++) {
      all.push(go(set("x", String(round))));
      const ending = arm.release();
      arm.hold();
      await ending;
    }
    await arm.release();
    await Promise.all(all);
    expect(arm.writes.slice(1).findIndex((write) => slices(write).includes("a"))).toBeLessThanOrEqual(2);
  });

  it("a newer edit that waits beside a bad one in flight rides alone at once", async () => {
    const { arm, go } = harness(foreign);
    arm.judge = refuses(["a"], () => undefined);
    arm.hold();
    const older = go(set("a", "1"));
    await settled();
    const newer = go(set("a", "2"));
    const other = go(set("b"));
    await arm.release();
    expect(await standings([older, newer, other])).toEqual(["InvalidArgument", "InvalidArgument", "done"]);
    expect(arm.writes).toHaveLength(3);
  });
});
