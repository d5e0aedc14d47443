import type { LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import { CloudError } from "../../cloudprovider/errors.ts";
import { formatGroupId, idKey, nameOf } from "../arm/resource-id.ts";
import { tellFailure } from "./events.ts";
import { lookUp } from "./lookup.ts";
import { balancerId, balancerName, publicIpId, publicIpName, securityGroupId } from "./names.ts";
import { byId } from "./ownership.ts";
import { accessEdit } from "./plan/access.ts";
import type { AccessClaim } from "./plan/access-rules.ts";
import { type BalancerWish, balancerEdit, planBalancer } from "./plan/balancer.ts";
import { publicIpsToRelease, releaseEdit } from "./plan/public-ip-release.ts";
import { type Room, type Subject, tell } from "./room.ts";

/** What a Service leaves behind. */
export interface Departure extends Subject {
  /** What it still needs of the security group. */
  readonly claim: AccessClaim;
  /** Addresses that it holds no more. */
  readonly addresses: readonly string[];
  /** Names of the balancers that it has no frontend on any more; they need not exist. */
  readonly balancers: readonly string[];
  /** Whether the Service still wants a balancer. */
  readonly wanted: boolean;
  /** Ids of the public IPs that it uses. */
  readonly keep: readonly string[];
  /** Those among which its former ones are. */
  readonly publicIps: readonly PublicIPAddress[];
}

/** ARM's refusal to delete a balancer that the model of a scale set names, whose pools may well be empty. */
const NAMED_BY_SCALE_SET = "LoadBalancerInUseByVirtualMachineScaleSet";

/** ARM's refusal to delete a public IP that something still refers to. */
const STILL_REFERENCED = "PublicIPAddressCannotBeDeleted";

/**
 * Takes a Service out of where it has been: the security group first, so that no rule outlives the address it is for, the
 * balancer, the public IP. Idempotent; an end at any point leaves something that is found by name.
 */
export async function leave(room: Room, departure: Departure, signal: AbortSignal): Promise<void> {
  await leaveSecurityGroup(room, departure, signal);
  await Promise.all(departure.balancers.map((balancer) => leaveBalancer(room, departure, balancer, signal)));
  await Promise.all(idsToRelease(room, departure).map((id) => releasePublicIp(room, departure, id, signal)));
}

/** Takes addresses that a Service holds no more out of the security group. */
export async function leaveSecurityGroup(room: Room, departure: Departure, signal: AbortSignal): Promise<void> {
  const { config, claims } = room;
  const { claim, settings, addresses: released } = departure;
  if (config.securityGroupName === "" || released.length === 0) return;
  const others = (address: string): readonly AccessClaim[] => claims.on(address);
  const edit = accessEdit({ config, claim, order: settings.order, released, others });
  await room.arm.resource("networkSecurityGroups", securityGroupId(config)).submit(edit, signal);
}

async function leaveBalancer(room: Room, departure: Departure, name: string, signal: AbortSignal): Promise<void> {
  const { config, claims } = room;
  const isInternal = name.toLowerCase() === balancerName(config, true).toLowerCase();
  const isLive = (base: string): boolean => claims.isLive(base, isInternal);
  const wish: BalancerWish = { settings: departure.settings, config, name, sources: undefined, isLive };
  const resource = room.arm.resource("loadBalancers", balancerId(config, name));
  const leaving = (): Promise<LoadBalancer | undefined> => resource.submit(balancerEdit(wish), signal);
  const after = await leaving().catch(async (error: unknown) => {
    if (!(error instanceof CloudError) || error.cloudCode !== NAMED_BY_SCALE_SET) throw error;
    await emptyAfresh(room, await resource.current(signal), signal);
    return await leaving();
  });
  for (const { reason, text } of planBalancer(after, wish).remarks)
    tell(room, departure.service, "Warning", { reason, text });
}

/** Somebody has put machines into the pools since they were last looked at. */
async function emptyAfresh(room: Room, balancer: LoadBalancer | undefined, signal: AbortSignal): Promise<void> {
  const { subscriptionId, resourceGroup } = room.config;
  const group = formatGroupId(subscriptionId, resourceGroup);
  const scaleSets = await room.arm.refresh("virtualMachineScaleSets", group, signal);
  const uniform = scaleSets.filter(({ orchestrationMode }) => orchestrationMode !== "Flexible");
  const ids = uniform.flatMap(({ id }) => id ?? []);
  await Promise.all(ids.map((id) => room.arm.refresh("virtualMachineScaleSetVMs", id, signal)));
  await room.members.empty(balancer, signal);
}

/** Those that are tagged with the Service and those it may have begun to make; the latter need not exist. */
function idsToRelease({ config, begun }: Room, departure: Departure): readonly string[] {
  const { settings, wanted, keep } = departure;
  const tagged = publicIpsToRelease(departure.publicIps, { ...departure, config }).flatMap(
    ({ publicIp }) => publicIp.id ?? [],
  );
  const { resourceGroup, prefixIds } = settings.publicIp;
  const named =
    wanted || settings.internal
      ? []
      : settings.families.map((family) =>
          publicIpId(config, resourceGroup, publicIpName(config.clusterName, settings, family, prefixIds[family])),
        );
  const known = [...begun.publicIpsOf(settings.key), ...named, ...tagged];
  const ids = new Map(known.map((id) => [idKey(id), id])); // the last one is spelled as ARM does
  for (const id of keep) ids.delete(idKey(id));
  return [...ids.values()];
}

async function releasePublicIp(
  room: Room,
  { settings, service, publicIps }: Departure,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const resource = room.arm.resource("publicIPAddresses", id);
  try {
    // Letting go of the frontend has changed it in ARM: what is known of it would only earn a 412
    if (lookUp(publicIps, byId, idKey(id)).length > 0) await resource.renew(signal);
    await resource.submit(releaseEdit(settings, room.config), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = CloudError.from(error, `deleting the public IP ${nameOf(id)}`);
    if (failure.cloudCode !== STILL_REFERENCED) throw error;
    const target = { kind: "Service", metadata: service.metadata } as const;
    tellFailure(room.world.events, target, "DeletePublicIPAddress", { error: failure, nowMs: room.clock.now() });
  }
}
