import { describeProblem } from "../../../base/checked.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import type { FaultBook } from "./fault-book.ts";

/** `GET /simulator/faults`: what was set by data, and how often each has happened. */
export function answerFaults(book: FaultBook): Answer {
  return { status: 200, body: { faults: book.list() } };
}

/** `POST /simulator/faults`: one fault, or several under `faults`. All of them are set, or none. */
export function setFaults(request: SimulatedRequest, book: FaultBook): Answer {
  const body = controlBody(request);
  if (body === undefined) return refused(400, "InvalidRequestContent", "the body must be a JSON object");
  const several = body["faults"];
  const added = Array.isArray(several) ? book.add(several) : book.add([body], () => "");
  if (!added.ok) return refused(400, "InvalidFault", added.problems.map(describeProblem).join("; "));
  return { status: 201, body: { ids: added.value } };
}
