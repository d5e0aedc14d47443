import type { Clock } from "../../base/clock.ts";

/**
 * The same clock, but its time never goes back. When the machine's clock is set back by an hour, a bucket that was filled
 * "in an hour" and a look that is due then would stop every request for that hour.
 *
 * From then on it is ahead of the machine's: only what is measured with it is right, and no date.
 */
export function steadyClock(clock: Clock): Clock {
  let [last, aheadMs] = [clock.now(), 0];
  const now = (): number => {
    const ms = clock.now();
    aheadMs = Math.max(aheadMs, aheadMs + last - ms);
    last = ms;
    return ms + aheadMs;
  };
  return {
    now,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    schedule: (ms, run) => clock.schedule(ms, run),
    during: (work) => clock.during(work),
    parked: (wait) => clock.parked(wait),
  };
}
