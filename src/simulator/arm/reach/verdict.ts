/** Why a packet ends where it does. */
export type StopReason =
  /** Nobody has the destination address. */
  | "no-such-address"
  /** The destination is private, and there is no way to it from the source. */
  | "not-routable"
  /** No rule of the frontend is for this port. */
  | "no-rule"
  /** A rule is for this port, with another protocol. */
  | "protocol-mismatch"
  /** The frontend serves outbound rules and nothing else. */
  | "outbound-only"
  /** The rule's pools have no member of this family. */
  | "empty-pool"
  /** No member answers the rule's probe. */
  | "no-probe-answering"
  /** A security group's rule denies it. */
  | "security-rule"
  /** Neither subnet nor interface has a security group: Standard public addresses are closed then. */
  | "no-security-group"
  /** No interface has the member's address, or no machine has the interface. */
  | "no-machine"
  /** The machine is stopped. */
  | "machine-off";

/** Where a packet ends, and why. */
export interface Stop {
  readonly reason: StopReason;
  /** Id of the resource or child that stops it; the address for `no-such-address`. */
  readonly resource: string;
  /** A sentence for people. */
  readonly message: string;
}

/** A member of a pool, or an interface with a public address of its own. */
export interface Backend {
  /** Computer name of its machine, which is the node's name in Kubernetes; the address while no machine has it. */
  readonly node: string;
  /** Id of the machine. */
  readonly machine: string | undefined;
  /** Id of the IP configuration. */
  readonly ipConfiguration: string | undefined;
  /** Private address. */
  readonly address: string;
}

/** A backend that gets the packet. */
export interface Delivery extends Backend {
  /** Destination port as the machine sees it. */
  readonly port: number;
  /** Destination address as the machine sees it: with floating IP the frontend's, otherwise its own. */
  readonly destination: string;
}

/** A backend that does not get the packet. */
export interface Refusal extends Backend {
  readonly stop: Stop;
}

/** Who gets a packet. Lists are sorted by node. */
export interface Reach {
  /** Who gets it: each connection goes to one of them. */
  readonly backends: readonly Delivery[];
  /** Whom the balancer picks although the packet dies on the way: connections are lost. */
  readonly lost: readonly Refusal[];
  /** Whom the balancer leaves out: probe unanswered, taken down. */
  readonly idle: readonly Refusal[];
  /** Why nobody gets it; undefined when somebody does. */
  readonly stop: Stop | undefined;
  /** Id of the frontend that listens at the address. */
  readonly frontend: string | undefined;
  /** Id of the rule that takes it. */
  readonly rule: string | undefined;
}

/** Names of the nodes that get it, sorted. */
export function nodesOf({ backends }: Reach): readonly string[] {
  return [...new Set(backends.map(({ node }) => node))].toSorted();
}

/** A reach that ends before any backend. */
export function stopped(stop: Stop, found: Pick<Reach, "frontend" | "rule">): Reach {
  return { backends: [], lost: [], idle: [], stop, ...found };
}

/** One line for people: who gets it, or what stops it. */
export function describeReach(reach: Reach): string {
  const { stop, backends, lost } = reach;
  if (stop !== undefined) return `${stop.reason}: ${stop.message}`;
  const ports = [...new Set(backends.map(({ destination, port }) => `${destination}:${port}`))].join(", ");
  const losses = lost.map(({ node, stop: why }) => `; lost at ${node}: ${why.message}`).join("");
  return `reaches ${nodesOf(reach).join(", ")} as ${ports}${losses}`;
}
