import type { GateAnswer, GateEvent, GatePass, Throttling } from "../../../../../src/azure/arm/throttle/gate.ts";
import type { Lane } from "../../../../../src/azure/arm/throttle/lane.ts";
import { ticketOf } from "../../../../../src/azure/arm/throttle/ticket.ts";
import { TokenGate, type TokenGateOptions } from "../../../../../src/azure/arm/throttle/token-gate.ts";
import { VirtualClock } from "../../../../../src/base/virtual-clock.ts";

const RG = "/subscriptions/s/resourceGroups/rg/providers";

/** Paths that tests speak of. */
export const PATHS = {
  address: (name = "ip"): string => `${RG}/Microsoft.Network/publicIPAddresses/${name}`,
  balancer: `${RG}/Microsoft.Network/loadBalancers/lb`,
  machine: (name = "vm"): string => `${RG}/Microsoft.Compute/virtualMachines/${name}`,
  machines: `${RG}/Microsoft.Compute/virtualMachines`,
  poll: "/subscriptions/s/providers/Microsoft.Compute/locations/westeurope/operations/1",
} as const;

/** A request as a test writes it: `"PUT"`, a path, and a lane. */
export function ticket(method: string, path: string, lane: Lane = "batch", about?: string) {
  return ticketOf({ method, path, lane, about });
}

/** A 429 of a provider about one resource, unless said otherwise. */
export function refused(retryAfterMs: number | undefined, throttling: Partial<Throttling> = {}): GateAnswer {
  return { remaining: [], throttling: { gateway: false, codes: [], policies: [], retryAfterMs, ...throttling } };
}

/** An answer that says how much is left. */
export function left(policy: string, count: number): GateAnswer {
  return { remaining: [{ policy, left: count }], throttling: undefined };
}

/** A gate on a clock of its own, and what it told. */
export class GateRig {
  readonly clock: VirtualClock;
  readonly gate: TokenGate;
  readonly events: GateEvent[] = [];
  /** Names of those who were let through, in order, with the milliseconds since the start. */
  readonly gone: string[] = [];
  readonly #startMs: number;

  constructor(options: TokenGateOptions = {}) {
    this.clock = new VirtualClock();
    this.#startMs = this.clock.now();
    this.gate = new TokenGate(this.clock, { ...options, observe: (event) => this.events.push(event) });
  }

  /** Goes in and notes when it was let through. */
  async enter(name: string, of: ReturnType<typeof ticket>, signal = new AbortController().signal): Promise<GatePass> {
    const pass = await this.gate.enter(of, signal);
    this.gone.push(`${name}@${this.clock.now() - this.#startMs}`);
    return pass;
  }

  /** Uses up what may be drawn of a ticket's buckets now, when ARM says that nobody else uses them. */
  async drain(of: ReturnType<typeof ticket>): Promise<number> {
    let drawn = 0;
    while (this.gate.waitMs(of) === 0) {
      const pass = await this.gate.enter(of, new AbortController().signal);
      pass.answered(left(`arm.${of.kind}`, 10_000));
      drawn++;
    }
    return drawn;
  }
}
