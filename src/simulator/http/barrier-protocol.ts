/**
 * What a process and a simulator say to each other to live in one time: docs/explanation/time.md.
 */

/** Where a process joins. */
export const JOIN_PATH = "/simulator/clock/join";

/** Where it says that nothing goes on in it. */
export const PARK_PATH = "/simulator/clock/park";

/** Request header of a participant: its id and the number that it gave to the request, `2;17`. */
export const PARTICIPANT_HEADER = "x-simulator-participant";

/** Answer header to a participant: the instant at which the answer left, milliseconds since the epoch. */
export const NOW_HEADER = "x-simulator-now";

/** First line that a participant is told after it has joined. */
export interface Welcome {
  readonly participant: string;
  readonly nowMs: number;
  /** Ports on loopback whose requests are counted. */
  readonly ports: readonly number[];
}

/** Any further line: what time it is, and whether the participant's timer is due. */
export interface Tick {
  readonly nowMs: number;
  /** The number of this jump among those of the participant, from 1; absent when somebody else's timer is due. */
  readonly jump?: number;
}

/** A participant's claim that nothing goes on in its process. */
export interface Claim {
  readonly participant: string;
  /** Counts claims: a later one replaces an earlier one, whichever arrives first. */
  readonly sequence: number;
  /** Jumps that the participant has been told of. A claim from before the last one says nothing. */
  readonly jumps: number;
  /** The highest number that it has given to a request; 0 before the first. */
  readonly last: number;
  /** Numbers of its requests that were sent and have not been answered, ascending. */
  readonly open: readonly number[];
  /** When its next timer is due, milliseconds since the epoch; absent when it has none. */
  readonly dueMs?: number;
}

/** `2;17` as it was meant; undefined when it is something else. */
export function participantOf(header: string | readonly string[] | undefined): SentBy | undefined {
  const [, participant, number] = /^(\w+);(\d+)$/.exec(typeof header === "string" ? header : "") ?? [];
  return participant === undefined ? undefined : { participant, number: Number(number) };
}

/** Who has sent a request, as which of its requests. */
export interface SentBy {
  readonly participant: string;
  readonly number: number;
}
