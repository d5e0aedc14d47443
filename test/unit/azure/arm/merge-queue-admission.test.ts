import { describe, expect, it } from "vitest";
import type { WriteIntent } from "../../../../src/azure/arm/queue/options.ts";
import { laneOf } from "../../../../src/azure/arm/throttle/admission.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import { drop, harness, lost, set, settled } from "./merge-queue.fixture.ts";

/** A queue whose admissions are counted; `open` lets them in at once. */
function counted(initial: Record<string, string> | undefined, more: Parameters<typeof harness>[1] = {}) {
  const told: string[] = [];
  const intents: WriteIntent[] = [];
  const admissions: (() => void)[] = [];
  const rig = harness(initial, {
    admit: (intent) => {
      intents.push(intent);
      told.push("admitted");
      return new Promise((resolve) => admissions.push(resolve));
    },
    release: () => told.push("released"),
    ...more,
  });
  return { ...rig, told, intents, admit: () => admissions.shift()?.() };
}

describe("merge queue: the token of a write", () => {
  it("is released when the write has ended, and not before", async () => {
    const { arm, go, told, admit } = counted({ a: "1" });
    arm.hold();
    const done = go(set("a", "2"));
    await settled();
    admit();
    await settled();
    expect(told).toEqual(["admitted"]);
    await arm.release();
    await done;
    expect(told).toEqual(["admitted", "released"]);
  });

  it("is released when nobody is left who wants the write", async () => {
    const { arm, go, told, admit } = counted({ a: "1" });
    const leaving = new AbortController();
    const gone = go(set("a", "2"), leaving.signal).catch(() => "left");
    await settled();
    leaving.abort(new Error("left"));
    admit();
    await gone;
    await settled();
    expect([told, arm.writes.length]).toEqual([["admitted", "released"], 0]);
  });

  it("is released when the lease does not outlive the write, and when the resource cannot be read", async () => {
    const fenced = counted({ a: "1" }, { mayWrite: () => false });
    const refused = fenced.go(set("a", "2")).catch(() => "refused");
    await settled();
    fenced.admit();
    expect(await refused).toBe("refused");
    expect(fenced.told).toEqual(["admitted", "released"]);

    const blind = counted({ a: "1" });
    blind.arm.versionless = true;
    blind.arm.foreignWrite({ a: "1" });
    await blind.go(set("a", "1"));
    blind.arm.readScript.push(new CloudError("PermissionDenied", "no"));
    const unread = blind.go(set("a", "2")).catch(() => "unread");
    await settled();
    blind.admit();
    expect(await unread).toBe("unread");
    expect(blind.told).toEqual(["admitted", "released"]);
  });

  it("is asked for again after a write that may have been lost, which then is to bring traffic back", async () => {
    const { arm, clock, go, intents, admit } = counted({ a: "1" });
    arm.script.push({ failure: lost });
    const done = go(set("a", "2"));
    await settled();
    admit();
    await settled();
    await clock.advance(60_000);
    admit();
    await done;
    expect(intents).toEqual([
      { verb: "put", riders: 1, restores: false },
      { verb: "put", riders: 1, restores: true },
    ]);
  });

  it("is asked for a removal as such", async () => {
    const { go, intents, admit } = counted({ a: "1" }, { settle: () => "remove" });
    const done = go(drop("a"));
    await settled();
    admit();
    await done;
    expect(intents.map(({ verb }) => verb)).toEqual(["remove"]);
  });
});

describe("the lane of a write", () => {
  const cases: readonly [what: string, intent: WriteIntent, lane: string][] = [
    ["that removes", { verb: "remove", riders: 1, restores: false }, "restore"],
    ["that restores what may not be in effect", { verb: "put", riders: 1, restores: true }, "restore"],
    ["that carries several edits", { verb: "put", riders: 2, restores: false }, "batch"],
    ["that carries one edit", { verb: "put", riders: 1, restores: false }, "create"],
  ];
  for (const [what, intent, lane] of cases) {
    it(`${what} is ${lane}`, () => {
      expect(laneOf(intent)).toBe(lane);
    });
  }
});
