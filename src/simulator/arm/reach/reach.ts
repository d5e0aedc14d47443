import { ipVersion } from "../addresses/cidr.ts";
import { isPrivate, liesIn, PLATFORM_ADDRESS } from "./endpoints.ts";
import { type LastLeg, stopOnLastLeg } from "./inspection.ts";
import { type FoundConfiguration, type FoundFrontend, TopologyIndex } from "./lookups.ts";
import { backendOf, type Member, membersOf } from "./members.ts";
import type { Packet } from "./packet.ts";
import { EPHEMERAL, healthOf, type ProbeAnswers } from "./probing.ts";
import { type ChosenRule, chooseRule } from "./rule-choice.ts";
import type { Topology } from "./topology.ts";
import { type Delivery, type Reach, type Refusal, type Stop, stopped } from "./verdict.ts";

/** Answers for packets over one topology. Pure: the same questions get the same answers. */
export class Reachability {
  readonly #index: TopologyIndex;
  readonly #answers: ProbeAnswers;

  /** @param answers - who answers which probe; everybody does when absent. */
  constructor(topology: Topology, answers: ProbeAnswers = () => true) {
    this.#index = new TopologyIndex(topology);
    this.#answers = answers;
  }

  /** Who gets a packet, or what stops it. */
  of(packet: Packet): Reach {
    const listening = this.#listening(packet);
    if ("reason" in listening) return stopped(listening, { frontend: undefined, rule: undefined });
    return "balancer" in listening ? this.#throughBalancer(packet, listening) : this.#direct(packet, listening);
  }

  /** Who has the destination address. */
  #listening(packet: Packet): FoundFrontend | FoundConfiguration | Stop {
    const { destination } = packet;
    const publicAddress = this.#index.publicAddress(destination);
    const word = publicAddress?.key ?? destination;
    const all = [...this.#index.frontends(word), ...this.#index.configurations(word)];
    const [first] = all;
    if (first === undefined) {
      const what = publicAddress === undefined ? "nobody has the address" : `nothing uses ${publicAddress.id},`;
      const resource = publicAddress?.id ?? destination;
      return { reason: "no-such-address", resource, message: `${what} ${destination}` };
    }
    if (publicAddress !== undefined) return first;
    const near = all.find((found) => this.#hasWay(packet.source, subnetOf(found)));
    if (near !== undefined) return near;
    const message = `${destination} is private, and there is no way to it from ${packet.source}`;
    return { reason: "not-routable", resource: idOf(first), message };
  }

  /**
   * Whether packets from `source` get into the network of a subnet. A private address that no network has is taken for
   * one on the premises, behind a gateway.
   */
  #hasWay(source: string, subnet: string | undefined): boolean {
    if (ipVersion(source) === undefined) return ["virtualnetwork", "azureloadbalancer"].includes(source.toLowerCase());
    if (source === PLATFORM_ADDRESS) return true;
    if (liesIn(source, this.#index.standpoint(subnet, 4).network)) return true;
    const isElsewhere = this.#index.topology.virtualNetworks.some(({ prefixes }) => liesIn(source, prefixes));
    return !isElsewhere && isPrivate(source);
  }

  #throughBalancer(packet: Packet, { balancer, frontend }: FoundFrontend): Reach {
    const choice = chooseRule(packet, frontend, balancer);
    if ("reason" in choice) return stopped(choice, { frontend: frontend.id, rule: undefined });
    const version = ipVersion(packet.destination) ?? 4;
    const members =
      choice.kind === "nat" ? this.#natMembers(choice.key) : membersOf(choice.rule, balancer, version, this.#index);
    const probe = balancer.probes.find(({ key }) => key === choice.probe);
    const { chosen, idle } = healthOf(members, probe, this.#answers, this.#index);
    const closedByDefault = frontend.publicAddress !== undefined && balancer.sku !== "Basic";
    const ends = chosen.map((member) => this.#lastLeg(packet, member, choice, closedByDefault));
    const backends = ends.filter((end): end is Delivery => !("stop" in end));
    const lost = ends.filter((end): end is Refusal => "stop" in end);
    const stop = backends.length > 0 ? undefined : (lost[0]?.stop ?? noMember(choice, members, idle));
    return { backends, lost, idle, stop, frontend: frontend.id, rule: choice.rule.id };
  }

  #natMembers(key: string): readonly Member[] {
    return this.#index
      .configurations(key)
      .map((found) => ({ backend: backendOf(found), found, adminState: "None" as const }));
  }

  #lastLeg(packet: Packet, member: Member, { rule }: ChosenRule, closedByDefault: boolean): Delivery | Refusal {
    const { backend, found } = member;
    const port = rule.backendPort === 0 ? packet.port : rule.backendPort;
    const destination = rule.floating ? packet.destination : backend.address;
    if (found === undefined) {
      const message = `no interface has the address ${backend.address}`;
      return { ...backend, stop: { reason: "no-machine", resource: rule.id, message } };
    }
    const stop = stopOnLastLeg(legOf(packet, { destination, port, closedByDefault }), found, this.#index);
    return stop === undefined ? { ...backend, port, destination } : { ...backend, stop };
  }

  /** Straight to an interface, by its private address or a public one of its own. */
  #direct(packet: Packet, found: FoundConfiguration): Reach {
    const publicAddress = this.#index.publicAddress(packet.destination);
    const backend = backendOf(found);
    const { port } = packet;
    const destination = backend.address;
    const closedByDefault = publicAddress !== undefined && publicAddress.sku !== "Basic";
    const stop = stopOnLastLeg(legOf(packet, { destination, port, closedByDefault }), found, this.#index);
    const nowhere = { frontend: undefined, rule: undefined };
    if (stop !== undefined) return stopped(stop, nowhere);
    return { backends: [{ ...backend, port, destination }], lost: [], idle: [], stop, ...nowhere };
  }
}

/** {@link Reachability.of} for one packet. */
export function reachOf(topology: Topology, packet: Packet, answers?: ProbeAnswers): Reach {
  return new Reachability(topology, answers).of(packet);
}

function legOf(
  { source, sourcePort = EPHEMERAL, protocol = "Tcp" }: Packet,
  end: Pick<LastLeg, "destination" | "port" | "closedByDefault">,
): LastLeg {
  return { source, sourcePort, protocol, ...end };
}

function noMember({ rule, probe }: ChosenRule, members: readonly Member[], idle: readonly Refusal[]): Stop {
  if (members.length === 0) {
    return { reason: "empty-pool", resource: rule.id, message: `rule ${rule.id} has no member of the packet's family` };
  }
  const message = idle.map(({ stop }) => stop.message).join("; ");
  return { reason: "no-probe-answering", resource: probe ?? rule.id, message };
}

function subnetOf(found: FoundFrontend | FoundConfiguration): string | undefined {
  return "balancer" in found ? found.frontend.subnet : found.configuration.subnet;
}

function idOf(found: FoundFrontend | FoundConfiguration): string {
  return "balancer" in found ? found.frontend.id : found.configuration.id;
}
