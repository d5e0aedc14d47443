import type { Clock } from "../../../base/clock.ts";
import { VirtualClock, type VirtualClockMode } from "../../../base/virtual-clock.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import { numberAt } from "../json.ts";
import type { Barrier } from "./barrier.ts";

/** The clock of a simulator, and who shares it. */
export interface ClockPlace {
  readonly clock: Clock;
  /** Undefined unless other processes live in this time. */
  readonly barrier: Barrier | undefined;
  /** Where the simulator listens. */
  readonly urls: readonly (string | undefined)[];
}

/** Which clock the simulator runs on: `shared` is an automatic one that it shares with other processes. */
export type ClockKind = VirtualClockMode | "system" | "own" | "shared";

/** Longest step of one request, milliseconds: a hundred days. */
const LONGEST_STEP_MS = 8_640_000_000;

/** `GET /simulator/clock`: which clock the simulator runs on, what it says, and where those are who share it. */
export function answerClock({ clock, barrier }: Pick<ClockPlace, "clock" | "barrier">): Answer {
  const nowMs = clock.now();
  const body = { clock: kindOf(clock, barrier), nowMs, now: new Date(nowMs).toISOString() };
  if (barrier === undefined) return { status: 200, body };
  const participants = barrier.participants.map(({ id, name, isParked, dueMs, open }) => {
    return { id, name, state: isParked ? "parked" : "running", ...(dueMs !== undefined && { dueMs }), open };
  });
  return { status: 200, body: { ...body, awaited: barrier.awaited, participants } };
}

/** `POST /simulator/clock/advance` with `ms`: moves a virtual clock; every operation that falls due on the way ends. */
export async function advanceClock(request: SimulatedRequest, place: ClockPlace): Promise<Answer> {
  const { clock, barrier } = place;
  const body = controlBody(request);
  if (body === undefined) return refused(400, "InvalidRequestContent", "the body must be a JSON object");
  if (barrier !== undefined) return refused(409, "SharedClock", SHARED);
  if (body["automatic"] !== undefined) return refused(409, "AutomaticJumpRefused", AUTOMATIC);
  if (!(clock instanceof VirtualClock)) return refused(409, "SystemClock", SYSTEM);
  const ms = numberAt(body, "ms");
  if (ms === undefined || ms < 0 || ms > LONGEST_STEP_MS) {
    const got = body["ms"] === undefined ? "ms is missing" : `ms: got ${JSON.stringify(body["ms"])}`;
    return refused(400, "InvalidStep", `${got}, want milliseconds from 0 to ${LONGEST_STEP_MS}`);
  }
  await clock.advance(ms);
  return answerClock(place);
}

const SYSTEM =
  "this simulator runs on the system's clock, which cannot be moved; start it on a clock of its own: --clock manual, or a VirtualClock";

const AUTOMATIC =
  "time does not jump by itself: the simulator cannot know whether a foreign program is idle or about to send; say how far to go with ms, or use a scaled latency";

const SHARED =
  "time is shared and moves by itself, when everybody who takes part is parked; it cannot be moved from outside";

/** Names the clock of a result. */
export function kindOf(clock: Clock, barrier: Barrier | undefined): ClockKind {
  if (barrier !== undefined) return "shared";
  if (clock instanceof VirtualClock) return clock.mode;
  return Math.abs(clock.now() - Date.now()) < 1000 ? "system" : "own";
}

/** What a client is told whose time is another one: its operations would end at instants that mean nothing to it. */
export function refuseForeigner(): Answer {
  return refused(409, "NotAParticipant", FOREIGN);
}

const FOREIGN =
  "time here moves by itself, for those who take part in it, and this request comes from nobody who does: run the program with --import azure-cloud-provider/simulator/virtual-time and AZURE_SIMULATOR_TIME, or give it a simulator with --clock system or manual";
