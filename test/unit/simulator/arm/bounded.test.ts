import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { Occurrences } from "../../../../src/simulator/arm/occurrences.ts";
import { type OperationStart, Operations } from "../../../../src/simulator/arm/operations.ts";
import { Journal, type JournalEntry } from "../../../../src/simulator/http/journal.ts";

const start = (id: string): OperationStart => ({
  id,
  namespace: "Microsoft.Network",
  location: "westeurope",
  subscription: "s",
  name: "PutLoadBalancerOperation",
  verb: "PUT",
  retryAfter: {},
});

describe("a simulator that runs for days", () => {
  it("lets an operation be read for an hour after its end, and for good while it runs", async () => {
    const clock = new VirtualClock();
    const operations = new Operations(clock);
    operations.open(start("runs"));
    operations.end(operations.open(start("old")), { status: "Succeeded" });
    await clock.advance(1);
    operations.end(operations.open(start("newer")), { status: "Succeeded" });
    await clock.advance(3_600_000 - 1);
    operations.open(start("next"));
    expect(["runs", "old", "newer", "next"].filter((id) => operations.find(id) !== undefined)).toEqual([
      "runs",
      "newer",
      "next",
    ]);
  });

  it("counts requests of a resource for good and polls of an operation until thousands of others came by", () => {
    const seen = new Occurrences();
    const poll = (n: number): string => `GET /subscriptions/s/providers/microsoft.network/locations/l/operations/${n}`;
    expect([seen.next("PUT /lb"), seen.next(poll(0)), seen.next(poll(0))]).toEqual([1, 1, 2]);
    for (let n = 1; n < 4096; n++) seen.next(poll(n));
    expect([seen.next("PUT /lb"), seen.next(poll(0))]).toEqual([2, 3]);
    for (let n = 4096; n < 9000; n++) seen.next(poll(n));
    expect([seen.next("PUT /lb"), seen.next(poll(0))]).toEqual([3, 1]);
  });

  it("keeps the newest requests of its journal when it is told how many", () => {
    const journal = new Journal(3);
    const numbers: number[] = [];
    for (let number = 1; number <= 100; number++) {
      journal.add({ number } as JournalEntry);
      numbers.push(journal.entries().length);
    }
    expect(Math.max(...numbers)).toBeLessThan(6);
    expect(
      journal
        .entries()
        .slice(-3)
        .map(({ number }) => number),
    ).toEqual([98, 99, 100]);
  });
});
