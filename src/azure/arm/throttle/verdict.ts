import type { Draw } from "./draws.ts";
import type { GateAnswer, GateTicket, Throttling } from "./gate.ts";

/** What a 429 stops: some buckets by key, or only requests of one kind to one resource. */
export type Verdict =
  | { readonly about: "buckets"; readonly keys: readonly string[] }
  | { readonly about: "resource"; readonly key: string };

/** Everything that {@link verdictOf} decides from. */
export interface Evidence {
  readonly ticket: GateTicket;
  readonly draws: readonly Draw[];
  readonly answer: GateAnswer & { readonly throttling: Throttling };
  /** Resources of the same provider bucket that are parked now, in lower case. */
  readonly parked: readonly string[];
}

/** ARM's word for "this subscription"; providers never say it. */
const SUBSCRIPTION_WIDE = "subscriptionrequeststhrottled";

/**
 * What a 429 is about; the first rule that fits decides.
 *
 * 1. ARM's front door said it, or its code for the subscription came: ARM's buckets of that kind.
 * 2. A policy is named, by the answer's target or by a remaining count of zero: the buckets of that name.
 * 3. It is about no resource: the provider's bucket.
 * 4. Another resource of the same bucket is parked: twice is no accident, the provider's bucket.
 * 5. Otherwise only this resource, for as long as ARM asks. Providers also answer 429 for one resource alone, in the same
 *    words, and one such must not stop every Service; that it was the whole bucket costs one more refusal.
 */
export function verdictOf({ ticket, draws, answer, parked }: Evidence): Verdict {
  const { gateway, codes } = answer.throttling;
  if (gateway || codes.some((code) => code.toLowerCase() === SUBSCRIPTION_WIDE)) {
    return { about: "buckets", keys: keysOf(draws, ({ of }) => of === "arm") };
  }
  const named = namedPolicies(answer);
  const usedUp = keysOf(draws, ({ policy }) => named.has(policy));
  if (usedUp.length > 0) return { about: "buckets", keys: usedUp };
  const whole = keysOf(draws, ({ of }) => of === "provider");
  const others = parked.some((resource) => resource !== ticket.resource);
  if (ticket.resource === "" || others || whole[0] === undefined) {
    return { about: "buckets", keys: whole.length > 0 ? whole : keysOf(draws, ({ of }) => of === "arm") };
  }
  return { about: "resource", key: whole[0] };
}

/** The policies that an answer calls used up, in lower case. */
export function namedPolicies({ remaining, throttling }: GateAnswer): ReadonlySet<string> {
  const targets = (throttling?.policies ?? []).map((policy) => policy.toLowerCase());
  const empty = remaining.flatMap(({ policy, left }) => (left === 0 ? [policy.toLowerCase()] : []));
  return new Set([...targets, ...empty].filter((policy) => policy !== ""));
}

function keysOf(draws: readonly Draw[], fits: (draw: Draw) => boolean): readonly string[] {
  return draws.filter(fits).map(({ key }) => key);
}
