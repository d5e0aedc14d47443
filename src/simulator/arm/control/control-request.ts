import { type Checked, describeProblem } from "../../../base/checked.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { refused } from "../control-surface.ts";

/** What a request on the control surface asks for, and how it is answered. */
export interface ControlQuestion<T> {
  readonly check: (body: unknown) => Checked<T>;
  /** Code of the refusal when the body is not what it should be. */
  readonly code: string;
  readonly answer: (value: T) => Answer;
}

/** Answers a request whose body is JSON of any kind; an empty one is an empty object. Every mistake in it is told of at once. */
export function answerBody<T>({ body }: SimulatedRequest, { check, code, answer }: ControlQuestion<T>): Answer {
  const parsed = parse(body);
  if (!parsed.ok) return refused(400, "InvalidRequestContent", "the body must be JSON");
  const value = check(parsed.value);
  return value.ok ? answer(value.value) : refused(400, code, value.problems.map(describeProblem).join("; "));
}

/** An answer of JSON. */
export function told(body: object, status = 200): Answer {
  return { status, body };
}

/** The parameter of the query that says what a request is about; a refusal when there is none. */
export function answerAbout({ url }: SimulatedRequest, name: string, answer: (value: string) => Answer): Answer {
  const value = url.searchParams.get(name);
  return value === null ? refused(400, "MissingParameter", `${name} is missing from the query`) : answer(value);
}

/** Takes away what `id` names, or everything. */
export function answerRemoval({ url }: SimulatedRequest, remove: (id?: string) => number): Answer {
  const id = url.searchParams.get("id");
  if (id === null) return told({ removed: remove() });
  if (remove(id) > 0) return told({ removed: 1 });
  return refused(404, "NotFound", `id: got ${JSON.stringify(id)}, want the id of one that is set`);
}

function parse(body: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(body === "" ? "{}" : body) };
  } catch {
    return { ok: false };
  }
}
