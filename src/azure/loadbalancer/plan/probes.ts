import type { LoadBalancer, Probe } from "@azure/arm-network";
import { nameOf } from "../../arm/resource-id.ts";
import { SHARED_PROBE_NAME } from "../names.ts";
import { ownsRule } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import type { Named } from "./rules.ts";
import { foldSlice } from "./slice.ts";

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
  const next = foldSlice(existing, {
    wanted: distinct,
    owns: (probe) => ownsRule(settings.base, probe) || (isShared(probe) && (wantsShared || !isNamed(balancer))),
  });
  return next === existing ? balancer : { ...balancer, probes: [...next] };
}

function isShared({ name }: Probe): boolean {
  return name === SHARED_PROBE_NAME;
}

function isNamed({ loadBalancingRules = [] }: LoadBalancer): boolean {
  return loadBalancingRules.some(({ probe }) => probe?.id !== undefined && nameOf(probe.id) === SHARED_PROBE_NAME);
}
