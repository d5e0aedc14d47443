const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How many smaller units are shown beside a bigger one, and until when: `kubectl`'s rule for ages. */
const STEPS: readonly {
  readonly below: number;
  readonly unit: number;
  readonly name: string;
  readonly rest?: readonly [number, string];
}[] = [
  { below: 2 * MINUTE, unit: SECOND, name: "s" },
  { below: 10 * MINUTE, unit: MINUTE, name: "m", rest: [SECOND, "s"] },
  { below: 3 * HOUR, unit: MINUTE, name: "m" },
  { below: 8 * HOUR, unit: HOUR, name: "h", rest: [MINUTE, "m"] },
  { below: 2 * DAY, unit: HOUR, name: "h" },
  { below: 8 * DAY, unit: DAY, name: "d", rest: [HOUR, "h"] },
  { below: 2 * YEAR, unit: DAY, name: "d" },
  { below: 8 * YEAR, unit: YEAR, name: "y", rest: [DAY, "d"] },
  { below: Number.POSITIVE_INFINITY, unit: YEAR, name: "y" },
];

/** The time since `timestamp` as `kubectl get` writes it: `5s`, `3m20s`, `47h`, `2d3h`; `<unknown>` without one. */
export function ageOf(timestamp: string | undefined, nowMs: number): string {
  if (timestamp === undefined || timestamp === "") return "<unknown>";
  return describeDuration(nowMs - Date.parse(timestamp));
}

/** A duration in milliseconds, as `HumanDuration` of Kubernetes writes it. */
export function describeDuration(ms: number): string {
  if (ms <= -2 * SECOND) return "<invalid>";
  if (ms < 0) return "0s";
  for (const { below, unit, name, rest } of STEPS) {
    if (ms >= below) continue;
    const whole = Math.floor(ms / unit);
    const small = rest === undefined ? 0 : Math.floor((ms % unit) / rest[0]);
    return small === 0 ? `${whole}${name}` : `${whole}${name}${small}${rest?.[1]}`;
  }
  return "<unknown>";
}
