import { describe, expect, it } from "vitest";
import { DEFAULT_PACE, Durations } from "../../../../../src/azure/arm/completion/poll-pace.ts";
import { Progress } from "../../../../../src/azure/arm/completion/progress.ts";
import { VirtualClock } from "../../../../../src/base/virtual-clock.ts";

function write() {
  const clock = new VirtualClock("manual", 0);
  const durations = new Durations();
  const progress = new Progress("kind", { clock, pace: DEFAULT_PACE, durations });
  return { clock, progress, taken: () => durations.expectedMs("kind") };
}

describe("the progress of a write teaches", () => {
  it("that its end was between the last two looks, as of when they began", async () => {
    const { clock, progress, taken } = write();
    progress.running(1_000);
    await clock.advance(2_900);
    progress.ended(2_000);
    expect(taken()).toBe(1_750);
  });

  it("nothing of the end when the last look was long under way, as it may have been repeated", async () => {
    const { clock, progress, taken } = write();
    progress.running(1_000);
    await clock.advance(3_001);
    progress.ended(2_000);
    expect(taken()).toBe(1_000);
  });

  it("nothing of the end when the look before told nothing", async () => {
    const { clock, progress, taken } = write();
    progress.running(1_000);
    progress.unseen();
    await clock.advance(2_000);
    progress.ended(2_000);
    expect(taken()).toBe(1_000);
  });

  it("its end again once it was seen running after such a look", async () => {
    const { clock, progress, taken } = write();
    progress.unseen();
    progress.running(1_000);
    await clock.advance(2_000);
    progress.ended(2_000);
    expect(taken()).toBe(1_750);
  });

  it("how long it ran at least when it has failed", () => {
    const { progress, taken } = write();
    progress.running(3_000);
    progress.brokenOff();
    expect(taken()).toBe(3_000);
  });
});
