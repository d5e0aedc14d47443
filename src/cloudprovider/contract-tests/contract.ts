/** One obligation of a contract, as a test that any runner can bind. */
export interface ContractCase<Subject> {
  /** A sentence; unique within its suite and stable, because skips name it. */
  readonly name: string;
  /** Rejects with an AssertionError when the obligation is broken. Needs a fresh subject. */
  readonly run: (subject: Subject) => Promise<void>;
}

/** An obligation that an implementation does not keep, and why. */
export interface Skip {
  /** The {@link ContractCase.name}. */
  readonly name: string;
  readonly because: string;
}

/** A case as a runner sees it. */
export interface BoundCase<Subject> extends ContractCase<Subject> {
  /** Why the case must not be run; undefined when it must. */
  readonly skipped: string | undefined;
}

/**
 * The cases of a suite with an implementation's skips marked.
 *
 * @throws RangeError when a skip names no case: an obligation was renamed, or is kept by now.
 * @example
 * ```ts
 * for (const { name, run, skipped } of bindContract(routesContract, [])) {
 *   test(name, { skip: skipped ?? false }, () => run(freshSubject()));
 * }
 * ```
 */
export function bindContract<Subject>(
  cases: readonly ContractCase<Subject>[],
  skips: readonly Skip[],
): readonly BoundCase<Subject>[] {
  const reasons = new Map(skips.map(({ name, because }) => [name, because]));
  const unknown = [...reasons.keys()].filter((name) => !cases.some((contractCase) => contractCase.name === name));
  if (unknown.length > 0) throw new RangeError(`no contract case is named ${unknown.map((n) => `"${n}"`).join(", ")}`);
  return cases.map((contractCase) => ({
    name: contractCase.name,
    run: (subject) => contractCase.run(subject),
    skipped: reasons.get(contractCase.name),
  }));
}
