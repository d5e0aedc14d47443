import type { BackendAddressPool, FrontendIPConfiguration, LoadBalancer, LoadBalancingRule } from "@azure/arm-network";
import type { AddressFamily } from "../../../base/cidr.ts";
import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Edit } from "../../arm/port.ts";
import { childId, idKey } from "../../arm/resource-id.ts";
import type { Remark } from "../annotations/index.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { balancerId, baseOf, frontendName, poolName, startsWithBase } from "../names.ts";
import { ownsRule } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import { type AddressSource, type PlannedFrontends, planFrontends } from "./frontends.ts";
import { foldProbes } from "./probes.ts";
import { conflictsOn, referencesTo } from "./references.ts";
import { type PlannedRules, planRules } from "./rules.ts";
import { present } from "./sameness.ts";
import { foldSlice } from "./slice.ts";
import { planTags } from "./tags.ts";

/** What one Service wants of one balancer. */
export interface BalancerWish {
  readonly settings: LoadBalancerSettings;
  readonly config: LoadBalancerConfig;
  /** Name of the balancer, see `balancerName`. */
  readonly name: string;
  /** Where each enabled family's address comes from; undefined when the Service wants nothing here (any more). */
  readonly sources: Readonly<Partial<Record<AddressFamily, AddressSource>>> | undefined;
  /**
   * Whether a live Service that wants this kind of balancer has this base name. Decides about a frontend that was made
   * for a Service that is gone and that only this Service still used. Read when the edit is applied.
   */
  readonly isLive: (base: string) => boolean;
}

/** A balancer after one Service's wish, and what deserves a Warning event. */
export interface BalancerPlan {
  readonly next: LoadBalancer | undefined;
  readonly remarks: readonly Remark[];
}

/**
 * The edit that brings one Service's slice of a balancer (frontends, rules, probes, the pools they need) to what it
 * wants now, and leaves everything else as it is.
 *
 * Its `apply` throws a CloudError `Conflict` when a port is taken on a shared frontend, or a frontend in use elsewhere
 * would have to change its address; the Service's slice then stays as it was.
 */
export function balancerEdit(wish: BalancerWish): Edit<LoadBalancer> {
  return {
    owner: wish.settings.key,
    order: wish.settings.order,
    apply: (current) => planBalancer(current, wish).next,
    get mentions() {
      return mentionsOf(wish); // asked for only when a write is refused
    },
  };
}

/** What {@link balancerEdit} does, with its remarks. */
export function planBalancer(current: LoadBalancer | undefined, wish: BalancerWish): BalancerPlan {
  if (wish.sources === undefined) {
    return current === undefined
      ? { next: undefined, remarks: [] }
      : withoutLeftovers(current, cleared(current, wish), wish, NO_FRONTENDS);
  }
  const before = current ?? emptyBalancer(wish.config);
  const planned = planFrontends(before, { ...wish, sources: wish.sources, balancerId: idOf(wish) });
  const rules = rulesOn(planned, wish);
  refuseConflicts(before, planned, wish);
  const after = put(before, {
    frontendIPConfigurations: planned.frontends,
    backendAddressPools: withPools(before.backendAddressPools ?? [], wish),
    loadBalancingRules: foldRules(before.loadBalancingRules ?? [], rules, wish),
    tags: planTags(before.tags, wish.config.tags, hasTags(wish.config) ? wish.config.systemTags : []),
  });
  return withoutLeftovers(before, foldProbes(after, rules.probes, wish.settings), wish, planned.chosen);
}

const NO_FRONTENDS: PlannedFrontends["chosen"] = new Map();

function idOf({ config, name }: BalancerWish): string {
  return balancerId(config, name);
}

function emptyBalancer({ location, extendedLocation, sku }: LoadBalancerConfig): LoadBalancer {
  return present<LoadBalancer>({
    location,
    extendedLocation,
    sku: sku === "standard" ? { name: "Standard" } : undefined,
  });
}

function hasTags({ tags }: LoadBalancerConfig): boolean {
  return Object.keys(tags).length > 0;
}

function cleared(current: LoadBalancer, wish: BalancerWish): LoadBalancer {
  const none: PlannedRules = { rules: [], probes: [] };
  const after = put(current, { loadBalancingRules: foldRules(current.loadBalancingRules ?? [], none, wish) });
  return foldProbes(after, none.probes, wish.settings);
}

/** `balancer` with other lists; itself when every list is the one it has. */
function put(
  balancer: LoadBalancer,
  parts: { readonly [K in keyof LoadBalancer]?: Readonly<LoadBalancer[K]> | undefined },
): LoadBalancer {
  const changed = Object.entries(parts).filter(([key, value]) => isChanged(balancer[key as keyof LoadBalancer], value));
  return changed.length === 0 ? balancer : { ...balancer, ...Object.fromEntries(changed) };
}

function isChanged(before: unknown, after: unknown): boolean {
  if (before === undefined && Array.isArray(after)) return after.length > 0;
  return before !== after;
}

function rulesOn({ chosen }: PlannedFrontends, wish: BalancerWish): PlannedRules {
  const sites = [...chosen].map(([family, frontend]) =>
    planRules(wish.settings, wish.config, { family, balancerId: idOf(wish), frontendId: frontendIdOf(frontend, wish) }),
  );
  return { rules: sites.flatMap(({ rules }) => rules), probes: sites.flatMap(({ probes }) => probes) };
}

function frontendIdOf({ id, name }: FrontendIPConfiguration, wish: BalancerWish): string {
  return id ?? childId(idOf(wish), "frontendIPConfigurations", name ?? "");
}

function foldRules(
  existing: readonly LoadBalancingRule[],
  { rules }: PlannedRules,
  { settings }: BalancerWish,
): readonly LoadBalancingRule[] {
  // ARM shows the pool twice, alone and in a list; the list would contradict a rule that is rewritten
  return foldSlice(existing, {
    wanted: rules,
    owns: (rule) => ownsRule(settings.base, rule),
    forget: ["backendAddressPools"],
  });
}

function withPools(
  existing: readonly BackendAddressPool[],
  { settings, config }: BalancerWish,
): readonly BackendAddressPool[] {
  const names = new Set(existing.map(({ name = "" }) => name.toLowerCase()));
  const missing = settings.families
    .map((family) => poolName(config.clusterName, family))
    .filter((name) => !names.has(name.toLowerCase()));
  return missing.length === 0 ? existing : [...existing, ...missing.map((name) => ({ name }))];
}

function refuseConflicts(balancer: LoadBalancer, { chosen }: PlannedFrontends, wish: BalancerWish): void {
  const { settings } = wish;
  const ours = (rule: LoadBalancingRule): boolean => ownsRule(settings.base, rule);
  const conflicts = [...chosen.values()].flatMap((frontend) =>
    conflictsOn(balancer, frontendIdOf(frontend, wish), settings.ports, ours),
  );
  if (conflicts.length === 0) return;
  throw new CloudError("Conflict", conflicts.join("; "), {
    advice: "Choose another port or another address for one of the two.",
  });
}

/**
 * Takes away frontends that nothing needs any more: this Service's former ones, and those that it shared with a Service
 * that is gone. A frontend that something else refers to stays.
 */
function withoutLeftovers(
  before: LoadBalancer,
  after: LoadBalancer,
  wish: BalancerWish,
  chosen: PlannedFrontends["chosen"],
): BalancerPlan {
  const { base } = wish.settings;
  const ours = (rule: LoadBalancingRule): boolean => ownsRule(base, rule);
  const inUse = new Set(chosen.values());
  const left = leftBy(before, after, ours);
  const remarks: Remark[] = [];
  const existing = after.frontendIPConfigurations ?? [];
  const staying = existing.filter((frontend) => {
    const primary = startsWithBase(frontend.name, base);
    if (inUse.has(frontend) || !(primary || isOrphan(frontend, wish, left))) return true;
    const id = frontendIdOf(frontend, wish);
    const references = referencesTo(after, id, ours);
    if (primary) remarks.push(...references.map(({ by }) => keptRemark(id, wish, by)));
    return references.length > 0;
  });
  const next = staying.length === existing.length ? after : { ...after, frontendIPConfigurations: staying };
  return { next, remarks };
}

/** Comparable ids of the frontends that this Service's rules stood on, when its rules have changed. */
function leftBy(
  before: LoadBalancer,
  after: LoadBalancer,
  ours: (rule: LoadBalancingRule) => boolean,
): ReadonlySet<string> {
  if (before.loadBalancingRules === after.loadBalancingRules) return new Set();
  const former = (before.loadBalancingRules ?? []).filter(ours);
  return new Set(former.map(({ frontendIPConfiguration }) => idKey(frontendIPConfiguration?.id ?? "")));
}

function isOrphan(frontend: FrontendIPConfiguration, wish: BalancerWish, left: ReadonlySet<string>): boolean {
  if (left.size === 0 || !left.has(idKey(frontendIdOf(frontend, wish)))) return false;
  const base = baseOf(frontend.name ?? "");
  return base !== undefined && !wish.isLive(base);
}

function keptRemark(id: string, { name }: BalancerWish, by: string): Remark {
  return {
    reason: "DeletingFrontendIPConfiguration",
    field: id,
    text: `isFrontendIPConfigUnsafeToDelete: frontend IP configuration with ID ${id} on LB ${name} cannot be deleted because it is being referenced by ${by}`,
  };
}

function mentionsOf(wish: BalancerWish): readonly string[] {
  const { settings, sources } = wish;
  const addresses = Object.values(sources ?? {}).map((source) =>
    source.kind === "public" ? source.publicIpId : source.subnetId,
  );
  const children = settings.families.flatMap((family) => {
    const site = { family, balancerId: idOf(wish), frontendId: "" };
    const { rules, probes } = planRules(settings, wish.config, site);
    return [frontendName(settings, family), ...rules.map(({ name }) => name), ...probes.map(({ name }) => name)];
  });
  return [...new Set([...addresses, ...children].map((each) => each.toLowerCase()))];
}
