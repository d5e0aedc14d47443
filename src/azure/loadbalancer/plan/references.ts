import type { LoadBalancer, LoadBalancingRule, OutboundRule, SubResource } from "@azure/arm-network";
import type { Protocol } from "../../../cloudprovider/objects.ts";
import { idKey } from "../../arm/resource-id.ts";
import { inListOrder, lookUp, type Way } from "../lookup.ts";

const byFrontend: Way<{ readonly frontendIPConfiguration?: SubResource }> = ({ frontendIPConfiguration }) =>
  frontendIPConfiguration?.id === undefined ? undefined : idKey(frontendIPConfiguration.id);

const byFrontends: Way<OutboundRule> = ({ frontendIPConfigurations = [] }) =>
  frontendIPConfigurations.flatMap(({ id }) => (id === undefined ? [] : idKey(id)));

/** Who keeps a frontend from going or from changing its address. */
export interface FrontendReference {
  readonly frontendId: string;
  /** As the original words it in its event: "the outbound rule egress". */
  readonly by: string;
}

/**
 * What else uses a frontend: rules that are not `ours`, outbound rules, inbound NAT rules and pools. Only rules in the
 * body count, not the back-references that ARM shows on the frontend: those are older than edits waiting in the queue.
 */
export function referencesTo(
  balancer: LoadBalancer,
  frontendId: string,
  ours: (rule: LoadBalancingRule) => boolean,
): readonly FrontendReference[] {
  const { loadBalancingRules = [], outboundRules = [], inboundNatRules = [], inboundNatPools = [] } = balancer;
  const balancing = lookUp(loadBalancingRules, byFrontend, idKey(frontendId)).some((rule) => !ours(rule));
  const found = [
    ...(balancing ? ["load balancing rules of other services"] : []),
    ...lookUp(outboundRules, byFrontends, idKey(frontendId)).map(({ name }) => `the outbound rule ${name}`),
    ...lookUp(inboundNatRules, byFrontend, idKey(frontendId)).map(({ name }) => `the inbound NAT rule ${name}`),
    ...lookUp(inboundNatPools, byFrontend, idKey(frontendId)).map(({ name }) => `the inbound NAT pool ${name}`),
  ];
  return found.map((by) => ({ frontendId, by }));
}

/** A port that a Service wants on a frontend. */
export interface PortClaim {
  readonly name: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Sentences about ports of `claims` that something else on the frontend uses already; empty when there is none. */
export function conflictsOn(
  balancer: LoadBalancer,
  frontendId: string,
  claims: readonly PortClaim[],
  ours: (rule: LoadBalancingRule) => boolean,
): readonly string[] {
  const { loadBalancingRules = [], inboundNatRules = [], inboundNatPools = [] } = balancer;
  const rules = lookUp(loadBalancingRules, byFrontend, idKey(frontendId)).filter((rule) => !ours(rule));
  const natRules = lookUp(inboundNatRules, byFrontend, idKey(frontendId));
  const natPools = lookUp(inboundNatPools, byFrontend, idKey(frontendId));
  return claims.flatMap((claim) => {
    const text = `checkLoadBalancerResourcesConflicts: service port ${claim.name ?? ""} is trying to consume the port ${claim.port} which is being`;
    const tail = `with the same protocol ${claim.protocol} and frontend IP config with ID ${frontendId}`;
    return [
      ...inListOrder(
        loadBalancingRules,
        rules.filter((rule) => takes(rule, claim)),
      ).map(({ name }) => `${text} referenced by an existing loadBalancing rule ${name} ${tail}`),
      ...natRules
        .filter((rule) => takes(rule, claim))
        .map(({ name }) => `${text} referenced by an existing inbound NAT rule ${name} ${tail}`),
      ...natPools
        .filter((pool) => covers(pool, claim))
        .map(
          ({ name, frontendPortRangeStart: start, frontendPortRangeEnd: end }) =>
            `${text} in the range (${start}-${end}) of an existing inbound NAT pool ${name} ${tail}`,
        ),
    ];
  });
}

interface Listener {
  readonly protocol?: string;
  readonly frontendPort?: number;
  readonly frontendPortRangeStart?: number;
  readonly frontendPortRangeEnd?: number;
}

/** A rule for all protocols takes no single one. */
function takes(listener: Listener, { port, protocol }: PortClaim): boolean {
  return listener.frontendPort === port && listener.protocol?.toUpperCase() === protocol;
}

function covers(
  { frontendPortRangeStart: start, frontendPortRangeEnd: end, protocol }: Listener,
  claim: PortClaim,
): boolean {
  if (start === undefined || end === undefined || protocol?.toUpperCase() !== claim.protocol) return false;
  return claim.port >= start && claim.port <= end;
}
