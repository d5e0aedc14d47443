import assert from "node:assert/strict";
import { CloudError, type CloudErrorCode } from "../errors.ts";

/** A signal that never aborts. */
export function patiently(): AbortSignal {
  return new AbortController().signal;
}

/** A value that throws when somebody tries to change it, through and through. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

/** Claims that `work` rejects with a CloudError of that code, and with nothing else. */
export async function rejects(work: Promise<unknown>, code: CloudErrorCode): Promise<void> {
  const reason = await rejection(work);
  assert.ok(reason instanceof CloudError, `want a CloudError ${code}, got ${String(reason)}`);
  assert.equal(reason.code, code, reason.message);
}

/** Claims that a call whose signal has aborted already ends in a CloudError `Aborted`. */
export async function endsOnAbort(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  await rejects(call(AbortSignal.abort()), "Aborted");
}

/** Claims that `work` makes no change in the cloud. */
export async function writesNothing<T>(writes: () => number, work: () => Promise<T>): Promise<T> {
  const before = writes();
  const answer = await work();
  assert.equal(writes() - before, 0, "no write may be made");
  return answer;
}

/** What `work` rejects with; fails when it resolves. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  const resolved = Symbol("resolved");
  const outcome: unknown = await work.then(
    () => resolved,
    (reason: unknown) => reason,
  );
  assert.notEqual(outcome, resolved, "the call must be refused");
  return outcome;
}
