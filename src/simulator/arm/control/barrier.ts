import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../../../base/clock.ts";
import { VirtualClock } from "../../../base/virtual-clock.ts";
import { type Claim, NOW_HEADER, PARTICIPANT_HEADER, participantOf, type Tick } from "../../http/barrier-protocol.ts";
import type { Timekeeper } from "../../http/exchange.ts";
import { byDue, Participant } from "./participant.ts";

/**
 * Keeps the time of several processes together: the simulator's clock jumps only while every participant is parked and
 * none of their requests is being worked on, and then to whatever is due first, here or in one of them.
 *
 * On the clock it is one piece of work that lasts while somebody is not parked, and one timer while everybody is.
 */
export class Barrier implements Timekeeper {
  readonly #clock: VirtualClock;
  readonly #awaited: number;
  readonly #participants = new Map<string, Participant>();
  #joined = 0;
  /** Ends the work that keeps the clock from jumping. */
  #release: (() => void) | undefined;
  #cancel: () => void = () => {};
  #closed = false;

  /**
   * @param clock - an automatic one, which nobody else stops or advances.
   * @param awaited - how many have to join before time begins, 1 or more. It stands again whenever nobody is left.
   */
  constructor(clock: VirtualClock, awaited: number) {
    this.#clock = clock;
    this.#awaited = awaited;
    clock.onMove((nowMs) => {
      for (const participant of this.#participants.values()) participant.tick(nowMs);
    });
    this.#review();
  }

  /** How many have to join before time begins. */
  get awaited(): number {
    return this.#awaited;
  }

  /** Those who take part, in the order in which they joined. */
  get participants(): readonly Participant[] {
    return [...this.#participants.values()];
  }

  find(id: string): Participant | undefined {
    return this.#participants.get(id);
  }

  /** Takes a process in; until its first claim time stands still. @param tell - brings it a line. */
  join(name: string, tell: (tick: Tick) => void): Participant {
    const id = String(++this.#joined);
    const participant = new Participant(id, name === "" ? id : name, tell);
    this.#participants.set(id, participant);
    this.#review();
    return participant;
  }

  /** Goes on without it. Idempotent. */
  leave(participant: Participant): void {
    this.#participants.delete(participant.id);
    this.#review();
  }

  /** Takes what a participant says of itself. */
  park(participant: Participant, claim: Claim): void {
    participant.claim(claim);
    this.#review();
  }

  /** Lets the clock go, for whoever has it next. */
  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#clock.onMove(() => {});
    this.#letGo();
  }

  /** Whether a request comes from somebody whose time is another one. */
  isForeign(headers: IncomingHttpHeaders): boolean {
    return this.#senderOf(headers) === undefined;
  }

  async attend(headers: IncomingHttpHeaders, work: () => Promise<void>): Promise<void> {
    const sender = this.#senderOf(headers);
    if (sender === undefined) return await work();
    const { participant, number } = sender;
    participant.arrived(number);
    this.#review();
    const watched = async (): Promise<void> => {
      try {
        await work();
      } finally {
        participant.answered(number);
        this.#review();
      }
    };
    await this.#clock.during(watched());
  }

  stamp(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
    return this.isForeign(headers) ? {} : { [NOW_HEADER]: String(this.#clock.now()) };
  }

  #senderOf(headers: IncomingHttpHeaders): { readonly participant: Participant; readonly number: number } | undefined {
    const sent = participantOf(headers[PARTICIPANT_HEADER]);
    const participant = sent && this.#participants.get(sent.participant);
    return participant && { participant, number: sent.number };
  }

  #review(): void {
    this.#cancel();
    if (this.#closed) return;
    if (this.#joined < this.#awaited || this.#participants.size === 0 || !this.#allParked) {
      this.#hold();
      return;
    }
    const dueMs = this.#first?.dueMs;
    // Set anew each time, so that what is due here comes before what is due there, in whatever order claims arrive.
    if (dueMs !== undefined) this.#cancel = this.#clock.schedule(dueMs - this.#clock.now(), () => this.#wakeFirst());
    this.#letGo();
  }

  get #allParked(): boolean {
    return this.participants.every(({ isParked }) => isParked);
  }

  get #first(): Participant | undefined {
    return this.participants.toSorted(byDue)[0];
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #hold(): void {
    if (this.#release !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#release = resolve;
    void this.#clock.during(promise);
  }

  #wakeFirst(): void {
    this.#first?.goOn(this.#clock.now());
    this.#review();
  }
}

/**
 * The barrier of a simulator that shares its time; undefined for one that does not.
 *
 * @throws Error when the clock is none that moves by itself, or nobody is awaited.
 */
export function openBarrier(clock: Clock, awaited: number | undefined): Barrier | undefined {
  if (awaited === undefined) return undefined;
  if (!(clock instanceof VirtualClock) || clock.mode !== "auto") {
    throw new Error("participants: only the time of an automatic VirtualClock can be shared");
  }
  if (!Number.isInteger(awaited) || awaited < 1) throw new Error(`participants: got ${awaited}, want 1 or more`);
  return new Barrier(clock, awaited);
}
