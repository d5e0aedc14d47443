import { beforeAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { Caller } from "../../fixtures/soak/caller.ts";
import { handlesLeft, openHandles } from "../../fixtures/soak/open-handles.ts";
import { type SoakReport, soak } from "../../fixtures/soak/soak.ts";
import { startWire } from "./wire.ts";

const OPTIONS = { seed: "soak", operations: 500, lanes: 8, faultRate: 0.05 } as const;

describe("hundreds of mixed operations while 5 % of all requests go wrong (10,000 of them: npm run bench -- soak)", () => {
  let report: SoakReport;
  let left: readonly string[];

  beforeAll(async () => {
    const before = openHandles();
    report = await soak(OPTIONS);
    left = await handlesLeft(before);
  });

  it("leave no socket and no timer behind", () => {
    expect(left).toEqual([]);
    expect(report.timersLeft).toBe(0);
  });

  it("end well and badly", () => {
    const ends = ["PUT 201", "PUT 400", "PATCH 200", "DELETE 202", "GET 200", "GET 0"];
    expect([...report.requests.keys()]).toEqual(expect.arrayContaining(ends));
    expect(report.faults, "of some 900 requests").toBeGreaterThan(20);
  });

  it("leave the same journal, times included, from the same seed, whatever the order of arrival", async () => {
    const again = await soak({ ...OPTIONS, reversed: true });
    expect(again.journal).toEqual(report.journal);
    expect(again.transcripts).toEqual(report.transcripts);
    expect(again.virtualMs).toBe(report.virtualMs);
  });

  it("go another way from another seed", async () => {
    const few = { ...OPTIONS, operations: 40 };
    const [one, other] = [await soak(few), await soak({ ...few, seed: "other" })];
    expect(other.journalHash).not.toBe(one.journalHash);
  });
});

describe("a connection that is dead without a word", () => {
  it("costs its caller a deadline and holds no clock", async () => {
    const clock = new VirtualClock("auto", 0);
    const { arm, group } = await startWire({ clock });
    const caller = new Caller(arm.endpoint, clock);
    const get = async (): Promise<readonly [status: number, atMs: number]> => [
      (await caller.send("GET", `${group}?api-version=2021-04-01`)).status,
      clock.now(),
    ];
    arm.faults.catalogue("half-open", { path: group });
    try {
      expect([await get(), await get(), await get()]).toEqual([
        [200, 0],
        [0, 60_000],
        [200, 60_000],
      ]);
    } finally {
      await caller.close();
      await arm.close();
      clock.stop();
    }
  });
});
