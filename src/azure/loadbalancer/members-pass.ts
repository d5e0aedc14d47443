import type { LoadBalancer as Balancer } from "@azure/arm-network";
import type { Edit } from "../arm/port.ts";
import { balancerId, balancerName } from "./names.ts";
import { ownedBy } from "./ownership.ts";
import { membersEdit } from "./plan/members.ts";
import type { Room, Subject } from "./room.ts";

/** The edit on the members of a balancer's IP-based pools, which is the same whichever Service asks for it. */
export function clusterMembers({ config, nodes }: Room, internal: boolean): Edit<Balancer> {
  return membersEdit({ config, internal, nodes: () => ({ synced: true, items: nodes() }) });
}

/**
 * Brings in the nodes there are now for a Service that is in place otherwise: neither its addresses nor, with floating IP,
 * what is open for them depends on nodes. Reads one list at most, and all Services share the one write.
 *
 * @returns false when the balancer serves the Service no more, so that there is more to do.
 */
export async function updateMembers(room: Room, { settings }: Subject, signal: AbortSignal): Promise<boolean> {
  const { arm, config, members } = room;
  const { base, internal } = settings;
  const target = arm.resource("loadBalancers", balancerId(config, balancerName(config, internal)));
  const balancer = await target.submit(clusterMembers(room, internal), signal);
  if (balancer === undefined || ownedBy(balancer.loadBalancingRules ?? [], base).length === 0) return false;
  await members.sync(balancer, internal, signal);
  return true;
}
