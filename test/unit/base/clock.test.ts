import { afterEach, describe, expect, it, vi } from "vitest";
import { abortReason, systemClock } from "../../../src/base/clock.ts";

describe("the system clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sleeps as long as it is told", async () => {
    vi.useFakeTimers();
    let done = false;
    const sleep = systemClock.sleep(1000).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleep;
    expect(done).toBe(true);
  });

  it("does not take a very long sleep for none, as Node's timers do", async () => {
    vi.useFakeTimers();
    let done = false;
    void systemClock.sleep(2 ** 40).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done).toBe(false);
  });

  it("ends a sleep with the signal's reason, and takes its timer back", async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const sleep = systemClock.sleep(1000, controller.signal);
    const reason = new Error("shutting down");
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not begin to sleep under an aborted signal", async () => {
    vi.useFakeTimers();
    await expect(systemClock.sleep(1000, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no listener on the signal of a sleep that has ended", async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    const sleep = systemClock.sleep(1, signal);
    await vi.advanceTimersByTimeAsync(1);
    await sleep;
    expect(removed).toHaveBeenCalledOnce();
  });

  it("calls what is scheduled once, and not what was cancelled", async () => {
    vi.useFakeTimers();
    const [kept, cancelled] = [vi.fn(), vi.fn()];
    systemClock.schedule(10, kept);
    const cancel = systemClock.schedule(10, cancelled);
    cancel();
    cancel();
    await vi.advanceTimersByTimeAsync(100);
    expect(kept).toHaveBeenCalledOnce();
    expect(cancelled).not.toHaveBeenCalled();
  });
});

describe("an abort's reason", () => {
  it("is the error that was given, or an error that quotes what was given", () => {
    const reason = new Error("enough");
    expect(abortReason(AbortSignal.abort(reason))).toBe(reason);
    expect(abortReason(AbortSignal.abort("enough"))).toMatchObject({ message: "aborted: enough" });
  });
});
