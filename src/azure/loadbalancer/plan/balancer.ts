import type { BackendAddressPool, FrontendIPConfiguration, LoadBalancer, LoadBalancingRule } from "@azure/arm-network";
import type { AddressFamily } from "../../../base/cidr.ts";
import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Edit } from "../../arm/port.ts";
import { childId, idKey, nameOf } from "../../arm/resource-id.ts";
import type { Remark } from "../annotations/index.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { exchanged, inListOrder } from "../lookup.ts";
import { balancerId, baseOf, frontendName, poolName } from "../names.ts";
import { ownedBy, ownsRule } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import { type AddressSource, type FrontendWish, type PlannedFrontends, planFrontends } from "./frontends.ts";
import { foldProbes } from "./probes.ts";
import { conflictsOn, referencesTo } from "./references.ts";
import { type PlannedRules, planRules } from "./rules.ts";
import { present } from "./sameness.ts";
import { foldSlice } from "./slice.ts";
import { planTags } from "./tags.ts";
import { withLists } from "./with-lists.ts";

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
  if (current === undefined && wish.sources === undefined) return { next: undefined, remarks: [] };
  const before = current ?? emptyBalancer(wish.config);
  const former = ownedBy(before.loadBalancingRules ?? [], wish.settings.base);
  const { after, inUse } = wish.sources === undefined ? cleared(before, wish) : placed(before, wish, wish.sources);
  const stoodOn = after.loadBalancingRules === before.loadBalancingRules ? [] : former.map(frontendOf);
  return withoutLeftovers(after, wish, { inUse, stoodOn: new Set(stoodOn) });
}

/** A balancer with a Service's rules and probes as they should be, and the frontends that it uses. */
interface Draft {
  readonly after: LoadBalancer;
  readonly inUse: ReadonlySet<FrontendIPConfiguration>;
}

function placed(before: LoadBalancer, wish: BalancerWish, sources: FrontendWish["sources"]): Draft {
  const planned = planFrontends(before, { ...wish, sources, balancerId: idOf(wish) });
  const rules = rulesOn(planned, wish);
  refuseConflicts(before, planned, wish);
  const after = withLists(before, {
    frontendIPConfigurations: planned.frontends,
    backendAddressPools: withPools(before.backendAddressPools ?? [], wish),
    loadBalancingRules: foldRules(before.loadBalancingRules ?? [], rules, wish),
    tags: planTags(before.tags, wish.config.tags, hasTags(wish.config) ? wish.config.systemTags : []),
  });
  return { after: foldProbes(after, rules.probes, wish.settings), inUse: new Set(planned.chosen.values()) };
}

function cleared(before: LoadBalancer, wish: BalancerWish): Draft {
  const none: PlannedRules = { rules: [], probes: [] };
  const after = withLists(before, { loadBalancingRules: foldRules(before.loadBalancingRules ?? [], none, wish) });
  return { after: foldProbes(after, none.probes, wish.settings), inUse: new Set() };
}

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
    own: ownedBy(existing, settings.base),
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
  after: LoadBalancer,
  wish: BalancerWish,
  { inUse, stoodOn }: { readonly inUse: Draft["inUse"]; readonly stoodOn: ReadonlySet<string> },
): BalancerPlan {
  const { base } = wish.settings;
  const ours = (rule: LoadBalancingRule): boolean => ownsRule(base, rule);
  const remarks: Remark[] = [];
  const existing = after.frontendIPConfigurations ?? [];
  const primaries = inListOrder(existing, ownedBy(existing, base));
  const unused = new Set([...primaries, ...orphansAmong(existing, wish, stoodOn)]);
  const leaving = [...unused].filter((frontend) => {
    if (inUse.has(frontend)) return false;
    const id = frontendIdOf(frontend, wish);
    const references = referencesTo(after, id, ours);
    if (primaries.includes(frontend)) remarks.push(...references.map(({ by }) => keptRemark(id, wish, by)));
    return references.length === 0;
  });
  const staying = exchanged(existing, new Map(leaving.map((frontend) => [frontend, undefined])));
  return { next: withLists(after, { frontendIPConfigurations: staying }), remarks };
}

/** Comparable id of the frontend that a rule stands on. */
function frontendOf({ frontendIPConfiguration }: LoadBalancingRule): string {
  return idKey(frontendIPConfiguration?.id ?? "");
}

/** Those that were made for a Service that is gone, of the frontends that this Service's rules stood on. */
function orphansAmong(
  frontends: readonly FrontendIPConfiguration[],
  wish: BalancerWish,
  stoodOn: ReadonlySet<string>,
): readonly FrontendIPConfiguration[] {
  return [...stoodOn].flatMap((id) => {
    const base = baseOf(nameOf(id));
    if (base === undefined) return [];
    const found = ownedBy(frontends, base).filter((each) => idKey(frontendIdOf(each, wish)) === id);
    return found.length === 0 || wish.isLive(base) ? [] : found;
  });
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
