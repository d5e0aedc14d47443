import type { Packet } from "./packet.ts";
import type { Balancer, BalancingRule, Frontend, NatRule } from "./topology.ts";
import type { Stop } from "./verdict.ts";

/** What a frontend does with a packet. */
export type ChosenRule =
  | { readonly kind: "pool"; readonly rule: BalancingRule; readonly probe: string | undefined }
  | { readonly kind: "nat"; readonly rule: NatRule; readonly key: string; readonly probe: undefined };

/** The rule of a frontend that takes a packet, or why none does. A rule for the port goes before one for all ports. */
export function chooseRule(packet: Packet, frontend: Frontend, balancer: Balancer): ChosenRule | Stop {
  const rules = balancer.rules.filter((rule) => rule.frontend === frontend.key);
  const natRules = balancer.natRules.filter((rule) => rule.frontend === frontend.key);
  const takes = (rule: BalancingRule | NatRule): boolean => hasPort(rule, packet.port) && hasProtocol(rule, packet);
  const nat = natRules.find(takes);
  if (nat !== undefined) return { kind: "nat", rule: nat, key: nat.key, probe: undefined };
  const fitting = rules.filter(takes);
  const rule = fitting.find(({ frontendPort }) => frontendPort !== 0) ?? fitting[0];
  if (rule !== undefined) return { kind: "pool", rule, probe: rule.probe };
  return whyNone(packet, frontend, balancer, [...rules, ...natRules]);
}

function whyNone(
  { port, protocol = "Tcp" }: Packet,
  { id, key }: Frontend,
  { outboundFrontends }: Balancer,
  rules: readonly (BalancingRule | NatRule)[],
): Stop {
  const other = rules.find((rule) => hasPort(rule, port));
  if (other !== undefined) {
    const message = `rule ${other.id} is for port ${port} with protocol ${other.protocol}, not ${protocol}`;
    return { reason: "protocol-mismatch", resource: other.id, message };
  }
  if (rules.length === 0 && outboundFrontends.includes(key)) {
    return { reason: "outbound-only", resource: id, message: `frontend ${id} serves outbound rules only` };
  }
  return { reason: "no-rule", resource: id, message: `frontend ${id} has no rule for ${protocol} port ${port}` };
}

function hasPort({ protocol, frontendPort }: BalancingRule | NatRule, port: number): boolean {
  return frontendPort === port || (protocol === "All" && frontendPort === 0);
}

function hasProtocol(rule: BalancingRule | NatRule, { protocol = "Tcp" }: Packet): boolean {
  return rule.protocol === "All" ? protocol !== "Icmp" : rule.protocol === protocol;
}
