import type { Clock } from "../../../base/clock.ts";
import { VirtualClock } from "../../../base/virtual-clock.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import { numberAt } from "../json.ts";

/** Longest step of one request, milliseconds: a hundred days. */
const LONGEST_STEP_MS = 8_640_000_000;

/** `GET /simulator/clock`: which clock the simulator runs on, and what it says. */
export function answerClock(clock: Clock): Answer {
  const nowMs = clock.now();
  return { status: 200, body: { clock: kindOf(clock), nowMs, now: new Date(nowMs).toISOString() } };
}

/** `POST /simulator/clock/advance` with `ms`: moves a virtual clock; every operation that falls due on the way ends. */
export async function advanceClock(request: SimulatedRequest, clock: Clock): Promise<Answer> {
  const body = controlBody(request);
  if (body === undefined) return refused(400, "InvalidRequestContent", "the body must be a JSON object");
  if (body["automatic"] !== undefined) return refused(409, "AutomaticJumpRefused", AUTOMATIC);
  if (!(clock instanceof VirtualClock)) return refused(409, "SystemClock", SYSTEM);
  const ms = numberAt(body, "ms");
  if (ms === undefined || ms < 0 || ms > LONGEST_STEP_MS) {
    const got = body["ms"] === undefined ? "ms is missing" : `ms: got ${JSON.stringify(body["ms"])}`;
    return refused(400, "InvalidStep", `${got}, want milliseconds from 0 to ${LONGEST_STEP_MS}`);
  }
  await clock.advance(ms);
  return answerClock(clock);
}

const SYSTEM =
  "this simulator runs on the system's clock, which cannot be moved; start it on a clock of its own: --clock manual, or a VirtualClock";

const AUTOMATIC =
  "time does not jump by itself: the simulator cannot know whether a foreign program is idle or about to send; say how far to go with ms, or use a scaled latency";

function kindOf(clock: Clock): "system" | "manual" | "auto" | "own" {
  if (clock instanceof VirtualClock) return clock.mode;
  return Math.abs(clock.now() - Date.now()) < 1000 ? "system" : "own";
}
