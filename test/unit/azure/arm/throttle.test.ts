import { describe, expect, it } from "vitest";
import { ArmFailure } from "../../../../src/azure/arm/failure.ts";
import { type GateTicket, RetryAfterGate } from "../../../../src/azure/arm/throttle.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";

const READ: GateTicket = { subscriptionId: "s", provider: "microsoft.network", kind: "read", lane: "refresh" };
const WRITE: GateTicket = { ...READ, kind: "write", lane: "batch" };
const DELETE: GateTicket = { ...READ, kind: "delete", lane: "restore" };
const COMPUTE: GateTicket = { ...READ, provider: "microsoft.compute" };
const ELSEWHERE: GateTicket = { ...READ, subscriptionId: "other" };

function gate() {
  const clock = new VirtualClock();
  return { clock, gate: new RetryAfterGate(clock, 60_000) };
}

describe("a closed gate", () => {
  const cases: readonly [name: string, gateway: boolean, ticket: GateTicket, waits: boolean][] = [
    ["of a provider holds back the same kind", false, READ, true],
    ["of a provider lets writes pass when reads were too many", false, WRITE, false],
    ["of a provider lets another provider pass", false, COMPUTE, false],
    ["of a subscription holds back every provider", true, COMPUTE, true],
    ["of a subscription lets other subscriptions pass", true, ELSEWHERE, false],
    ["of a subscription lets writes pass when reads were too many", true, WRITE, false],
  ];
  for (const [name, gateway, ticket, waits] of cases) {
    it(name, () => {
      const { gate: it } = gate();
      it.throttled(READ, { gateway, retryAfterMs: 10_000 });
      expect(it.waitMs(ticket) > 0).toBe(waits);
    });
  }

  it("of a provider counts writes and deletes together, that of ARM counts them apart", () => {
    const { gate: provider } = gate();
    provider.throttled(WRITE, { gateway: false, retryAfterMs: 10_000 });
    expect(provider.waitMs(DELETE)).toBe(10_000);
    const { gate: front } = gate();
    front.throttled(WRITE, { gateway: true, retryAfterMs: 10_000 });
    expect(front.waitMs(DELETE)).toBe(0);
  });

  it("opens after Retry-After, and not before", async () => {
    const { clock, gate: it } = gate();
    it.throttled(READ, { gateway: false, retryAfterMs: 10_000 });
    let entered = false;
    const entering = it.enter(READ, new AbortController().signal).then(() => {
      entered = true;
    });
    await clock.advance(9_999);
    expect(entered).toBe(false);
    await clock.advance(1);
    await entering;
  });

  it("that is closed again while somebody waits keeps him waiting", async () => {
    const { clock, gate: it } = gate();
    it.throttled(READ, { gateway: false, retryAfterMs: 10_000 });
    let entered = false;
    void it.enter(READ, new AbortController().signal).then(() => {
      entered = true;
    });
    await clock.advance(5_000);
    it.throttled(READ, { gateway: false, retryAfterMs: 20_000 });
    await clock.advance(19_999);
    expect(entered).toBe(false);
    await clock.advance(1);
    expect(entered).toBe(true);
  });

  it("is never opened early by a shorter pause", () => {
    const { gate: it } = gate();
    it.throttled(READ, { gateway: false, retryAfterMs: 10_000 });
    it.throttled(READ, { gateway: false, retryAfterMs: 1_000 });
    expect(it.waitMs(READ)).toBe(10_000);
  });

  it("tells at once when the wait would be long", async () => {
    const { gate: it } = gate();
    it.throttled(READ, { gateway: false, retryAfterMs: 1_200_000 });
    const error = await it.enter(READ, new AbortController().signal).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ArmFailure);
    expect(error).toMatchObject({ fact: { kind: "unsent", why: "gate", retryAfterMs: 1_200_000 } });
  });

  it("lets go of who aborts", async () => {
    const { gate: it } = gate();
    it.throttled(READ, { gateway: false, retryAfterMs: 10_000 });
    const caller = new AbortController();
    const entering = it.enter(READ, caller.signal);
    caller.abort(new Error("enough"));
    await expect(entering).rejects.toThrow("enough");
  });

  it("INS 27: stays open when ARM names no time", () => {
    const { gate: it } = gate();
    it.throttled(READ, { gateway: false, retryAfterMs: undefined });
    expect(it.waitMs(READ)).toBe(0);
  });
});
