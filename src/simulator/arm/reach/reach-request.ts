import { describeProblem } from "../../../base/checked.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import { checkDocument } from "../read-document.ts";
import { type Packet, parsePacket } from "./packet.ts";
import type { ProbeAnswers } from "./probing.ts";
import { answersExcept, unansweredSchema } from "./unanswered.ts";
import { describeReach, nodesOf, type Reach } from "./verdict.ts";

/** Answers for one packet over what is in effect now. */
export type ReachNow = (packet: Packet, answers: ProbeAnswers) => Reach;

/**
 * `POST /simulator/reach`: a packet with, beside its members, `unanswered`: a list of `{node, port}` whose probes are not
 * answered; either member may be absent. Answers the {@link Reach} with `nodes` and a `summary` for people.
 */
export function answerReach(request: SimulatedRequest, reach: ReachNow): Answer {
  const body = controlBody(request);
  if (body === undefined) return refused(400, "InvalidRequestContent", "the body must be a JSON object");
  const packet = parsePacket(body);
  const silent = checkDocument(unansweredSchema, body["unanswered"] ?? [], "unanswered");
  if (!packet.ok || !silent.ok) {
    const problems = [packet, silent].flatMap((part) => (part.ok ? [] : part.problems));
    return refused(400, "InvalidPacket", problems.map(describeProblem).join("; "));
  }
  const found = reach(packet.value, answersExcept(silent.value));
  const body200 = { ...found, nodes: nodesOf(found), summary: describeReach(found) };
  return { status: 200, body: body200 };
}
