import type { LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import type { LoadBalancerStatus } from "../../cloudprovider/objects.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { balancerName } from "./names.ts";
import { ownedBy, publicIpsMadeFor } from "./ownership.ts";
import type { LoadBalancerSettings } from "./settings.ts";
import { statusOf } from "./status.ts";

/** What there is of a Service in the cloud. */
export interface Holdings {
  /** Its addresses; undefined when there are only leftovers. */
  readonly status: LoadBalancerStatus | undefined;
  /** Balancers that hold a frontend, rule or probe named after it, those of the wanted kind first. */
  readonly balancers: readonly LoadBalancer[];
  /** Public IPs that were made for it and are tagged with it. */
  readonly publicIps: readonly PublicIPAddress[];
}

/**
 * Everything that the cloud holds for a Service, on the balancer it should be on and on the other one.
 *
 * @returns undefined when there is nothing.
 */
export function holdingsOf(
  settings: LoadBalancerSettings,
  config: LoadBalancerConfig,
  balancers: readonly LoadBalancer[],
  publicIps: readonly PublicIPAddress[],
): Holdings | undefined {
  const wanted = named(balancers, balancerName(config, settings.internal));
  const other = named(balancers, balancerName(config, !settings.internal));
  const holding = [wanted, other].filter((each) => each !== undefined).filter((each) => holds(each, settings));
  const made = publicIpsMadeFor(settings.key, publicIps, config);
  if (holding.length === 0 && made.length === 0) return undefined;
  return { status: firstStatus(settings, holding, publicIps), balancers: holding, publicIps: made };
}

/** The balancer with this name; ARM ignores letter case in names. */
function named(balancers: readonly LoadBalancer[], name: string): LoadBalancer | undefined {
  return balancers.find((each) => each.name?.toLowerCase() === name.toLowerCase());
}

/** Named after it: a frontend that it merely shares stays when it goes. */
function holds(
  { frontendIPConfigurations = [], loadBalancingRules = [], probes = [] }: LoadBalancer,
  settings: LoadBalancerSettings,
): boolean {
  return [frontendIPConfigurations, loadBalancingRules, probes].some(
    (children) => ownedBy(children, settings.base).length > 0,
  );
}

function firstStatus(
  settings: LoadBalancerSettings,
  balancers: readonly LoadBalancer[],
  publicIps: readonly PublicIPAddress[],
): LoadBalancerStatus | undefined {
  for (const balancer of balancers) {
    const status = statusOf(settings, balancer, publicIps);
    if (status !== undefined) return status;
  }
  return undefined;
}
