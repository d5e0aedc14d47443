import type { BackendAddressPool, LoadBalancer, LoadBalancerBackendAddress } from "@azure/arm-network";
import { type AddressFamily, canonicalAddress } from "../../../base/cidr.ts";
import type { Node } from "../../../cloudprovider/objects.ts";
import type { Edit } from "../../arm/port.ts";
import { sameId } from "../../arm/resource-id.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { poolName, virtualNetworkId } from "../names.ts";
import { internalAddress, isEligible } from "./eligible.ts";
import { hasPreconfiguredPools } from "./settle.ts";

/** What the members of the cluster's IP-based pools should be. */
export interface MembersWish {
  readonly config: LoadBalancerConfig;
  /** Whether the balancer is the internal one. */
  readonly internal: boolean;
  /**
   * All nodes as they are now, and whether the first list has arrived. Read when the edit is applied; another array when
   * any of them has changed.
   */
  readonly nodes: () => { readonly synced: boolean; readonly items: readonly Node[] };
}

/** Owner of the member edit: the cluster, whatever Service asked for it. */
const MEMBERS_OWNER = "cluster members";

/**
 * The edit that brings the members of the cluster's pools to the nodes that are eligible now, in IP-based mode.
 *
 * It makes no pool and no balancer; it rides behind the edits of Services that do. A pool is never emptied: with no
 * eligible node its members stay. Pools that hold network interfaces, or that a provisioning tool fills, are left alone.
 */
export function membersEdit(wish: MembersWish): Edit<LoadBalancer> {
  const { clusterName } = wish.config;
  return {
    owner: MEMBERS_OWNER,
    order: "~", // behind every timestamp
    apply: (current) => planMembers(current, wish),
    mentions: FAMILIES.map((family) => poolName(clusterName, family).toLowerCase()),
  };
}

const FAMILIES: readonly AddressFamily[] = ["IPv4", "IPv6"];

function planMembers(current: LoadBalancer | undefined, wish: MembersWish): LoadBalancer | undefined {
  const { config } = wish;
  const pools = current?.backendAddressPools;
  if (current === undefined || pools === undefined || config.poolType !== "nodeIP") return current;
  if (hasPreconfiguredPools(config, wish.internal)) return current;
  const nodes = wish.nodes();
  if (!nodes.synced) return current;
  const names = new Map(FAMILIES.map((family) => [poolName(config.clusterName, family).toLowerCase(), family]));
  const next = pools.map((pool) => {
    const family = names.get(pool.name?.toLowerCase() ?? "");
    return family === undefined || holdsInterfaces(pool)
      ? pool
      : withMembers(pool, membersOf(nodes.items, family, config), config);
  });
  return next.every((pool, index) => pool === pools[index]) ? current : { ...current, backendAddressPools: next };
}

/** Whether a pool's members are network interfaces: ARM shows them as members without an address of their own. */
function holdsInterfaces({ loadBalancerBackendAddresses = [] }: BackendAddressPool): boolean {
  return loadBalancerBackendAddresses.some(
    ({ ipAddress, networkInterfaceIPConfiguration }) =>
      networkInterfaceIPConfiguration !== undefined || (ipAddress ?? "") === "",
  );
}

type Members = ReadonlyMap<string, string>;

/** What {@link membersOf} has found: every Service asks the same of the same nodes. */
const KNOWN = new WeakMap<readonly Node[], WeakMap<LoadBalancerConfig, Readonly<Record<AddressFamily, Members>>>>();

/**
 * The address that each eligible node has in the pool of a family, by address; nodes without one are left out. When two
 * nodes claim one address, the first by name has it.
 */
function membersOf(nodes: readonly Node[], family: AddressFamily, config: LoadBalancerConfig): Members {
  const byConfig = KNOWN.get(nodes) ?? new WeakMap<LoadBalancerConfig, Readonly<Record<AddressFamily, Members>>>();
  KNOWN.set(nodes, byConfig);
  const known = byConfig.get(config) ?? { IPv4: found(nodes, "IPv4", config), IPv6: found(nodes, "IPv6", config) };
  byConfig.set(config, known);
  return known[family];
}

function found(nodes: readonly Node[], family: AddressFamily, config: LoadBalancerConfig): Members {
  const members = new Map<string, string>();
  for (const node of nodes) {
    const address = isEligible(node, config) ? internalAddress(node, family) : undefined;
    if (address === undefined) continue;
    const holder = members.get(address);
    if (holder === undefined || node.metadata.name < holder) members.set(address, node.metadata.name);
  }
  return members;
}

/** Pools that were found to have just these members, in the cluster's network. */
const SETTLED = new WeakMap<BackendAddressPool, Members>();

function withMembers(pool: BackendAddressPool, wanted: Members, config: LoadBalancerConfig): BackendAddressPool {
  if (wanted.size === 0 || SETTLED.get(pool) === wanted) return pool;
  const existing = pool.loadBalancerBackendAddresses ?? [];
  const staying = existing.filter((member) => wanted.has(addressOf(member)));
  const present = new Set(staying.map(addressOf));
  const joining: LoadBalancerBackendAddress[] = [...wanted]
    .filter(([address]) => !present.has(address))
    .map(([ipAddress, name]) => ({ name, ipAddress }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const network = virtualNetworkId(config);
  const moved =
    !sameId(pool.virtualNetwork?.id, network) &&
    !staying.some(({ virtualNetwork }) => sameId(virtualNetwork?.id, network));
  if (joining.length === 0 && staying.length === existing.length && !moved) {
    SETTLED.set(pool, wanted);
    return pool;
  }
  // ARM takes the network per pool or per member, not both
  const members = [...staying.map(withoutNetwork), ...joining];
  return { ...pool, virtualNetwork: { id: network }, loadBalancerBackendAddresses: members };
}

function addressOf({ ipAddress = "" }: LoadBalancerBackendAddress): string {
  return ipAddress.includes(":") ? (canonicalAddress(ipAddress) ?? ipAddress) : ipAddress;
}

function withoutNetwork({ virtualNetwork: _moved, ...member }: LoadBalancerBackendAddress): LoadBalancerBackendAddress {
  return member;
}
