import type { WriteMoment } from "../write-events.ts";

/** What an oracle watches. */
export type OracleName =
  /** What is not the tested program's own stays as it is. */
  | "foreign"
  /** Members of bodies that ARM's schema does not name stay as they are. */
  | "unknown"
  /** What was reachable and is still asked for stays reachable. */
  | "reachable"
  /** What is asked to be shut is not reachable, at any time. */
  | "denied"
  /** An address that is published works; one whose Service has gone does not. */
  | "published"
  /** No two frontends have the same address, no two rules the same port. */
  | "clash"
  /** Nothing grows beyond what Azure allows. */
  | "limit";

/** All oracles. */
export const ORACLES: readonly OracleName[] = [
  "foreign",
  "unknown",
  "reachable",
  "denied",
  "published",
  "clash",
  "limit",
];

/** When and by what something happened. */
export interface Occasion {
  /** Milliseconds since the epoch by the simulator's clock. */
  readonly atMs: number;
  /** A moment of a write; the publication of a status; the end of the test. */
  readonly moment: WriteMoment | "published" | "end";
  /** `PUT /subscriptions/...`, or what else it was. */
  readonly cause: string;
}

/** What an oracle has to say against an occasion. */
export interface Finding {
  readonly oracle: OracleName;
  /** Id of the resource or child, or the address, that it is about. */
  readonly resource: string;
  readonly message: string;
}

/** Something that must not happen and did. */
export interface Violation extends Occasion, Finding {}

/** A report for people: a line for each violation. */
export function describeViolations(violations: readonly Violation[]): string {
  const lines = violations.map(({ atMs, moment, cause, oracle, resource, message }) => {
    const time = new Date(atMs).toISOString();
    return `${time} ${oracle}: ${message}\n    at ${resource}\n    ${moment}: ${cause}`;
  });
  const word = violations.length === 1 ? "violation" : "violations";
  return `${violations.length} ${word}\n${lines.join("\n")}`;
}
