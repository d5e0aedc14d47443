import type { Allowance } from "./bucket.ts";
import { type Draw, groupOf } from "./draws.ts";
import type { GateTicket, Remaining } from "./gate.ts";

/** `HighCostGet30Min` counts for half an hour. */
const WINDOW = /(?<minutes>\d+)min$/;

/** What is taken for policies that do not tell. */
const USUAL_MINUTES = 5;

/** Who hears of a limit when it is nearly used up must try now and then: only answers tell how large it is. Per second. */
const SLOWEST = 1 / 60;

/**
 * Limits that we have no table of and that answers name: the provider's older windows, and what it adds. Every request
 * of the group whose answer named one draws from it from then on.
 */
export class LearnedPolicies {
  readonly #groups = new Map<string, Map<string, Allowance>>();
  #version = 0;

  /** Changes whenever the draws of some request may have changed. */
  get version(): number {
    return this.#version;
  }

  /** Notes what an answer says of policies that are not among the `published` ones of its request. */
  learn(ticket: GateTicket, published: readonly Draw[], said: readonly Remaining[]): void {
    for (const { policy, left } of said) {
      if (policy === "" || policy.startsWith("arm") || published.some((draw) => draw.policy === policy)) continue;
      this.#note(keyOf(ticket), policy, left);
    }
  }

  /** The learned buckets that a request draws from. */
  draws(ticket: GateTicket): readonly Draw[] {
    const policies = this.#groups.get(keyOf(ticket));
    if (policies === undefined) return [];
    return [...policies].map(([policy, allowance]) => {
      const one = policy.endsWith("resource");
      const whose = one ? ticket.resource : ticket.subscriptionId.toLowerCase();
      return { key: `policy ${policy} ${whose}`, bucket: policy, of: "learned", policy, allowance };
    });
  }

  // How much there is when full is never said: as much as was ever seen, and one more for the request that saw it.
  #note(group: string, policy: string, left: number): void {
    const policies = this.#groups.get(group) ?? new Map<string, Allowance>();
    const before = policies.get(policy);
    if (before !== undefined && before.size > left) return;
    const minutes = Number(WINDOW.exec(policy)?.groups?.["minutes"] ?? USUAL_MINUTES);
    policies.set(policy, { size: left + 1, perSecond: Math.max(SLOWEST, (left + 1) / (minutes * 60)) });
    this.#groups.set(group, policies);
    this.#version++;
  }
}

function keyOf(ticket: GateTicket): string {
  return `${groupOf(ticket)} ${ticket.subscriptionId.toLowerCase()}`;
}
