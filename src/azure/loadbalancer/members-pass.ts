import type { LoadBalancer as Balancer } from "@azure/arm-network";
import type { Edit } from "../arm/port.ts";
import type { Placed } from "./in-place.ts";
import { balancerId, balancerName, securityGroupId } from "./names.ts";
import { accessEdit } from "./plan/access.ts";
import type { AccessClaim } from "./plan/access-rules.ts";
import { planBalancer } from "./plan/balancer.ts";
import { membersEdit } from "./plan/members.ts";
import type { Room } from "./room.ts";

/** The edit on the members of a balancer's IP-based pools, which is the same whichever Service asks for it. */
export function clusterMembers({ config, nodes }: Room, internal: boolean): Edit<Balancer> {
  return membersEdit({ config, internal, nodes: () => ({ synced: true, items: nodes() }) });
}

/**
 * Brings in the nodes there are now for a Service that is in place otherwise: neither its addresses nor, with floating IP,
 * what is open for them depends on nodes. Reads the balancers and the security group at most, and all Services share that
 * and the one write.
 *
 * @returns false when the balancer or the security group is not as the Service's last pass has left it, so that there is
 *   more to do: somebody has changed it by hand.
 */
export async function updateMembers(room: Room, placed: Placed, signal: AbortSignal): Promise<boolean> {
  const { arm, config, members } = room;
  const { internal } = placed.wish.settings;
  const target = arm.resource("loadBalancers", balancerId(config, balancerName(config, internal)));
  const balancer = await target.submit(clusterMembers(room, internal), signal);
  if (balancer === undefined || !isAsPlaced(balancer, placed) || !(await isOpen(room, placed, signal))) return false;
  await members.sync(balancer, internal, signal);
  return true;
}

function isAsPlaced(balancer: Balancer, { wish }: Placed): boolean {
  return changesNothing(() => planBalancer(balancer, wish).next === balancer);
}

async function isOpen({ arm, config, claims }: Room, { wish, claim }: Placed, signal: AbortSignal): Promise<boolean> {
  if (config.securityGroupName === "") return true;
  const group = await arm.resource("networkSecurityGroups", securityGroupId(config)).current(signal);
  const others = (address: string): readonly AccessClaim[] => claims.on(address);
  const edit = accessEdit({ config, claim, order: wish.settings.order, released: [], others });
  return changesNothing(() => edit.apply(group) === group);
}

/** A plan that refuses leaves the reason to the full pass. */
function changesNothing(isSame: () => boolean): boolean {
  try {
    return isSame();
  } catch {
    return false;
  }
}
