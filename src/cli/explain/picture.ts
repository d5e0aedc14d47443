import type { HeldBalancer, HeldFrontend } from "../../azure/index.ts";
import type { Blocker, Place } from "./blockers.ts";
import type { Explanation } from "./explanation.ts";

/** Longest line. */
const WIDTH = 100;

/** Where the second column starts. */
const COLUMN = 34;

/** Names of nodes or members on one line. */
const NAMES_SHOWN = 4;

/**
 * The way of a packet from the client to the nodes, top to bottom, with a cross where something is in the way. No line is
 * longer than 100 characters.
 */
export function picture(explanation: Explanation): readonly string[] {
  const { blockers } = explanation;
  const stations = stationsOf(explanation);
  const lines = stations.flatMap(({ at, rows }, index) => [
    ...(index === 0 ? [] : ["  │"]),
    ...rows.map(([left, right]) => rowOf(left, right)),
    ...crosses(blockers, at),
  ]);
  return lines.map((line) => (line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`));
}

type Row = readonly [left: string, right: string];

interface Station {
  readonly at: Place;
  readonly rows: readonly Row[];
}

function rowOf(left: string, right: string): string {
  return `  ${left.padEnd(COLUMN - 4)}  ${right}`.trimEnd();
}

function crosses(blockers: readonly Blocker[], at: Place): readonly string[] {
  const found = blockers.filter((blocker) => blocker.at === at);
  return found.map(({ text }) => `  ╳  ${text}`);
}

function stationsOf(explanation: Explanation): readonly Station[] {
  const { actual, asked } = explanation;
  const [balancer] = actual.balancers;
  const where = asked.settings.find(({ name }) => name === "reachable from")?.value ?? "";
  return [
    { at: "service", rows: [[where.replace(/^the /, ""), ""]] },
    { at: "address", rows: addressRows(explanation, balancer) },
    { at: "security", rows: securityRows(explanation) },
    { at: "balancer", rows: balancerRows(balancer) },
    { at: "nodes", rows: nodeRows(explanation, balancer) },
  ];
}

function addressRows({ actual }: Explanation, balancer: HeldBalancer | undefined): readonly Row[] {
  const served = (balancer?.frontends ?? []).map((frontend): Row => {
    const { address = "no address yet", publicIp } = frontend;
    return [`${address}${portsOf(frontend)}`, publicIp === undefined ? "private address" : `public IP ${publicIp}`];
  });
  if (served.length > 0) return served;
  const lone = actual.publicIps.map(({ address = "no address yet", name }): Row => [address, `public IP ${name}`]);
  return lone.length > 0 ? lone : [["no address", ""]];
}

function portsOf({ rules }: HeldFrontend): string {
  const ports = rules.map(({ port, protocol }) => (port === 0 ? "all ports" : `${port}/${protocol.toUpperCase()}`));
  return ports.length === 0 ? "" : ` : ${shortList(ports, 3)}`;
}

function securityRows({ actual: { securityGroup }, asked }: Explanation): readonly Row[] {
  const wants = asked.settings.find(({ name }) => name === "lets in")?.value ?? "";
  if (securityGroup.name === "") return [["no security group", ""]];
  const group = `security group ${securityGroup.name}`;
  if (!securityGroup.exists) return [[group, "does not exist"]];
  const rules = [...securityGroup.obstacles, ...securityGroup.rules].map(
    ({ priority, access, sources, ports }): Row => {
      const verb = access === "Allow" ? "lets in" : "keeps out";
      return [`  ${priority} ${verb}`, `${shortList(sources, 3)} → ${shortList(ports, 4)}`];
    },
  );
  return [[group, rules.length === 0 ? `no rule for this Service; asked is ${wants}` : ""], ...rules];
}

function balancerRows(balancer: HeldBalancer | undefined): readonly Row[] {
  if (balancer === undefined) return [["no load balancer", ""]];
  const rules = balancer.frontends.flatMap(({ name, rules: of }) => [
    ["  frontend", name] as Row,
    ...of.map(
      (rule): Row => [`  rule ${rule.port} → ${rule.backendPort}`, `${rule.name}${probeOf(balancer, rule.probe)}`],
    ),
  ]);
  return [[`load balancer ${balancer.name}`, `${balancer.sku}, ${balancer.state}`], ...rules];
}

function probeOf({ probes }: HeldBalancer, name: string | undefined): string {
  const probe = probes.find((each) => each.name === name);
  return probe === undefined ? "" : `, probe ${probe.protocol} ${probe.port}${probe.path ?? ""}`;
}

function nodeRows({ actual: { nodes } }: Explanation, balancer: HeldBalancer | undefined): readonly Row[] {
  const pools = (balancer?.pools ?? []).map(({ name, members }): Row => {
    return [`pool ${name}`, joined(counted(members.length, "member"), ": ", shortList(members, NAMES_SHOWN))];
  });
  const eligible = nodes.filter((node) => node.eligible);
  const names = eligible.map(({ node, ready }) => (ready ? node : `${node} (not ready)`));
  const kept = nodes.length - eligible.length;
  const left = `${counted(eligible.length, "node")} may serve`;
  return [...pools, [left, joined(shortList(names, NAMES_SHOWN), "; ", kept === 0 ? "" : `${kept} kept out`)]];
}

/** Two texts with something between them, or the one that is not empty. */
function joined(left: string, between: string, right: string): string {
  return left === "" || right === "" ? `${left}${right}` : `${left}${between}${right}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first few items and how many more there are. */
function shortList(items: readonly string[], most: number): string {
  const more = items.length - most;
  return more > 0 ? `${items.slice(0, most).join(", ")} and ${more} more` : items.join(", ");
}
