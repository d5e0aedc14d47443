import type { SeededFaults } from "./faults/seeded.ts";
import type { LatencyProfile } from "./latency.ts";
import type { Limiting } from "./limits/options.ts";

/** Name of a ready-made profile. */
export type ProfileName = "P1" | "P2" | "P3" | "P4" | "P5";

/** Latency, limits and faults that go together: options of the simulator. */
export interface Profile {
  readonly latency: LatencyProfile;
  readonly limits?: Limiting;
  readonly faults?: SeededFaults;
}

/** Operations of one kind, milliseconds. */
interface Pace {
  readonly publicIp: number;
  readonly securityGroup: number;
  readonly balancer: number;
}

const REQUEST_MS = 100;
const QUICK: Pace = { publicIp: 1000, securityGroup: 2000, balancer: 2000 };
const ORDINARY: Pace = { publicIp: 2000, securityGroup: 4000, balancer: 8000 };

/** The quota provider as buckets: what P4's numbers rest on. */
const LIMITS: Limiting = { network: "bucket" };

/**
 * Profiles in which results are compared.
 *
 * - P1: a request takes 0.1 s, a public address 1 s, a security group or balancer 2 s; no `Retry-After`.
 * - P2: as P1, with `Retry-After: 10`.
 * - P3: a public address takes 2 s, a security group 4 s, a balancer 8 s; no `Retry-After`.
 * - P4: as P3, with the documented budgets and quotas.
 * - P5: as P4, and 5 % of all requests go wrong.
 *
 * Other operations take the median of the reference timing.
 */
export function profile(name: ProfileName): Profile {
  switch (name) {
    case "P1":
      return { latency: paced(QUICK, undefined) };
    case "P2":
      return { latency: paced(QUICK, 10) };
    case "P3":
      return { latency: paced(ORDINARY, undefined) };
    case "P4":
      return { latency: paced(ORDINARY, undefined), limits: LIMITS };
    case "P5":
      return { latency: paced(ORDINARY, undefined), limits: LIMITS, faults: { rate: 0.05 } };
  }
}

function paced({ publicIp, securityGroup, balancer }: Pace, retryAfter: number | undefined): LatencyProfile {
  const byType = new Map([
    ["Microsoft.Network/publicIPAddresses", publicIp],
    ["Microsoft.Network/networkSecurityGroups", securityGroup],
    ["Microsoft.Network/loadBalancers", balancer],
  ]);
  return {
    answerMs: () => REQUEST_MS,
    operationMs: ({ p50Ms }, _draws, type = "") => byType.get(type) ?? p50Ms,
    retryAfterSeconds: () => retryAfter,
  };
}
