import type { Clock } from "../../base/clock.ts";

/** Says how long a key that failed must wait. */
export interface RateLimiter {
  /** Milliseconds to wait now; counts as one more failure of `key`. */
  when(key: string): number;
  /** What {@link when} would answer now; counts nothing. */
  peek(key: string): number;
  /** Forgets the failures of `key`. */
  forget(key: string): void;
  /** Failures of `key` since it was last forgotten. */
  failures(key: string): number;
}

/** `baseMs`, doubled with each failure of the same key, never more than `maxMs`. */
export function exponentialPerKey(baseMs: number, maxMs: number): RateLimiter {
  const failures = new Map<string, number>();
  const peek = (key: string): number => Math.min(maxMs, baseMs * 2 ** (failures.get(key) ?? 0));
  return {
    when: (key) => {
      const ms = peek(key);
      failures.set(key, (failures.get(key) ?? 0) + 1);
      return ms;
    },
    peek,
    forget: (key) => failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
  };
}

/** A token bucket over all keys: each call takes a token, on credit if need be, and waits until it is there. */
export function tokenBucket(perSecond: number, burst: number, clock: Clock): RateLimiter {
  let tokens = burst;
  let countedAtMs = clock.now();
  const afterTaking = (): number => Math.min(burst, tokens + ((clock.now() - countedAtMs) / 1000) * perSecond) - 1;
  const waitMs = (left: number): number => (left >= 0 ? 0 : (-left / perSecond) * 1000);
  return {
    when: () => {
      tokens = afterTaking();
      countedAtMs = clock.now();
      return waitMs(tokens);
    },
    peek: () => waitMs(afterTaking()),
    forget: () => {},
    failures: () => 0,
  };
}

/** Asks all limiters, each of which counts the failure, and waits as long as the strictest says. */
export function strictestOf(...limiters: readonly RateLimiter[]): RateLimiter {
  return {
    when: (key) => Math.max(...limiters.map((limiter) => limiter.when(key))),
    peek: (key) => Math.max(...limiters.map((limiter) => limiter.peek(key))),
    forget: (key) => {
      for (const limiter of limiters) limiter.forget(key);
    },
    failures: (key) => Math.max(...limiters.map((limiter) => limiter.failures(key))),
  };
}

/** What client-go gives a controller that asks for nothing else: 5 ms doubling to 1000 s, and 10 retries a second overall. */
export function defaultControllerLimiter(clock: Clock): RateLimiter {
  return strictestOf(exponentialPerKey(5, 1_000_000), tokenBucket(10, 100, clock));
}
