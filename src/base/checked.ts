/** One refused input: which field, what was written, what is accepted. */
export interface Problem {
  /** Where it stands: an annotation key, a JSON path such as `spec.ports[0].port`, a flag. */
  readonly field: string;
  /** What was written, quoted as it was; `undefined` when it is missing. */
  readonly got: string | undefined;
  /** What is accepted, as a phrase: "whole minutes, 4 to 100". */
  readonly want: string;
}

/** Input after checking: a value the rest may trust, or every problem at once. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `value` if there are no problems, all the problems otherwise. */
export function checked<T>(value: T, problems: readonly Problem[]): Checked<T> {
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** One problem as a sentence: `field: got "x", want y`. */
export function describeProblem({ field, got, want }: Problem): string {
  return got === undefined ? `${field} is missing, want ${want}` : `${field}: got ${JSON.stringify(got)}, want ${want}`;
}

/** Fails to compile where a union has a member that the switch above does not handle. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
