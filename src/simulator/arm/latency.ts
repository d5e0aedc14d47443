/** How long something takes at reference timing, milliseconds. */
export interface Duration {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** `Retry-After` in whole seconds on the first answer and on polls; absent where real ARM sends none. */
export interface RetryAfter {
  readonly first?: number;
  readonly poll?: number;
}

/** Timing of one kind of write. */
export interface WriteTiming {
  /** Until the first answer. */
  readonly answer: Duration;
  /** From acceptance to the operation's end. */
  readonly operation: Duration;
  readonly retryAfter: RetryAfter;
}

/** How the simulator spends time. */
export interface LatencyProfile {
  /** Milliseconds until a request is answered; 0 answers in the same turn. */
  answerMs(reference: Duration, draws: Draws): number;
  /**
   * Milliseconds from acceptance to the end of an operation; 0 ends it at acceptance.
   *
   * @param type - full name of the resource's type; absent for resource groups.
   */
  operationMs(reference: Duration, draws: Draws, type?: string): number;
  /** `Retry-After` seconds to send instead of real ARM's, or `undefined` to send none. */
  retryAfterSeconds(reference: number): number | undefined;
}

/** The same times for every kind of resource. */
export interface FixedLatency {
  /** Milliseconds from acceptance to the end of an operation. */
  readonly operationMs: number;
  /** Milliseconds until a request is answered. Default 0. */
  readonly answerMs?: number;
  /** Whether `Retry-After` is sent, as real ARM does. Default false. */
  readonly retryAfter?: boolean;
}

/** Makes two independent uniform draws from 0 (inclusive) to 1 (exclusive). Called only by profiles that need them. */
export type Draws = () => readonly [number, number];

/**
 * - `"zero"`: everything is done at once, no `Retry-After`.
 * - `"second"`: operations take about a second, answers some 30 ms, no `Retry-After`: for people who watch.
 * - a number: the reference timing times that factor; 1 is Azure. `Retry-After` from 1 on, dropped below.
 * - the same times for everything, or a profile of your own.
 */
export type Latency = "zero" | "second" | number | FixedLatency | LatencyProfile;

/** The profile that `latency` names. */
export function latencyProfile(latency: Latency): LatencyProfile {
  if (latency === "zero" || latency === 0) return ZERO;
  if (latency === "second") return SECOND;
  if (typeof latency === "number") return scaled(latency);
  return isFixed(latency) ? fixed(latency) : latency;
}

function isFixed(latency: FixedLatency | LatencyProfile): latency is FixedLatency {
  return typeof latency.operationMs === "number";
}

function fixed({ operationMs, answerMs = 0, retryAfter = false }: FixedLatency): LatencyProfile {
  return {
    answerMs: () => answerMs,
    operationMs: () => operationMs,
    retryAfterSeconds: (seconds) => (retryAfter ? seconds : undefined),
  };
}

const ZERO: LatencyProfile = { answerMs: () => 0, operationMs: () => 0, retryAfterSeconds: () => undefined };

const SECOND: LatencyProfile = {
  answerMs: (_, draws) => Math.round(15 + 30 * draws()[0]),
  operationMs: (_, draws) => Math.round(700 + 600 * draws()[0]),
  retryAfterSeconds: () => undefined,
};

function scaled(factor: number): LatencyProfile {
  return {
    answerMs: (reference, draws) => Math.round(logNormal(reference, draws) * factor),
    operationMs: (reference, draws) => Math.round(logNormal(reference, draws) * factor),
    retryAfterSeconds: (seconds) => (factor >= 1 ? Math.ceil(seconds * factor) : undefined),
  };
}

/** 95th percentile of the standard normal distribution. */
const Z95 = 1.645;

/** A draw from the log-normal distribution with the given median and 95th percentile. */
export function logNormal({ p50Ms, p95Ms }: Duration, draws: Draws): number {
  const [first, second] = draws();
  const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
  return p50Ms * Math.exp((Math.log(p95Ms / p50Ms) / Z95) * normal);
}
