import type { LoadBalancer, LoadBalancingRule, Probe } from "@azure/arm-network";
import { nameOf } from "../../arm/resource-id.ts";
import { lookUp, type Way } from "../lookup.ts";
import { SHARED_PROBE_NAME } from "../names.ts";
import { ownedBy } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import type { Named } from "./rules.ts";
import { foldSlice } from "./slice.ts";
import { withLists } from "./with-lists.ts";

/**
 * A balancer with one Service's probes replaced. The probe that Services share belongs to all of them: it stays as long
 * as any rule in the body names it, and goes with the last.
 */
export function foldProbes(
  balancer: LoadBalancer,
  wanted: readonly Named<Probe>[],
  settings: LoadBalancerSettings,
): LoadBalancer {
  const existing = balancer.probes ?? [];
  const distinct = [...new Map(wanted.map((probe) => [probe.name.toLowerCase(), probe])).values()];
  const wantsShared = distinct.some(({ name }) => name === SHARED_PROBE_NAME);
  const shared = wantsShared || !isSharedNamed(balancer) ? lookUp(existing, byShared, SHARED_PROBE_NAME) : [];
  const next = foldSlice(existing, { wanted: distinct, own: [...ownedBy(existing, settings.base), ...shared] });
  return withLists(balancer, { probes: next });
}

const byShared: Way<Probe> = ({ name }) => (isShared(name) ? SHARED_PROBE_NAME : undefined);

const bySharedProbe: Way<LoadBalancingRule> = ({ probe }) =>
  isShared(nameOf(probe?.id ?? "")) ? SHARED_PROBE_NAME : undefined;

function isShared(name: string | undefined): boolean {
  return name?.length === SHARED_PROBE_NAME.length && name.toLowerCase() === SHARED_PROBE_NAME;
}

function isSharedNamed({ loadBalancingRules = [] }: LoadBalancer): boolean {
  return lookUp(loadBalancingRules, bySharedProbe, SHARED_PROBE_NAME).length > 0;
}
