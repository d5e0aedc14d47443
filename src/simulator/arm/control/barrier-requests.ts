import type { ServerResponse } from "node:http";
import type { Claim, Welcome } from "../../http/barrier-protocol.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { controlBody, refused } from "../control-surface.ts";
import { listAt, numberAt, wordAt } from "../json.ts";
import type { ClockPlace } from "./clock-requests.ts";

const NO_BARRIER =
  "this simulator's time is nobody else's: start it with --clock auto, or with the option participants and an automatic VirtualClock";

/**
 * `POST /simulator/clock/join` with `name`: takes a process in. The answer goes on for as long as it takes part, a JSON
 * document a line: a {@link Welcome}, then ticks. The end of the connection ends the participation.
 */
export function joinClock(request: SimulatedRequest, { barrier, clock, urls }: ClockPlace): Answer {
  const body = controlBody(request);
  if (barrier === undefined) return refused(409, "NoBarrier", NO_BARRIER);
  if (body === undefined) return refused(400, "InvalidRequestContent", "the body must be a JSON object");
  const name = wordAt(body, "name");
  const stream = async (response: ServerResponse): Promise<void> => {
    const write = (line: object): void => void response.write(`${JSON.stringify(line)}\n`);
    const participant = barrier.join(name, write);
    const welcome: Welcome = { participant: participant.id, nowMs: clock.now(), ports: portsOf(urls) };
    write(welcome);
    try {
      await aborted(request.signal);
    } finally {
      barrier.leave(participant);
      response.end();
    }
  };
  return { status: 200, headers: { "content-type": "application/x-ndjson" }, stream };
}

/** `POST /simulator/clock/park` with a {@link Claim}. */
export function parkAtClock(request: SimulatedRequest, { barrier }: ClockPlace): Answer {
  const claim = claimOf(request);
  if (barrier === undefined) return refused(409, "NoBarrier", NO_BARRIER);
  if (claim === undefined) {
    const want = "participant, sequence, jumps, last, open, perhaps dueMs";
    return refused(400, "InvalidClaim", `want ${want}; got ${request.body}`);
  }
  const participant = barrier.find(claim.participant);
  if (participant === undefined) {
    return refused(404, "NotAParticipant", `there is no participant ${claim.participant}; it may have left`);
  }
  barrier.park(participant, claim);
  return { status: 204 };
}

function claimOf(request: SimulatedRequest): Claim | undefined {
  const body = controlBody(request) ?? {};
  const [sequence, jumps, last] = [numberAt(body, "sequence"), numberAt(body, "jumps"), numberAt(body, "last")];
  const dueMs = numberAt(body, "dueMs");
  const participant = wordAt(body, "participant");
  const open = listAt(body, "open").filter((number): number is number => typeof number === "number");
  if (participant === "" || sequence === undefined || jumps === undefined || last === undefined) return undefined;
  return { participant, sequence, jumps, last, open, ...(dueMs !== undefined && { dueMs }) };
}

function portsOf(urls: readonly (string | undefined)[]): readonly number[] {
  return urls.flatMap((url) => (url === undefined ? [] : [Number(new URL(url).port)]));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
