import {
  DOCUMENTED_QUOTAS,
  type Limiting,
  type LimitName,
  type LimitOptions,
  type Limits,
  PUBLISHED_LIMITS,
  type Quotas,
} from "../../../src/simulator/index.ts";

/** How big a run is. */
export interface Size {
  readonly services: number;
  readonly nodes: number;
}

/** Limits of a run, where it takes more than Azure allows. */
export interface Raised {
  /** Quotas that the simulator enforces. */
  readonly quotas: Quotas;
  /** Limits that the oracles watch. */
  readonly oracles: Partial<Limits>;
  /** A sentence for each that was raised, to be printed. */
  readonly notes: readonly string[];
}

/** Two cores each, as the seed's machines have. */
const CORES = 2;

/** What a run of one-port Services on one balancer needs of each quota. */
const NEEDS: Partial<Record<keyof Quotas, (size: Size) => number>> = {
  publicIPAddressesPerRegion: ({ services }) => services,
  frontendsPerBalancer: ({ services }) => services,
  rulesPerBalancer: ({ services }) => services,
  rulesPerInterface: ({ services }) => services,
  prefixesPerDirection: ({ services }) => services,
  membersPerPool: ({ nodes }) => nodes,
  instancesPerScaleSet: ({ nodes }) => nodes,
  coresPerRegion: ({ nodes }) => CORES * nodes,
};

/** What oracles call the same limits. */
const WATCHED: Partial<Record<keyof Quotas, LimitName>> = {
  frontendsPerBalancer: "frontendsPerBalancer",
  rulesPerBalancer: "rulesPerBalancer",
  prefixesPerDirection: "destinationsPerSecurityGroup",
  membersPerPool: "membersPerPool",
};

/** Raises what a run of this size exceeds, and nothing else. */
export function raisedFor(size: Size): Raised {
  const quotas: Partial<Record<keyof Quotas, number>> = {};
  const oracles: Partial<Record<LimitName, number>> = {};
  const notes: string[] = [];
  for (const [name, need] of Object.entries(NEEDS) as [keyof Quotas, (size: Size) => number][]) {
    const needed = need(size);
    const published = DOCUMENTED_QUOTAS[name];
    if (needed <= published) continue;
    quotas[name] = needed;
    notes.push(`${name} from ${published} to ${needed}`);
    const watched = WATCHED[name];
    if (watched !== undefined && needed > PUBLISHED_LIMITS[watched]) oracles[watched] = needed;
  }
  return { quotas: { ...DOCUMENTED_QUOTAS, ...quotas }, oracles, notes };
}

/** A profile's limits with the quotas of a run; `undefined` stays: no limits at all. */
export function limitingWith(limiting: Limiting | undefined, { quotas }: Raised): Limiting | undefined {
  if (limiting === undefined || limiting === "none") return limiting;
  const options: LimitOptions = limiting === "documented" ? {} : limiting;
  return { ...options, quotas };
}
