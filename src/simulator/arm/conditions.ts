import { ArmError } from "./arm-error.ts";

/** The conditions that a request carries. */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** What a conditional request is about. */
export interface ConditionTarget {
  /** Canonical id of the resource that has the etag: the parent's for a child. */
  readonly id: string;
  readonly provider: "network" | "compute";
  /** Etag as it is now; `undefined` when the resource does not exist. */
  readonly etag: string | undefined;
}

/** The 412 that a write earns by its conditions, if any. */
export function failedCondition(conditions: Conditions, target: ConditionTarget): ArmError | undefined {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch === "*" && target.etag !== undefined) {
    return preconditionFailed(target, "*", "if-none-match");
  }
  if (ifMatch === undefined) return undefined;
  if (ifMatch === "*" && target.etag !== undefined) return undefined;
  const given = ifMatch === "*" ? "*" : quoted(ifMatch, target.provider);
  return given === target.etag ? undefined : preconditionFailed(target, given, "if-match");
}

/** A bare token stands for its quoted form. */
function quoted(etag: string, provider: ConditionTarget["provider"]): string {
  if (/^(W\/)?".*"$/.test(etag)) return etag;
  return provider === "network" ? `W/"${etag}"` : `"${etag}"`;
}

function preconditionFailed({ id, provider, etag }: ConditionTarget, given: string, header: string): ArmError {
  if (provider === "compute") {
    const message = `Etag provided in ${header} header ${given} does not match etag ${etag ?? "null"} of resource.`;
    return new ArmError(412, "PreconditionFailed", message);
  }
  const message = `Etag provided in ${header} header ${given} does not match etag ${etag ?? "null"} of resource ${id} in NRP data store.`;
  const details = [{ code: "PreconditionFailedEtagMismatch", message }];
  return new ArmError(412, "PreconditionFailed", "Precondition failed.", { details });
}
