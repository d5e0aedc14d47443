import { type Draw, type DrawSettings, drawsOf, groupOf } from "./draws.ts";
import type { GateAnswer, GateEvent, GateTicket, Throttling } from "./gate.ts";
import { mayUseReserve } from "./lane.ts";
import { LearnedPolicies } from "./learned.ts";
import { Meters, type Token } from "./meters.ts";
import { Parks } from "./parks.ts";
import { namedPolicies, verdictOf } from "./verdict.ts";

/** A request that wants to go. */
export interface Wanted {
  readonly ticket: GateTicket;
  readonly draws: readonly Draw[];
  readonly turn: number;
}

/** What follows from an answer. */
export interface Consequences {
  /** Others may go earlier than they could, or must be told that they will not go soon. */
  readonly disturbs: boolean;
  /** What there is to tell. */
  readonly events: readonly GateEvent[];
}

type Refusal = GateAnswer & { readonly throttling: Throttling };

/**
 * Everything that is known of limits: what the buckets hold, what answers have taught, and who is parked. It decides and
 * never waits; times are milliseconds of one clock.
 */
export class Ledger {
  readonly #settings: DrawSettings;
  readonly #meters = new Meters();
  readonly #parks = new Parks();
  readonly #learned = new LearnedPolicies();

  constructor(settings: DrawSettings) {
    this.#settings = settings;
  }

  /** Changes whenever {@link drawsOf} may give something else than before. */
  get version(): number {
    return this.#learned.version;
  }

  /** Buckets and parked resources that are remembered. */
  get size(): number {
    return this.#meters.size + this.#parks.size;
  }

  /** Every bucket that a request counts for. */
  drawsOf(ticket: GateTicket): readonly Draw[] {
    return [...drawsOf(ticket, this.#settings), ...this.#learned.draws(ticket)];
  }

  /**
   * From when on a request may be sent; not after `nowMs` when it may be now. From its turn on it may use the reserve,
   * whatever its lane.
   */
  readyAt({ ticket, draws, turn }: Wanted, nowMs: number): number {
    const last = this.#meters.readyAt(draws, true, nowMs);
    const ready = mayUseReserve(ticket.kind, ticket.lane)
      ? last
      : Math.min(this.#meters.readyAt(draws, false, nowMs), Math.max(last, turn));
    return Math.max(ready, this.#parkedUntil(ticket, draws));
  }

  /** Whether ARM asked for a pause of what this request counts for, whatever tokens there are. */
  stopped(ticket: GateTicket, draws: readonly Draw[], nowMs: number): boolean {
    return Math.max(this.#parkedUntil(ticket, draws), this.#meters.closedUntil(draws, nowMs)) > nowMs;
  }

  /** Takes a token from each bucket. */
  take(draws: readonly Draw[], nowMs: number): readonly Token[] {
    return this.#meters.take(draws, nowMs);
  }

  /** The tokens of a request that is sent now and for which they were taken before. */
  sentNow(tokens: readonly Token[]): readonly Token[] {
    return this.#meters.newest(tokens.map(({ draw }) => draw));
  }

  /** Puts tokens back that were not used. */
  giveBack(tokens: readonly Token[], nowMs: number): void {
    this.#meters.giveBack(
      tokens.map(({ draw }) => draw),
      nowMs,
    );
  }

  /** Takes in the answer to a request. */
  answered(ticket: GateTicket, tokens: readonly Token[], answer: GateAnswer, nowMs: number): Consequences {
    const counted = [...tokens, ...this.#learnt(ticket, tokens, answer)];
    const rose = this.#meters.correct(counted, answer.remaining, nowMs);
    const { throttling } = answer;
    if (throttling === undefined) return { disturbs: rose, events: [] };
    const draws = counted.map(({ draw }) => draw);
    return { disturbs: true, events: this.#throttled(ticket, draws, { ...answer, throttling }, nowMs) };
  }

  /** Buckets that the answer named and that the request did not draw from, as far as we knew. */
  #learnt(ticket: GateTicket, tokens: readonly Token[], answer: GateAnswer): readonly Token[] {
    const usedUp = [...namedPolicies(answer)].map((policy) => ({ policy, left: 0 }));
    const published = tokens.flatMap(({ draw }) => (draw.of === "learned" ? [] : [draw]));
    this.#learned.learn(ticket, published, [...answer.remaining, ...usedUp]);
    const drawn = new Set(tokens.map(({ draw }) => draw.key));
    return this.#meters.newest(this.#learned.draws(ticket).filter(({ key }) => !drawn.has(key)));
  }

  #throttled(ticket: GateTicket, draws: readonly Draw[], answer: Refusal, nowMs: number): readonly GateEvent[] {
    const { retryAfterMs } = answer.throttling;
    const untilMs = retryAfterMs === undefined ? undefined : nowMs + retryAfterMs;
    const parked = this.#parks.in(wholeOf(draws)?.key ?? "", nowMs);
    const verdict = verdictOf({ ticket, draws, answer, parked });
    const told: GateEvent = { kind: "throttled", group: groupOf(ticket), about: verdict.about };
    if (verdict.about === "resource") {
      if (untilMs !== undefined) this.#parks.park(verdict.key, ticket.resource, untilMs, nowMs);
      return [told];
    }
    const closed = draws
      .filter(({ key }) => verdict.keys.includes(key))
      .map((draw): GateEvent & { readonly kind: "closed" } => {
        return { kind: "closed", bucket: draw.bucket, ms: this.#meters.close(draw, untilMs, nowMs) };
      });
    return [told, ...closed.filter(({ ms }) => ms > 0)];
  }

  #parkedUntil({ resource }: GateTicket, draws: readonly Draw[]): number {
    const whole = wholeOf(draws);
    return whole === undefined ? 0 : this.#parks.until(whole.key, resource);
  }
}

function wholeOf(draws: readonly Draw[]): Draw | undefined {
  return draws.find(({ of }) => of === "provider");
}
