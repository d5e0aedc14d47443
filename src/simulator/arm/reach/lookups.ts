import { type Standpoint, standpointIn } from "./endpoints.ts";
import type {
  Balancer,
  Frontend,
  Interface,
  IpConfiguration,
  PublicAddress,
  Topology,
  VirtualNetwork,
} from "./topology.ts";

/** A frontend and whose it is. */
export interface FoundFrontend {
  readonly balancer: Balancer;
  readonly frontend: Frontend;
}

/** An IP configuration and whose it is. */
export interface FoundConfiguration {
  readonly nic: Interface;
  readonly configuration: IpConfiguration;
}

/** What packets look up in a {@link Topology}. */
export class TopologyIndex {
  readonly topology: Topology;
  readonly #publicByAddress: ReadonlyMap<string, PublicAddress>;
  readonly #publicByKey: ReadonlyMap<string, PublicAddress>;
  readonly #frontends: ReadonlyMap<string, readonly FoundFrontend[]>;
  readonly #configurations: ReadonlyMap<string, readonly FoundConfiguration[]>;
  readonly #networkBySubnet: ReadonlyMap<string, VirtualNetwork>;
  readonly #groupBySubnet: ReadonlyMap<string, string>;

  constructor(topology: Topology) {
    this.topology = topology;
    const subnets = topology.virtualNetworks.flatMap((network) =>
      network.subnets.map((subnet) => ({ network, subnet })),
    );
    this.#publicByAddress = new Map(topology.publicAddresses.map((item) => [item.address, item]));
    this.#publicByKey = new Map(topology.publicAddresses.map((item) => [item.key, item]));
    this.#networkBySubnet = new Map(subnets.map(({ network, subnet }) => [subnet.key, network]));
    this.#groupBySubnet = new Map(
      subnets.flatMap(({ subnet: { key, securityGroup } }) =>
        securityGroup === undefined ? [] : [[key, securityGroup]],
      ),
    );
    this.#frontends = frontendsByWord(topology);
    this.#configurations = configurationsByWord(topology);
  }

  /** The public address that is this address, or has this key. */
  publicAddress(addressOrKey: string): PublicAddress | undefined {
    return this.#publicByAddress.get(addressOrKey) ?? this.#publicByKey.get(addressOrKey);
  }

  /** Frontends with this private address, or with the public address of this key. */
  frontends(addressOrKey: string): readonly FoundFrontend[] {
    return this.#frontends.get(addressOrKey) ?? [];
  }

  /** IP configurations with this private address, public address, pool or NAT rule; keys for all but the first. */
  configurations(addressOrKey: string): readonly FoundConfiguration[] {
    return this.#configurations.get(addressOrKey) ?? [];
  }

  /** The virtual network of a subnet. */
  networkOf(subnetKey: string | undefined): VirtualNetwork | undefined {
    return this.#networkBySubnet.get(subnetKey ?? "");
  }

  /** Where a packet to this subnet is judged. */
  standpoint(subnetKey: string | undefined, version: 4 | 6): Standpoint {
    return standpointIn(this.networkOf(subnetKey), this.topology.virtualNetworks, version);
  }

  /** Keys of the security groups that inbound packets of a configuration pass, in their order: subnet's, interface's. */
  groupsOf({ nic, configuration }: FoundConfiguration): readonly string[] {
    return [this.#groupBySubnet.get(configuration.subnet), nic.securityGroup].filter((key) => key !== undefined);
  }
}

function frontendsByWord({ balancers }: Topology): ReadonlyMap<string, readonly FoundFrontend[]> {
  const found = new Map<string, FoundFrontend[]>();
  for (const balancer of balancers) {
    for (const frontend of balancer.frontends) {
      push(found, frontend.publicAddress ?? frontend.address, { balancer, frontend });
    }
  }
  return found;
}

function configurationsByWord({ interfaces }: Topology): ReadonlyMap<string, readonly FoundConfiguration[]> {
  const found = new Map<string, FoundConfiguration[]>();
  for (const nic of interfaces) {
    for (const configuration of nic.configurations) {
      const { address, publicAddress, pools, natRules } = configuration;
      for (const word of [address, publicAddress, ...pools, ...natRules]) push(found, word, { nic, configuration });
    }
  }
  return found;
}

function push<T>(map: Map<string, T[]>, word: string | undefined, item: T): void {
  if (word === undefined) return;
  const known = map.get(word);
  if (known === undefined) map.set(word, [item]);
  else known.push(item);
}
