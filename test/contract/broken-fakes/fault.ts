import { describe, expect, it } from "vitest";
import type { ContractCase } from "../../../src/cloudprovider/contract-tests/index.ts";

/** One way to break an implementation, and the obligation that must notice. */
export interface Fault<T> {
  readonly name: string;
  /** Methods that replace those of the whole implementation. */
  readonly broken: (whole: T) => Partial<T>;
  readonly caughtBy: string;
}

/** What a table of faults is about. */
export interface Suspect<T, Subject> {
  readonly contract: readonly ContractCase<Subject>[];
  readonly faults: readonly Fault<T>[];
  /** A subject whose implementation has been replaced in part. */
  readonly subject: (broken: Fault<T>["broken"]) => Subject;
  /** Obligations whose fault cannot be told in the table; they have tests of their own. */
  readonly elsewhere?: readonly string[];
}

/** A test per fault, and one that no obligation is without a fault. */
export function catches<T, Subject>(title: string, suspect: Suspect<T, Subject>): void {
  const { contract, faults, subject, elsewhere = [] } = suspect;
  describe(title, () => {
    for (const { name, broken, caughtBy } of faults) {
      it(name, () => wantFailure(contract, caughtBy, subject(broken)));
    }
    it("or breaks any other obligation: each has a fault that it catches", () => {
      const caught = new Set([...faults.map(({ caughtBy }) => caughtBy), ...elsewhere]);
      expect(contract.map(({ name }) => name).filter((name) => !caught.has(name))).toEqual([]);
    });
  });
}

/** Runs the named case of a suite on a broken subject and wants it to fail. */
export async function wantFailure<S>(cases: readonly ContractCase<S>[], caughtBy: string, subject: S): Promise<void> {
  const found = cases.find(({ name }) => name === caughtBy);
  if (found === undefined) throw new Error(`no case is named "${caughtBy}"`);
  await expect(found.run(subject)).rejects.toThrow();
}

/** A signal that never aborts: what an implementation hands on that does not hear its own. */
export function never(): AbortSignal {
  return new AbortController().signal;
}
