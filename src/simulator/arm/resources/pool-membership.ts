import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, textAt, wordAt } from "../json.ts";
import type { Link } from "../links.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { isIpBased } from "./load-balancer-pools.ts";

/** The member by which an IP configuration joins a pool. */
export const POOLS = "loadBalancerBackendAddressPools";

/**
 * Why the pools of one network interface are refused: one balancer of each kind, public and internal, and one SKU for
 * balancers and public address.
 *
 * @param owner - id of the interface, for messages.
 * @param links - all references of the interface.
 */
export function badMembership(owner: string, links: readonly Link[], world: Store): ArmError | undefined {
  const byKind = new Map<string, ResourceRecord>();
  for (const { to, toKey } of links.filter(({ field }) => field === POOLS)) {
    const balancer = world.owner(toKey);
    if (balancer === undefined) continue;
    if (isIpBased(poolOf(balancer, toKey))) {
      const message = `Backend pool ${to} cannot have members by network interface and members by IP address.`;
      return networkError("BackendAddressPoolMixesIpAddressesAndNetworkInterfaces", message);
    }
    const kind = isInternal(balancer) ? "Internal" : "Public";
    const other = byKind.get(kind) ?? balancer;
    byKind.set(kind, balancer);
    if (other !== balancer) {
      const message = `Network interface ${owner} references backend pools of load balancers ${other.id.text} and ${balancer.id.text}. A network interface can be in backend pools of only one ${kind.toLowerCase()} load balancer.`;
      return networkError(`Another${kind}LoadBalancerExists`, message);
    }
  }
  return mixedSkus(owner, [...byKind.values()], links, world);
}

function mixedSkus(
  owner: string,
  balancers: readonly ResourceRecord[],
  links: readonly Link[],
  world: Store,
): ArmError | undefined {
  const addresses = links.flatMap(({ field, toKey }) => (field === "publicIPAddress" ? (world.get(toKey) ?? []) : []));
  const skus = new Set([...balancers, ...addresses].map(({ shown }) => textAt(objectAt(shown, "sku"), "name")));
  if (skus.size < 2) return undefined;
  const message = `Different basic sku and standard sku load balancer or public IP resources in ${owner} are not allowed.`;
  return networkError("DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed", message);
}

function poolOf(balancer: ResourceRecord, poolKey: string): JsonObject {
  const pools = objectsAt(propertiesOf(balancer.shown), "backendAddressPools");
  return pools.find((pool) => poolKey.endsWith(`/${(wordAt(pool, "name")).toLowerCase()}`)) ?? {};
}

function isInternal({ shown }: ResourceRecord): boolean {
  const frontends = objectsAt(propertiesOf(shown), "frontendIPConfigurations");
  return frontends.some((frontend) => propertiesOf(frontend)["subnet"] !== undefined);
}
