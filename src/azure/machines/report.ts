import type { SkipReason } from "./membership.ts";
import type { Ended } from "./writes.ts";

/** A machine that was left as it is. */
export interface Skipped {
  /** Undefined for a scale-set model and for an interface without a machine. */
  readonly node: string | undefined;
  /** The ARM id of what was left alone; empty when no machine was found. */
  readonly resourceId: string;
  readonly reason: SkipReason;
}

/** A machine whose change did not work. */
export interface Failed {
  readonly node: string | undefined;
  readonly resourceId: string;
  /** A `CloudError` as a rule. */
  readonly error: unknown;
}

/** What became of a change of a pool. Every machine that was concerned is in one of the lists, sorted by node. */
export interface PoolReport {
  /** Nodes that are as they were asked to be, whether that took a write or not; confirmed by ARM. */
  readonly done: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly failed: readonly Failed[];
}

/** Sorts what ended into a report. */
export function poolReport(ended: readonly Ended[]): PoolReport {
  const done: string[] = [];
  const skipped: Skipped[] = [];
  const failed: Failed[] = [];
  for (const { task, outcome } of ended) {
    const { node, resourceId } = task;
    if (outcome.act === "skip") skipped.push({ node, resourceId, reason: outcome.reason });
    else if (outcome.act === "error") failed.push({ node, resourceId, error: outcome.error });
    else if (outcome.act === "fail") failed.push({ node, resourceId, error: new Error(outcome.message) });
    else if (node !== undefined) done.push(node);
  }
  return { done: done.toSorted(), skipped: skipped.toSorted(byNode), failed: failed.toSorted(byNode) };
}

interface Subject {
  readonly node: string | undefined;
  readonly resourceId: string;
}

function byNode(a: Subject, b: Subject): number {
  const [one, other] = [`${a.node ?? ""} ${a.resourceId}`, `${b.node ?? ""} ${b.resourceId}`];
  return one < other ? -1 : one > other ? 1 : 0;
}
