import { abortReason, type Clock } from "../../../base/clock.ts";
import { ArmFailure } from "../failure.ts";
import { Alarm } from "./alarm.ts";
import { NO_CAPS, type RateCaps } from "./caps.ts";
import { type Draw, groupOf } from "./draws.ts";
import type { GateEvent, GatePass, GateTicket, ThrottleGate } from "./gate.ts";
import { turnOf } from "./lane.ts";
import { Ledger, type Wanted } from "./ledger.ts";
import { WaitingLine } from "./line.ts";
import type { Token } from "./meters.ts";

/** What a gate may be told; every field has a default. */
export interface TokenGateOptions {
  /** Where our resources are, such as `westeurope`. */
  readonly region?: string;
  /** Limits besides Azure's own. */
  readonly caps?: RateCaps;
  /** The longest a request waits for a bucket that is closed or empty before its caller is told, milliseconds. */
  readonly patienceMs?: number;
  /** Told what happens. What it throws is ignored. */
  readonly observe?: (event: GateEvent) => void;
}

const PATIENCE_MS = 60_000;

interface Waiter extends Wanted {
  readonly enteredMs: number;
  readonly admit: (tokens: readonly Token[]) => void;
  readonly refuse: (error: Error) => void;
  draws: readonly Draw[];
  /** Of the ledger when the draws were made. */
  version: number;
}

interface Reserved {
  readonly ticket: GateTicket;
  readonly tokens: readonly Token[];
}

/**
 * The throttle gate: a request goes when every bucket that it counts for has a token, the first in line first. What ARM
 * answers corrects the buckets, closes them, or parks the one resource it was about.
 */
export class TokenGate implements ThrottleGate {
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #patienceMs: number;
  readonly #observe: (event: GateEvent) => void;
  readonly #line = new WaitingLine<Waiter>();
  /** How many wait, by group and lane. */
  readonly #waiting = new Map<string, number>();
  /** Drawn for writes that are yet to be sent. */
  readonly #reserved = new Map<string, Reserved>();
  /** Nobody in the line can go before it rings. */
  readonly #alarm: Alarm;

  constructor(clock: Clock, options: TokenGateOptions = {}) {
    const { region = "", caps = NO_CAPS, patienceMs = PATIENCE_MS, observe = () => {} } = options;
    this.#clock = clock;
    this.#ledger = new Ledger({ caps, region: region.toLowerCase().replaceAll(" ", "") });
    this.#patienceMs = patienceMs;
    this.#observe = observe;
    this.#alarm = new Alarm(clock, () => this.#letGo());
  }

  async enter(ticket: GateTicket, signal: AbortSignal): Promise<GatePass> {
    const reserved = this.#takeReserved(ticket);
    if (reserved !== undefined) return this.#pass(reserved.ticket, this.#ledger.sentNow(reserved.tokens));
    return this.#pass(ticket, await this.#tokens(ticket, signal));
  }

  async reserve(ticket: GateTicket, signal: AbortSignal): Promise<() => void> {
    const reserved: Reserved = { ticket, tokens: await this.#tokens(ticket, signal) };
    this.#reserved.set(reservationOf(ticket), reserved);
    return () => {
      if (this.#reserved.get(reservationOf(ticket)) === reserved) this.#giveBack(reserved);
    };
  }

  waitMs(ticket: GateTicket): number {
    const now = this.#clock.now();
    return this.#ledger.readyAt(this.#wanted(ticket, now), now) - now;
  }

  /** Things that are remembered: bounded by what is in use, however many resources come and go. */
  get remembered(): number {
    return this.#ledger.size + this.#line.length + this.#waiting.size + this.#reserved.size;
  }

  #takeReserved(ticket: GateTicket): Reserved | undefined {
    const reserved = ticket.kind === "read" ? undefined : this.#reserved.get(reservationOf(ticket));
    if (reserved === undefined) return undefined;
    const draws = reserved.tokens.map(({ draw }) => draw);
    if (this.#ledger.stopped(reserved.ticket, draws, this.#clock.now())) {
      this.#giveBack(reserved); // ARM has asked for a pause since
      return undefined;
    }
    this.#reserved.delete(reservationOf(ticket));
    return reserved;
  }

  #giveBack({ ticket, tokens }: Reserved): void {
    this.#reserved.delete(reservationOf(ticket));
    this.#ledger.giveBack(tokens, this.#clock.now());
    this.#letGo();
  }

  #tokens(ticket: GateTicket, signal: AbortSignal): Promise<readonly Token[]> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    const now = this.#clock.now();
    if ((this.#alarm.atMs ?? Number.POSITIVE_INFINITY) <= now) this.#letGo();
    const wanted = this.#wanted(ticket, now);
    const readyAt = this.#ledger.readyAt(wanted, now);
    if (readyAt <= now) {
      this.#tellEntered(ticket, 0);
      return Promise.resolve(this.#ledger.take(wanted.draws, now));
    }
    if (readyAt - now > this.#patienceMs) return Promise.reject(heldBack(ticket, readyAt - now));
    this.#alarm.setTo(Math.min(readyAt, this.#alarm.atMs ?? readyAt));
    return this.#standInLine(wanted, signal);
  }

  #wanted(ticket: GateTicket, now: number): Wanted {
    return { ticket, draws: this.#ledger.drawsOf(ticket), turn: turnOf(ticket.lane, now) };
  }

  #standInLine(wanted: Wanted, signal: AbortSignal): Promise<readonly Token[]> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#leave(new Set([waiter]));
        reject(abortReason(signal));
      };
      const settling =
        <A>(settle: (value: A) => void) =>
        (value: A): void => {
          signal.removeEventListener("abort", onAbort);
          settle(value);
        };
      const waiter: Waiter = {
        ...wanted,
        enteredMs: this.#clock.now(),
        admit: settling(resolve),
        refuse: settling(reject),
        version: this.#ledger.version,
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#line.join(waiter);
      this.#count(wanted.ticket, 1);
    });
  }

  /** Lets everybody go who can, in order, and sets the alarm for the next. */
  #letGo(): void {
    const now = this.#clock.now();
    const gone = new Set<Waiter>();
    let next: number | undefined;
    for (const waiter of this.#line.inOrder()) {
      const readyAt = this.#readyAt(waiter, now);
      if (readyAt <= now) {
        gone.add(waiter);
        waiter.admit(this.#ledger.take(waiter.draws, now));
        this.#tellEntered(waiter.ticket, now - waiter.enteredMs);
      } else if (readyAt - now > this.#patienceMs) {
        gone.add(waiter);
        waiter.refuse(heldBack(waiter.ticket, readyAt - now));
      } else {
        next = Math.min(readyAt, next ?? readyAt);
      }
    }
    this.#leave(gone);
    this.#alarm.setTo(next);
  }

  #readyAt(waiter: Waiter, now: number): number {
    const { version } = this.#ledger;
    if (waiter.version !== version) Object.assign(waiter, { version, draws: this.#ledger.drawsOf(waiter.ticket) });
    return this.#ledger.readyAt(waiter, now);
  }

  #leave(leaving: ReadonlySet<Waiter>): void {
    this.#line.leave(leaving);
    for (const { ticket } of leaving) this.#count(ticket, -1);
    if (this.#line.length === 0) this.#alarm.setTo(undefined);
  }

  #pass(ticket: GateTicket, tokens: readonly Token[]): GatePass {
    return {
      lane: ticket.lane,
      answered: (answer) => {
        const { disturbs, events } = this.#ledger.answered(ticket, tokens, answer, this.#clock.now());
        for (const event of events) this.#tell(event);
        if (disturbs) this.#letGo();
      },
    };
  }

  #count(ticket: GateTicket, by: number): void {
    const [group, { lane }] = [groupOf(ticket), ticket];
    const key = `${group} ${lane}`;
    const waiting = (this.#waiting.get(key) ?? 0) + by;
    if (waiting === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, waiting);
    this.#tell({ kind: "waiting", group, lane, waiting });
  }

  #tellEntered(ticket: GateTicket, waitedMs: number): void {
    this.#tell({ kind: "entered", group: groupOf(ticket), lane: ticket.lane, waitedMs });
  }

  #tell(event: GateEvent): void {
    try {
      this.#observe(event);
    } catch {
      // Whoever watches must not decide whether a request is sent.
    }
  }
}

function reservationOf({ kind, resource }: GateTicket): string {
  return `${kind} ${resource}`;
}

function heldBack({ provider, kind }: GateTicket, retryAfterMs: number): ArmFailure {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const what = `${kind === "read" ? "reads" : "writes"}${provider === "" ? "" : ` of ${provider}`}`;
  const message = `Azure limits how many requests this subscription may send; ${what} are held back for ${seconds} s`;
  return new ArmFailure({ kind: "unsent", why: "gate", retryAfterMs }, message);
}
