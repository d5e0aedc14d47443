import { JOIN_PATH, PARK_PATH } from "../../http/barrier-protocol.ts";
import type { ControlSurface } from "../control-surface.ts";
import { joinClock, parkAtClock } from "./barrier-requests.ts";
import { advanceClock, answerClock, type ClockPlace } from "./clock-requests.ts";

/** Everything that can be asked about time. @param place - looked up for each request. */
export function serveClock(control: ControlSurface, place: () => ClockPlace): void {
  control.on("GET", "/simulator/clock", () => answerClock(place()));
  control.on("POST", "/simulator/clock/advance", (request) => advanceClock(request, place()));
  control.on("POST", JOIN_PATH, (request) => joinClock(request, place()));
  control.on("POST", PARK_PATH, (request) => parkAtClock(request, place()));
}
