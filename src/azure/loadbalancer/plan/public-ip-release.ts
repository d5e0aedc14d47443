import type { PublicIPAddress } from "@azure/arm-network";
import type { Edit } from "../../arm/port.ts";
import { sameId } from "../../arm/resource-id.ts";
import type { LoadBalancerConfig } from "../config.ts";
import {
  DNS_TAG,
  isManagedPublicIp,
  isTaggedFor,
  ownerTag,
  publicIpsMadeFor,
  SERVICE_TAG,
  servicesOf,
  tagKey,
} from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";

/** Why a Service gives a public IP up. */
export type ReleaseReason = "the Service is gone" | "the Service is internal" | "the Service uses another public IP";

/** A public IP that a Service is tagged on and no longer uses. */
export interface Release {
  readonly publicIp: PublicIPAddress;
  readonly because: ReleaseReason;
}

/** What a Service keeps. */
export interface Keeping {
  readonly settings: LoadBalancerSettings;
  readonly config: LoadBalancerConfig;
  /** Whether the Service still wants a balancer. */
  readonly wanted: boolean;
  /** Full ids of the public IPs it uses now. */
  readonly keep: readonly string[];
}

/**
 * The public IPs that a Service gives up, of whatever family: those made for this cluster and tagged with the Service,
 * minus those it uses. What a user made is never among them.
 *
 * @param publicIps - of the Service's public IP resource group and the cluster's.
 */
export function publicIpsToRelease(publicIps: readonly PublicIPAddress[], keeping: Keeping): readonly Release[] {
  const { settings, config, wanted, keep } = keeping;
  const because: ReleaseReason = !wanted
    ? "the Service is gone"
    : settings.internal
      ? "the Service is internal"
      : "the Service uses another public IP";
  return publicIpsMadeFor(settings.key, publicIps, config)
    .filter(({ id }) => !keep.some((kept) => sameId(kept, id)))
    .map((publicIp) => ({ publicIp, because }));
}

/**
 * The edit that takes a Service out of the tags of a public IP. With the last Service gone the tag is left empty, on
 * which `settlePublicIp` removes the public IP; while others are in it, it stays.
 */
export function releaseEdit(settings: LoadBalancerSettings, config: LoadBalancerConfig): Edit<PublicIPAddress> {
  return {
    owner: settings.key,
    order: settings.order,
    apply: (current) =>
      current !== undefined && isManagedPublicIp(current, config) ? unbound(current, settings.key) : current,
  };
}

function unbound(current: PublicIPAddress, key: string): PublicIPAddress {
  if (!isTaggedFor(current, key)) return current;
  const services = servicesOf(current).filter((each) => each.toLowerCase() !== key.toLowerCase());
  const tags: Record<string, string> = { ...current.tags, [tagKey(current, SERVICE_TAG)]: services.join(",") };
  if (ownerTag(current, DNS_TAG)?.toLowerCase() === key.toLowerCase()) delete tags[tagKey(current, DNS_TAG)];
  return { ...current, tags };
}
