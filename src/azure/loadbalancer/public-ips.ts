import type { PublicIPAddress } from "@azure/arm-network";
import type { AddressFamily } from "../../base/cidr.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { ArmResource } from "../arm/engine.ts";
import { nameOf } from "../arm/resource-id.ts";
import { servicesOf } from "./ownership.ts";
import { ipTagRemarks } from "./plan/ip-tags.ts";
import { publicIpEdit } from "./plan/public-ip.ts";
import type { PublicIpChoice } from "./plan/public-ip-choice.ts";
import { type Room, type Subject, tell } from "./room.ts";

/** A public IP that serves one family of a Service, as ARM confirmed it. */
export interface ServingIp {
  readonly family: AddressFamily;
  readonly resource: PublicIPAddress;
  /** Other Services may use it too: it was there before, by a user's or another Service's wish. */
  readonly shared: boolean;
}

/** Whether a public IP may serve other Services too. */
export function isShared({ mustExist, existing }: PublicIpChoice): boolean {
  return mustExist || (existing !== undefined && servicesOf(existing).length > 1);
}

/** Looks at a public IP that somebody else is making, and the pause between them. */
const LOOKS = 15;
const PAUSE_MS = 1_000;

/**
 * Makes or adopts the public IP that was chosen. Idempotent.
 *
 * @throws CloudError `Unavailable` while it has no address.
 */
export async function ensurePublicIp(
  room: Room,
  { settings, service }: Subject,
  choice: PublicIpChoice,
  signal: AbortSignal,
): Promise<ServingIp> {
  const { arm, config, begun } = room;
  if (!choice.mustExist) begun.publicIp(settings.key, choice.id);
  const target = arm.resource("publicIPAddresses", choice.id);
  const after = await target.submit(publicIpEdit({ settings, config, choice }), signal);
  const resource = after?.ipAddress === undefined ? await withAddress(room, target, signal) : after;
  for (const remark of ipTagRemarks(resource, settings, config)) tell(room, service, "Warning", remark);
  return { family: choice.family, resource, shared: choice.mustExist || servicesOf(resource).length > 1 };
}

/** A process that died may have left it in the making: its address comes without another write. */
async function withAddress(
  { clock }: Room,
  target: ArmResource<PublicIPAddress>,
  signal: AbortSignal,
): Promise<PublicIPAddress> {
  for (let look = 1; ; look++) {
    const resource = await target.read(signal);
    if (resource?.ipAddress !== undefined) return resource;
    const isChanging = resource?.provisioningState === "Updating";
    if (!isChanging || look === LOOKS)
      throw new CloudError("Unavailable", `the public IP ${nameOf(target.id)} has no address yet`);
    await clock.sleep(PAUSE_MS, signal);
  }
}
