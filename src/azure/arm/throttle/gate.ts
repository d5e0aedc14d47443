import type { Lane, RequestKind } from "./lane.ts";

/** One request at the gate. All texts but the subscription's are in lower case. */
export interface GateTicket {
  readonly subscriptionId: string;
  /** Namespace; empty for what ARM itself serves. */
  readonly provider: string;
  /** Below the provider, such as `loadbalancers` or `locations/operations`; empty for what ARM itself serves. */
  readonly type: string;
  readonly kind: RequestKind;
  /** Reads many at once. */
  readonly list: boolean;
  readonly lane: Lane;
  /** The id it is about: for a poll that of the written resource, for a list its path. */
  readonly resource: string;
  /** Where its path says so. */
  readonly region?: string;
}

/** How ARM asked us to slow down. */
export interface Throttling {
  /** ARM's front door spoke for the whole subscription, and not one provider for itself. */
  readonly gateway: boolean;
  /** Codes of the answer at every depth. */
  readonly codes: readonly string[];
  /** Policies that the answer names as used up, such as `HighCostGet30Min`. */
  readonly policies: readonly string[];
  /** Absent when ARM named no time: then the gate stays open and the caller backs off by itself. */
  readonly retryAfterMs: number | undefined;
}

/** What an answer says is left of one limit. */
export interface Remaining {
  /** `arm.read`, `arm-global.write`, or the provider's own name of the policy. */
  readonly policy: string;
  /** Requests, 0 or more. */
  readonly left: number;
}

/** What the gate learns from an answer. */
export interface GateAnswer {
  readonly remaining: readonly Remaining[];
  /** Set when ARM refused the request because there were too many. */
  readonly throttling: Throttling | undefined;
}

/** The right to send one request. */
export interface GatePass {
  /** The lane it was let through in: that of the write as it was admitted. */
  readonly lane: Lane;
  /** To be called with the request's answer, if one comes. */
  answered(answer: GateAnswer): void;
}

/** Stands before every request. Waiting at one bucket never delays another. */
export interface ThrottleGate {
  /**
   * Waits until the ticket may be sent, and draws its tokens.
   *
   * @throws {@link ArmFailure} `unsent` at once when a bucket is closed, or empty, for longer than the gate's patience.
   * The wait in the line has no limit but the signal.
   */
  enter(ticket: GateTicket, signal: AbortSignal): Promise<GatePass>;

  /**
   * As {@link enter}, ahead of a write whose body is made only now. The next write of the same kind to the same resource
   * takes its tokens.
   *
   * @returns gives the tokens back, for a write that is not sent after all; does nothing once it was.
   */
  reserve(ticket: GateTicket, signal: AbortSignal): Promise<() => void>;

  /** Milliseconds until the ticket could be sent if nobody else waited; 0 when it could now. */
  waitMs(ticket: GateTicket): number;
}

/** What the gate tells about itself. `group` is what a request counts as: `network.write`, `compute.UpdateVM`. */
export type GateEvent =
  /** So many wait now. */
  | { readonly kind: "waiting"; readonly group: string; readonly lane: Lane; readonly waiting: number }
  | { readonly kind: "entered"; readonly group: string; readonly lane: Lane; readonly waitedMs: number }
  /** ARM refused a request as one too many. */
  | { readonly kind: "throttled"; readonly group: string; readonly about: "resource" | "buckets" }
  /** A bucket was closed, or stays closed, for so much longer. */
  | { readonly kind: "closed"; readonly bucket: string; readonly ms: number };
