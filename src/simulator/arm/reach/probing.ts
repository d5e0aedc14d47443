import { stopOnLastLeg } from "./inspection.ts";
import type { TopologyIndex } from "./lookups.ts";
import type { Member } from "./members.ts";
import type { Probe } from "./topology.ts";
import type { Refusal } from "./verdict.ts";

/** A probe of one member. */
export interface ProbeQuestion {
  /** Id of the probe. */
  readonly probe: string;
  readonly protocol: string;
  readonly port: number;
  readonly path: string | undefined;
  /** Computer name of the member's machine. */
  readonly node: string;
  readonly address: string;
}

/** Whether a member answers a probe, as far as that is the machine's own affair. */
export type ProbeAnswers = (question: ProbeQuestion) => boolean;

/** Who gets connections and who does not. */
export interface Health {
  readonly chosen: readonly Member[];
  readonly idle: readonly Refusal[];
}

/** Splits members by what their probe says; without probe all that were not taken down are chosen. */
export function healthOf(
  members: readonly Member[],
  probe: Probe | undefined,
  answers: ProbeAnswers,
  index: TopologyIndex,
): Health {
  const why = new Map(members.map((member) => [member, whyIdle(member, probe, answers, index)]));
  const chosen = members.filter((member) => why.get(member) === undefined);
  if (chosen.length === 0 && probe?.whenAllDown === "AllProbedUp") {
    return healthOf(members, undefined, answers, index);
  }
  const idle = members.flatMap((member): readonly Refusal[] => {
    const message = why.get(member);
    if (message === undefined) return [];
    const resource = probe?.id ?? member.backend.address;
    return [{ ...member.backend, stop: { reason: "no-probe-answering", resource, message } }];
  });
  return { chosen, idle };
}

function whyIdle(
  member: Member,
  probe: Probe | undefined,
  answers: ProbeAnswers,
  index: TopologyIndex,
): string | undefined {
  const { adminState, backend, found } = member;
  if (adminState === "Down") return `${backend.node} has been taken down`;
  if (adminState === "Up" || probe === undefined) return undefined;
  if (found === undefined) return `no interface has the address ${backend.address}`;
  const { id, protocol, port, path } = probe;
  const leg = {
    source: "AzureLoadBalancer",
    sourcePort: EPHEMERAL,
    destination: backend.address,
    port,
    protocol: "Tcp",
    closedByDefault: false,
  };
  const denied = stopOnLastLeg(leg, found, index);
  if (denied !== undefined) return `the probe of port ${port} does not get to ${backend.node}: ${denied.message}`;
  const { node, address } = backend;
  if (answers({ probe: id, protocol, port, path, node, address })) return undefined;
  return `${node} does not answer the probe of port ${port}`;
}

/** A source port of the kind that clients use. */
export const EPHEMERAL = 50_000;
