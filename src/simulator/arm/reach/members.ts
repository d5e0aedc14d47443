import { ipVersion } from "../addresses/cidr.ts";
import type { FoundConfiguration, TopologyIndex } from "./lookups.ts";
import type { Balancer, BalancingRule, Pool, PoolAddress } from "./topology.ts";
import type { Backend } from "./verdict.ts";

/** A member of a rule's pools. */
export interface Member {
  readonly backend: Backend;
  /** Undefined for a member by address that no interface has. */
  readonly found: FoundConfiguration | undefined;
  readonly adminState: PoolAddress["adminState"];
}

/** The members of a rule's pools that are of the family, sorted by node and address. */
export function membersOf(
  rule: Pick<BalancingRule, "pools">,
  balancer: Balancer,
  version: 4 | 6,
  index: TopologyIndex,
): readonly Member[] {
  const members = new Map<string, Member>();
  for (const pool of balancer.pools.filter(({ key }) => rule.pools.includes(key))) {
    for (const member of [...byInterface(pool, index), ...byAddress(pool, index)]) {
      const { address, ipConfiguration = "" } = member.backend;
      if (ipVersion(address) === version) members.set(`${address} ${ipConfiguration}`, member);
    }
  }
  return [...members.values()].toSorted(byNode);
}

/** The backend that an IP configuration is. */
export function backendOf({ nic, configuration }: FoundConfiguration): Backend {
  const { address, id } = configuration;
  return { node: nic.machine?.name ?? address, machine: nic.machine?.id, ipConfiguration: id, address };
}

function byInterface({ key }: Pool, index: TopologyIndex): readonly Member[] {
  return index.configurations(key).map((found) => ({ backend: backendOf(found), found, adminState: "None" }));
}

function byAddress({ addresses }: Pool, index: TopologyIndex): readonly Member[] {
  return addresses.map(({ address, network, adminState }) => {
    const found = index
      .configurations(address)
      .find(({ configuration }) => network === undefined || index.networkOf(configuration.subnet)?.key === network);
    const lonely = { node: address, machine: undefined, ipConfiguration: undefined, address };
    return { backend: found === undefined ? lonely : backendOf(found), found, adminState };
  });
}

function byNode(a: Member, b: Member): number {
  const [left, right] = [a, b].map(({ backend }) => `${backend.node} ${backend.address}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
