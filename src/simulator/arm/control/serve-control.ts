import { describeProblem } from "../../../base/checked.ts";
import type { Clock } from "../../../base/clock.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { Journal } from "../../http/journal.ts";
import type { Behaviour } from "../behaviour.ts";
import { type ControlSurface, controlBody, refused } from "../control-surface.ts";
import { answerReach, type ReachNow } from "../reach/reach-request.ts";
import type { StateParts } from "../state/dump.ts";
import { checkBehaviour } from "./behaviour-spec.ts";
import { advanceClock, answerClock } from "./clock-requests.ts";
import type { FaultBook } from "./fault-book.ts";
import { answerFaults, removeFaults, setFaults } from "./fault-requests.ts";
import { answerCounts, answerJournal } from "./journal-requests.ts";
import { answerState, takeState } from "./state-requests.ts";

/** What the control surface reaches. */
export interface ControlParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly book: FaultBook;
  readonly state: StateParts;
  readonly reach: ReachNow;
  /** Turns switches, and returns how all of them stand. */
  readonly behave: (change: Partial<Behaviour>) => Behaviour;
}

/** Everything that can be asked below `/simulator`. */
export function serveControl(control: ControlSurface, parts: ControlParts): void {
  const { clock, journal, book, state, reach, behave } = parts;
  control.on("POST", "/simulator/reach", (request) => answerReach(request, reach));
  control.on("GET", "/simulator/state", () => answerState(state));
  control.on("PUT", "/simulator/state", (request) => takeState(request, state));
  control.on("GET", "/simulator/journal", () => answerJournal(journal));
  control.on("GET", "/simulator/journal/counts", () => answerCounts(journal));
  control.on("GET", "/simulator/faults", () => answerFaults(book));
  control.on("POST", "/simulator/faults", (request) => setFaults(request, book));
  control.on("DELETE", "/simulator/faults", (request) => removeFaults(request, book));
  control.on("GET", "/simulator/behaviour", () => ({ status: 200, body: behave({}) }));
  control.on("POST", "/simulator/behaviour", (request) => turn(request, behave));
  control.on("GET", "/simulator/clock", () => answerClock(clock));
  control.on("POST", "/simulator/clock/advance", (request) => advanceClock(request, clock));
}

function turn(request: SimulatedRequest, behave: ControlParts["behave"]): Answer {
  const change = checkBehaviour(controlBody(request));
  if (change.ok) return { status: 200, body: behave(change.value) };
  return refused(400, "InvalidBehaviour", change.problems.map(describeProblem).join("; "));
}
