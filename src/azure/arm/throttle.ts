import type { Clock } from "../../base/clock.ts";
import { ArmFailure } from "./failure.ts";

/**
 * Who goes first when requests must queue: deletes and writes that restore traffic, writes that carry many riders,
 * single creates, refreshes. A poll takes its write's lane.
 */
export type Lane = "restore" | "batch" | "create" | "refresh";

/** What counts against which limit: ARM counts reads, writes and deletes apart, per subscription and per provider. */
export type RequestKind = "read" | "write" | "delete";

/** One request at the gate. */
export interface GateTicket {
  readonly subscriptionId: string;
  /** Lower case namespace; empty for what ARM itself serves. */
  readonly provider: string;
  readonly kind: RequestKind;
  readonly lane: Lane;
}

/** How ARM asked us to slow down. */
export interface Throttling {
  /** ARM's front door spoke for the whole subscription, and not one provider for itself. */
  readonly gateway: boolean;
  /** Absent when ARM named no time: then the gate stays open and the caller backs off by itself. */
  readonly retryAfterMs: number | undefined;
}

/** Stands before every request. Waiting at one bucket never delays another. */
export interface ThrottleGate {
  /**
   * Waits until the ticket may be sent.
   *
   * @throws {@link ArmFailure} `unsent` at once when the wait would be longer than the gate's patience.
   */
  enter(ticket: GateTicket, signal: AbortSignal): Promise<void>;
  /** Closes the ticket's bucket. */
  throttled(ticket: GateTicket, throttling: Throttling): void;
  /** Milliseconds until the ticket could be sent; 0 when it could now. */
  waitMs(ticket: GateTicket): number;
}

/** The longest a request waits at a closed gate before its caller is told, milliseconds. */
const GATE_PATIENCE_MS = 60_000;

/** A gate per bucket that is closed for as long as ARM's `Retry-After` says. */
export class RetryAfterGate implements ThrottleGate {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #closedUntilMs = new Map<string, number>();

  constructor(clock: Clock, patienceMs: number = GATE_PATIENCE_MS) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  async enter(ticket: GateTicket, signal: AbortSignal): Promise<void> {
    for (let ms = this.waitMs(ticket); ms > 0; ms = this.waitMs(ticket)) {
      if (ms > this.#patienceMs) throw closed(ticket, ms);
      await this.#clock.sleep(ms, signal);
    }
  }

  throttled(ticket: GateTicket, { gateway, retryAfterMs }: Throttling): void {
    if (retryAfterMs === undefined) return;
    const bucket = gateway ? subscriptionBucket(ticket) : providerBucket(ticket);
    const until = this.#clock.now() + retryAfterMs;
    this.#closedUntilMs.set(bucket, Math.max(until, this.#closedUntilMs.get(bucket) ?? 0));
  }

  waitMs(ticket: GateTicket): number {
    const buckets = [subscriptionBucket(ticket), providerBucket(ticket)];
    const until = Math.max(...buckets.map((bucket) => this.#closedUntilMs.get(bucket) ?? 0));
    return Math.max(0, until - this.#clock.now());
  }
}

function subscriptionBucket({ subscriptionId, kind }: GateTicket): string {
  return `${subscriptionId.toLowerCase()}//${kind}`;
}

// Providers count writes and deletes together.
function providerBucket({ subscriptionId, provider, kind }: GateTicket): string {
  return `${subscriptionId.toLowerCase()}/${provider}/${kind === "read" ? "read" : "write"}`;
}

function closed({ provider, kind }: GateTicket, retryAfterMs: number): ArmFailure {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const what = `${kind === "read" ? "reads" : "writes"}${provider === "" ? "" : ` of ${provider}`}`;
  const message = `Azure limits how many requests this subscription may send; ${what} are held back for ${seconds} s`;
  return new ArmFailure({ kind: "unsent", why: "gate", retryAfterMs }, message);
}
