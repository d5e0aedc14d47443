import { parseResourceId, sameId } from "../arm/resource-id.ts";

/** One IP configuration, as interfaces, scale-set models and scale-set instances all have it. */
export interface IpConfiguration {
  readonly name?: string;
  readonly primary?: boolean;
  readonly privateIPAddressVersion?: string;
  readonly loadBalancerBackendAddressPools?: readonly { readonly id?: string }[];
}

/** One network card: an interface, or the configuration of one. */
export interface Card {
  readonly primary?: boolean;
  readonly ipConfigurations?: readonly IpConfiguration[];
}

/** The IP configuration that a pool's membership is written on. */
export interface Place {
  readonly card: Card;
  readonly ipConfiguration: IpConfiguration;
  /** Ids of the pools it is in already. */
  readonly pools: readonly string[];
}

/**
 * Where a pool of `family` goes: on the primary card (or the only one), and there on the primary IP configuration (or
 * the only one) for IPv4, on the first of version IPv6 for IPv6.
 */
export function placeIn(cards: readonly Card[], family: "IPv4" | "IPv6"): Place | undefined {
  const card = onlyOrPrimary(cards);
  const configurations = card?.ipConfigurations ?? [];
  const ipConfiguration =
    family === "IPv6"
      ? configurations.find(({ privateIPAddressVersion }) => privateIPAddressVersion?.toLowerCase() === "ipv6")
      : onlyOrPrimary(configurations);
  if (card === undefined || ipConfiguration === undefined) return undefined;
  return { card, ipConfiguration, pools: poolsOf(ipConfiguration) };
}

/** Whether any IP configuration is in the pool. */
export function hasPool(cards: readonly Card[], poolId: string): boolean {
  return cards.some((card) => card.ipConfigurations?.some((each) => poolsOf(each).some((id) => sameId(id, poolId))));
}

/** The cards with the pool at the end of the list of its {@link placeIn | place}; unchanged when there is no place. */
export function cardsWith(
  cards: readonly Card[],
  pool: { readonly id: string; readonly family: "IPv4" | "IPv6" },
): readonly Card[] {
  const place = placeIn(cards, pool.family);
  return cards.map((card) => {
    if (card !== place?.card) return card;
    const ipConfigurations = card.ipConfigurations?.map((each) =>
      each === place.ipConfiguration
        ? withPools(each, [...(each.loadBalancerBackendAddressPools ?? []), { id: pool.id }])
        : each,
    );
    return { ...card, ipConfigurations: ipConfigurations ?? [] };
  });
}

/** The cards with the pool taken off every IP configuration. */
export function cardsWithout(cards: readonly Card[], poolId: string): readonly Card[] {
  return cards.map((card) => {
    if (!hasPool([card], poolId)) return card;
    const ipConfigurations = card.ipConfigurations?.map((each) => {
      const before = each.loadBalancerBackendAddressPools ?? [];
      const after = before.filter(({ id }) => !sameId(id, poolId));
      return after.length === before.length ? each : withPools(each, after);
    });
    return { ...card, ipConfigurations: ipConfigurations ?? [] };
  });
}

/**
 * Whether one of `pools` belongs to another balancer than `poolId` does. A balancer and its `-internal` sibling count as
 * one: Azure lets an interface be in a public and in an internal balancer at once, but not in two of a kind.
 */
export function isInOtherBalancer(pools: readonly string[], poolId: string): boolean {
  const own = balancerNameOf(poolId);
  return pools.some((id) => {
    const other = balancerNameOf(id);
    return other !== undefined && other !== own;
  });
}

function balancerNameOf(poolId: string): string | undefined {
  const [top] = parseResourceId(poolId)?.path ?? [];
  return top?.type.toLowerCase() === "loadbalancers" ? top.name.toLowerCase().replace(/-internal$/, "") : undefined;
}

function poolsOf({ loadBalancerBackendAddressPools = [] }: IpConfiguration): readonly string[] {
  return loadBalancerBackendAddressPools.flatMap(({ id }) => (id === undefined ? [] : [id]));
}

function withPools(configuration: IpConfiguration, pools: readonly { readonly id?: string }[]): IpConfiguration {
  return { ...configuration, loadBalancerBackendAddressPools: pools };
}

function onlyOrPrimary<T extends { readonly primary?: boolean }>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : all.find(({ primary }) => primary === true);
}
