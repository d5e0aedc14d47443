import type { Cidr } from "../addresses/cidr.ts";

/**
 * The network as packets see it, taken from what is in effect. Keys are ids in lower case; ids are as ARM prints them.
 * Plain data: everything in this room decides over it.
 */
export interface Topology {
  readonly balancers: readonly Balancer[];
  readonly publicAddresses: readonly PublicAddress[];
  readonly virtualNetworks: readonly VirtualNetwork[];
  readonly interfaces: readonly Interface[];
  /** By key. */
  readonly securityGroups: ReadonlyMap<string, SecurityGroup>;
}

/** A load balancer. */
export interface Balancer {
  readonly id: string;
  /** `Basic` balancers are open where no security group says otherwise; all others are closed. */
  readonly sku: string;
  readonly frontends: readonly Frontend[];
  readonly rules: readonly BalancingRule[];
  readonly natRules: readonly NatRule[];
  readonly probes: readonly Probe[];
  readonly pools: readonly Pool[];
  /** Keys of frontends that outbound rules use. */
  readonly outboundFrontends: readonly string[];
}

/** Where a balancer listens: a public address, or one of its own in a subnet. */
export interface Frontend {
  readonly id: string;
  readonly key: string;
  /** Key of a public address. */
  readonly publicAddress: string | undefined;
  /** Private address; undefined for public frontends. */
  readonly address: string | undefined;
  /** Key of the subnet of {@link address}. */
  readonly subnet: string | undefined;
}

/** Protocol of a balancing rule; `All` is TCP and UDP. */
export type RuleProtocol = "Tcp" | "Udp" | "All";

/** A load balancing rule. */
export interface BalancingRule {
  readonly id: string;
  /** Key of its frontend. */
  readonly frontend: string;
  readonly protocol: RuleProtocol;
  /** 0 with protocol `All`: every port. */
  readonly frontendPort: number;
  /** 0: the port stays as it is. */
  readonly backendPort: number;
  /** Floating IP: the destination address stays the frontend's. */
  readonly floating: boolean;
  /** Keys of pools. */
  readonly pools: readonly string[];
  /** Key of a probe. */
  readonly probe: string | undefined;
}

/** An inbound NAT rule: one port of a frontend for one interface. */
export interface NatRule extends Omit<BalancingRule, "pools" | "probe"> {
  readonly key: string;
}

/** A health probe. */
export interface Probe {
  readonly id: string;
  readonly key: string;
  readonly protocol: string;
  readonly port: number;
  readonly path: string | undefined;
  /** What happens when no member answers: nobody gets anything, or everybody does. */
  readonly whenAllDown: "AllProbedDown" | "AllProbedUp";
}

/** A backend pool; interfaces name it, or it lists addresses. */
export interface Pool {
  readonly id: string;
  readonly key: string;
  readonly addresses: readonly PoolAddress[];
}

/** A member by address. */
export interface PoolAddress {
  readonly address: string;
  /** Key of its virtual network. */
  readonly network: string | undefined;
  /** `Up`: gets packets whatever the probe says; `Down`: gets none. */
  readonly adminState: "None" | "Up" | "Down";
}

/** A public address that has been assigned. */
export interface PublicAddress {
  readonly id: string;
  readonly key: string;
  readonly address: string;
  readonly sku: string;
}

/** A virtual network. */
export interface VirtualNetwork {
  readonly id: string;
  readonly key: string;
  readonly prefixes: readonly Cidr[];
  /** Keys of networks that it is peered with and may talk to. */
  readonly peers: readonly string[];
  readonly subnets: readonly Subnet[];
}

/** A subnet. */
export interface Subnet {
  readonly id: string;
  readonly key: string;
  /** Key of its security group. */
  readonly securityGroup: string | undefined;
}

/** A network interface, of a machine of its own or of an instance of a scale set. */
export interface Interface {
  readonly id: string;
  readonly machine: Machine | undefined;
  /** Key of its own security group. */
  readonly securityGroup: string | undefined;
  readonly configurations: readonly IpConfiguration[];
}

/** A virtual machine or an instance of a scale set. */
export interface Machine {
  readonly id: string;
  /** Computer name, which is the node's name in Kubernetes. */
  readonly name: string;
  /** Neither stopped nor deallocated. */
  readonly running: boolean;
}

/** One address of an interface, and what refers to it. */
export interface IpConfiguration {
  readonly id: string;
  readonly address: string;
  /** Key of its subnet. */
  readonly subnet: string;
  /** Key of a public address of its own. */
  readonly publicAddress: string | undefined;
  /** Keys of the pools it has joined. */
  readonly pools: readonly string[];
  /** Keys of NAT rules that lead to it. */
  readonly natRules: readonly string[];
  /** Keys of application security groups. */
  readonly applicationGroups: readonly string[];
}

/** A security group with its rules, default ones included, by priority. */
export interface SecurityGroup {
  readonly id: string;
  readonly rules: readonly SecurityRule[];
}

/** A security rule. */
export interface SecurityRule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly allow: boolean;
  /** `Tcp`, `Udp`, `Icmp`, `Ah`, `Esp` or `*`. */
  readonly protocol: string;
  readonly source: RuleSide;
  readonly destination: RuleSide;
}

/** One side of a security rule. */
export interface RuleSide {
  /** Blocks, addresses, service tags or `*`. */
  readonly prefixes: readonly string[];
  /** `80`, `80-90` or `*`. */
  readonly ports: readonly string[];
  /** Keys of application security groups. */
  readonly groups: readonly string[];
}
