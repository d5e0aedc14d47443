import { describeProblem } from "../../../base/checked.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import { dumpState, type StateParts } from "../state/dump.ts";
import { loadState } from "../state/load.ts";
import { checkState } from "../state/state.ts";

/** `GET /simulator/state`: a dump. */
export function answerState(parts: StateParts): Answer {
  return { status: 200, body: dumpState(parts) };
}

/** `PUT /simulator/state`: takes a dump for everything there is. */
export function takeState(request: SimulatedRequest, parts: StateParts): Answer {
  const body = controlBody(request);
  if (body === undefined) return refused(400, "InvalidRequestContent", "the body must be a JSON object");
  const state = checkState(body);
  const loaded = state.ok ? loadState(state.value, parts) : state;
  if (loaded.ok) return { status: 200, body: { resources: loaded.value } };
  return refused(400, "InvalidState", loaded.problems.map(describeProblem).join("; "));
}
