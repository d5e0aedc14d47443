import type { LoadBalancer, LoadBalancingRule, NetworkSecurityGroup, PublicIPAddress } from "@azure/arm-network";
import { childId, nameOf } from "./resource-id.ts";
import type { ArmTypeName, ArmTypes } from "./resource-types.ts";

/** Makes a stand-in for an address that only ARM can give out: the same for the same `of`. */
export type StandIn = (of: string, family: "IPv4" | "IPv6") => string;

/**
 * What ARM would answer to a write: the body with its name, the ids of its children, stand-ins for the addresses that ARM
 * chooses, and settled. The body itself when it has all that.
 */
export function dryAnswer<K extends ArmTypeName>(
  type: K,
  id: string,
  value: ArmTypes[K],
  standIn: StandIn,
): ArmTypes[K] {
  const settled = stateSettled(identified(value, id));
  switch (type) {
    case "publicIPAddresses":
      return addressed(type, settled, standIn);
    case "loadBalancers":
      return balancerAnswer(settled as LoadBalancer, id, standIn) as ArmTypes[K];
    case "networkSecurityGroups":
      return withChildIds(settled as NetworkSecurityGroup, id, ["securityRules"]) as ArmTypes[K];
    default:
      return settled;
  }
}

/** A document as it was read; a public IP that has no address yet, because it is being made, with a stand-in for it. */
export function addressed<K extends ArmTypeName>(type: K, value: ArmTypes[K], standIn: StandIn): ArmTypes[K] {
  return type === "publicIPAddresses" ? (withAddress(value as PublicIPAddress, standIn) as ArmTypes[K]) : value;
}

const BALANCER_CHILDREN = ["frontendIPConfigurations", "backendAddressPools", "loadBalancingRules", "probes"] as const;

function balancerAnswer(balancer: LoadBalancer, id: string, standIn: StandIn): LoadBalancer {
  return withFrontendAddresses(withRulePools(withChildIds(balancer, id, BALANCER_CHILDREN)), standIn);
}

/** ARM shows the pool of a rule twice: alone, and in a list. */
function withRulePools(balancer: LoadBalancer): LoadBalancer {
  const rules = balancer.loadBalancingRules ?? [];
  const lacks = ({ backendAddressPool, backendAddressPools = [] }: LoadBalancingRule): boolean =>
    backendAddressPool !== undefined && backendAddressPools.length === 0;
  if (!rules.some(lacks)) return balancer;
  const shown = rules.map((rule) =>
    lacks(rule) && rule.backendAddressPool ? { ...rule, backendAddressPools: [rule.backendAddressPool] } : rule,
  );
  return { ...balancer, loadBalancingRules: shown };
}

function identified<T extends { readonly id?: string; readonly name?: string }>(value: T, id: string): T {
  if (value.id !== undefined && value.name !== undefined) return value;
  return { ...value, id: value.id ?? id, name: value.name ?? nameOf(id) };
}

function stateSettled<T extends object>(value: T): T {
  const { provisioningState } = value as { readonly provisioningState?: string };
  return provisioningState === undefined || provisioningState === "Succeeded"
    ? value
    : { ...value, provisioningState: "Succeeded" };
}

interface Child {
  readonly id?: string;
  readonly name?: string;
}

function withChildIds<T extends object>(parent: T, id: string, lists: readonly (keyof T & string)[]): T {
  const changed = lists.flatMap((list) => {
    const children = (parent[list] ?? []) as readonly Child[];
    if (children.every((child) => child.id !== undefined)) return [];
    return [[list, children.map((child) => ({ ...child, id: child.id ?? childId(id, list, child.name ?? "") }))]];
  });
  return changed.length === 0 ? parent : { ...parent, ...Object.fromEntries(changed) };
}

function withAddress(publicIp: PublicIPAddress, standIn: StandIn): PublicIPAddress {
  if (publicIp.ipAddress !== undefined) return publicIp;
  const family = publicIp.publicIPAddressVersion === "IPv6" ? "IPv6" : "IPv4";
  return { ...publicIp, ipAddress: standIn(`public IP ${publicIp.name}`, family) };
}

function withFrontendAddresses(balancer: LoadBalancer, standIn: StandIn): LoadBalancer {
  const frontends = balancer.frontendIPConfigurations ?? [];
  const lacks = ({ subnet, privateIPAddress }: (typeof frontends)[number]): boolean =>
    subnet !== undefined && privateIPAddress === undefined;
  if (!frontends.some(lacks)) return balancer;
  const addressed = frontends.map((frontend) => {
    if (!lacks(frontend)) return frontend;
    const family = frontend.privateIPAddressVersion === "IPv6" ? "IPv6" : "IPv4";
    return { ...frontend, privateIPAddress: standIn(`frontend ${frontend.name} of ${balancer.name}`, family) };
  });
  return { ...balancer, frontendIPConfigurations: addressed };
}
