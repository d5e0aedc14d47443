import { parseCidr } from "../../../../../src/simulator/arm/addresses/cidr.ts";
import type { Packet, PacketProtocol } from "../../../../../src/simulator/arm/reach/packet.ts";
import type {
  Balancer,
  BalancingRule,
  Frontend,
  Interface,
  IpConfiguration,
  NatRule,
  Pool,
  PoolAddress,
  Probe,
  SecurityGroup,
  SecurityRule,
  Topology,
  VirtualNetwork,
} from "../../../../../src/simulator/arm/reach/topology.ts";
import { nodesOf, type Reach, type Refusal } from "../../../../../src/simulator/arm/reach/verdict.ts";

/** `name priority access protocol source -> destination:ports`, such as `web 500 Allow Tcp Internet -> 20.0.0.1:80,443`. */
export type RuleText = string;

/** A town of three nodes behind a balancer; every case says only what is different in it. */
export interface TownWords {
  readonly sku?: string;
  /** Rules of the subnet's security group; `none` for no group. */
  readonly subnetRules?: readonly RuleText[] | "none";
  /** Rules of the interfaces' own groups, by node. */
  readonly nicRules?: Readonly<Record<string, readonly RuleText[]>>;
  /** Balancing rules: `frontend:port Tcp -> backendPort floating probe`; the words after the port may be left out. */
  readonly rules?: readonly string[];
  readonly natRules?: readonly Partial<NatRule>[];
  /** Members by interface (nodes), or by address. */
  readonly members?: readonly string[] | readonly PoolAddress[];
  readonly probe?: Partial<Probe>;
  readonly outbound?: readonly string[];
  readonly peers?: readonly string[];
  readonly others?: readonly VirtualNetwork[];
  readonly nics?: readonly Interface[];
  /** Nodes that are stopped. */
  readonly off?: readonly string[];
}

/** Default rules of every security group. */
const DEFAULTS: readonly RuleText[] = [
  "AllowVnetInBound 65000 Allow * VirtualNetwork -> VirtualNetwork:*",
  "AllowAzureLoadBalancerInBound 65001 Allow * AzureLoadBalancer -> *:*",
  "DenyAllInBound 65500 Deny * * -> *:*",
];

/** What opens port 80 and 443 of the public frontends. */
export const OPEN = ["web 500 Allow Tcp Internet -> 20.0.0.1,20.0.0.2,2603::1:80,443"] as const;

const NODES = ["n1", "n2", "n3"];
const SUBNET = "v/s";

/** The topology: frontends `a` 20.0.0.1, `b` 20.0.0.2, `six` 2603::1, `inside` 10.0.0.100, `inside6` fd00::100. */
export function town(words: TownWords = {}): Topology {
  const { subnetRules = OPEN, nicRules = {}, others = [], nics = [], peers = [] } = words;
  const groups = new Map<string, SecurityGroup>();
  if (subnetRules !== "none") groups.set("nsg", group("nsg", subnetRules));
  for (const [node, rules] of Object.entries(nicRules)) groups.set(`nsg-${node}`, group(`nsg-${node}`, rules));
  return {
    balancers: [balancer(words)],
    publicAddresses: [
      { id: "A", key: "a", address: "20.0.0.1", sku: "Standard" },
      { id: "B", key: "b", address: "20.0.0.2", sku: "Standard" },
      { id: "Six", key: "six", address: "2603::1", sku: "Standard" },
      { id: "Own", key: "own", address: "20.0.0.9", sku: "Standard" },
      { id: "Idle", key: "idle", address: "20.0.0.8", sku: "Standard" },
    ],
    virtualNetworks: [
      {
        ...network("v", ["10.0.0.0/16", "fd00::/48"]),
        peers,
        subnets: [{ id: SUBNET, key: SUBNET, securityGroup: subnetRules === "none" ? undefined : "nsg" }],
      },
      ...others,
    ],
    interfaces: [...NODES.map((node, i) => machine(node, i, words)), ...nics],
    securityGroups: groups,
  };
}

/** A virtual network without subnets. */
export function network(name: string, prefixes: readonly string[]): VirtualNetwork {
  return { id: name, key: name, prefixes: prefixes.flatMap((text) => parseCidr(text) ?? []), peers: [], subnets: [] };
}

function balancer(words: TownWords): Balancer {
  const { sku = "Standard", rules = ["a:80 Tcp -> 80 floating"], natRules = [], outbound = [], probe } = words;
  return {
    id: "lb",
    sku,
    frontends: [
      { ...frontend("a"), publicAddress: "a" },
      { ...frontend("b"), publicAddress: "b" },
      { ...frontend("six"), publicAddress: "six" },
      { ...frontend("inside"), address: "10.0.0.100", subnet: SUBNET },
      { ...frontend("inside6"), address: "fd00::100", subnet: SUBNET },
    ],
    rules: rules.map(balancingRule),
    natRules: natRules.map((rule) => ({ ...balancingRule("a:22 Tcp -> 22"), key: "nat", id: "nat", ...rule })),
    probes: [
      {
        id: "probe",
        key: "probe",
        protocol: "Tcp",
        port: 30_080,
        path: undefined,
        whenAllDown: "AllProbedDown",
        ...probe,
      },
    ],
    pools: [pool(words)],
    outboundFrontends: outbound,
  };
}

function frontend(name: string): Frontend {
  return { id: `lb/${name}`, key: name, publicAddress: undefined, address: undefined, subnet: undefined };
}

function balancingRule(text: string): BalancingRule {
  const [, key = "", port = "", protocol = "Tcp", backend = port, rest = ""] =
    /^(\w+):(\d+)(?: (\w+))?(?: -> (\d+))?(.*)$/.exec(text) ?? [];
  return {
    id: `rule-${key}-${port}`,
    frontend: key,
    protocol: protocol as BalancingRule["protocol"],
    frontendPort: Number(port),
    backendPort: Number(backend),
    floating: rest.includes("floating"),
    pools: ["pool"],
    probe: rest.includes("probe") ? "probe" : undefined,
  };
}

function pool({ members = NODES }: TownWords): Pool {
  const addresses = members.filter((member) => typeof member !== "string");
  return { id: "pool", key: "pool", addresses };
}

function machine(node: string, i: number, { members = NODES, nicRules = {}, off = [] }: TownWords): Interface {
  const vm = { id: `vm-${node}`, name: node, running: true };
  const pools = (members as readonly unknown[]).includes(node) ? ["pool"] : [];
  const own: Partial<IpConfiguration> = i === 0 ? { natRules: ["nat"], publicAddress: "own" } : {};
  return {
    id: `${node}-nic`,
    machine: off.includes(node) ? { ...vm, running: false } : vm,
    securityGroup: nicRules[node] === undefined ? undefined : `nsg-${node}`,
    configurations: [
      { ...configuration(`${node}-4`, `10.0.0.${4 + i}`, pools), ...own },
      configuration(`${node}-6`, `fd00::${4 + i}`, pools),
    ],
  };
}

/** An IP configuration in the town's subnet. */
export function configuration(id: string, address: string, pools: readonly string[] = []): IpConfiguration {
  return { id, address, subnet: SUBNET, publicAddress: undefined, pools, natRules: [], applicationGroups: [] };
}

function group(id: string, rules: readonly RuleText[]): SecurityGroup {
  return { id, rules: [...rules, ...DEFAULTS].map(securityRule) };
}

function securityRule(text: RuleText): SecurityRule {
  const pattern = /^(\S+) (\d+) (Allow|Deny) (\S+) (\S+) -> (\S+):(\S+?)(?: from (\S+))?$/;
  const [, name = "", priority, access, protocol = "", source = "", destination = "", ports = "", from = "*"] =
    pattern.exec(text) ?? [];
  if (name === "") throw new Error(`no security rule: ${text}`);
  const sides = [side(source, from), side(destination, ports)] as const;
  return {
    id: name,
    name,
    priority: Number(priority),
    direction: "Inbound",
    allow: access === "Allow",
    protocol,
    source: sides[0],
    destination: sides[1],
  };
}

function side(words: string, ports: string): SecurityRule["source"] {
  const all = words.split(",");
  return {
    prefixes: all.filter((word) => !word.startsWith("asg-")),
    ports: ports.split(","),
    groups: all.filter((word) => word.startsWith("asg-")),
  };
}

/** `source > destination:port protocol`; the protocol is Tcp when left out. */
export function packet(text: string): Packet {
  const [, source = "", destination = "", port = "", protocol = "Tcp"] =
    /^(\S+) > (\S+):(\d+)(?: (\w+))?$/.exec(text) ?? [];
  if (source === "") throw new Error(`no packet: ${text}`);
  return { source, destination, port: Number(port), protocol: protocol as PacketProtocol };
}

/** `n1 n2 as 20.0.0.1:80`, or `security-rule web`; with `, lost n3 (...)` and `, idle n3`. */
export function brief(reach: Reach): string {
  const { stop, backends, lost, idle } = reach;
  const seen = [...new Set(backends.map(({ destination, port }) => `${destination}:${port}`))];
  const main =
    stop === undefined ? `${nodesOf(reach).join(" ")} as ${seen.join(" ")}` : `${stop.reason} ${stop.resource}`;
  const also = (word: string, refusals: readonly Refusal[]): string =>
    refusals.length === 0 || stop !== undefined
      ? ""
      : `, ${word} ${refusals.map(({ node, stop: why }) => `${node} (${why.reason} ${why.resource})`).join(" ")}`;
  return main + also("lost", lost) + also("idle", idle);
}
