import { type Checked, describeProblem, type Problem } from "../../../base/checked.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import { isObject, type JsonObject, listAt, numberAt, textAt } from "../json.ts";
import { type Packet, parsePacket } from "./packet.ts";
import type { ProbeAnswers } from "./probing.ts";
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
  const answers = parseUnanswered(body);
  if (!packet.ok || !answers.ok) {
    const problems = [packet, answers].flatMap((part) => (part.ok ? [] : part.problems));
    return refused(400, "InvalidPacket", problems.map(describeProblem).join("; "));
  }
  const found = reach(packet.value, answers.value);
  const body200 = { ...found, nodes: nodesOf(found), summary: describeReach(found) };
  return { status: 200, body: body200 };
}

/** Who answers probes, from the `unanswered` of a request. */
function parseUnanswered(body: JsonObject): Checked<ProbeAnswers> {
  const items = listAt(body, "unanswered");
  const problems = items.flatMap((item, i): readonly Problem[] => {
    const known = isObject(item) && (textAt(item, "node") !== undefined || numberAt(item, "port") !== undefined);
    const want = "an object with a node's name, a port, or both";
    return known ? [] : [{ field: `unanswered[${i}]`, got: JSON.stringify(item), want }];
  });
  if (problems.length > 0) return { ok: false, problems };
  const silent = items.filter(isObject).map((item) => ({ node: textAt(item, "node"), port: numberAt(item, "port") }));
  const answers: ProbeAnswers = (question) =>
    !silent.some(
      ({ node, port }) =>
        (node === undefined || node === question.node) && (port === undefined || port === question.port),
    );
  return { ok: true, value: answers };
}
