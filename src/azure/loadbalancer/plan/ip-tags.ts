import type { IpTag, PublicIPAddress } from "@azure/arm-network";
import { pipIpTags, type Remark } from "../annotations/index.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { isManagedPublicIp } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";

/**
 * What has to happen for the wanted IP tags: nothing, a change in place, or another public IP of the same name, which
 * means another address and is therefore left to the user.
 */
export function ipTagVerdict(
  publicIp: PublicIPAddress,
  { publicIp: { ipTags } }: LoadBalancerSettings,
  { changeIpTagsInPlace }: LoadBalancerConfig,
): "same" | "change" | "recreate" {
  if (ipTags === undefined || textOf(publicIp.ipTags ?? []) === textOf(ipTags)) return "same";
  return changeIpTagsInPlace ? "change" : "recreate";
}

/** A Warning when a public IP of ours would have to be made anew for the wanted IP tags; none otherwise. */
export function ipTagRemarks(
  publicIp: PublicIPAddress,
  settings: LoadBalancerSettings,
  config: LoadBalancerConfig,
): readonly Remark[] {
  if (!isManagedPublicIp(publicIp, config) || ipTagVerdict(publicIp, settings, config) !== "recreate") return [];
  const { key: field } = pipIpTags;
  const wanted = JSON.stringify(textOf(settings.publicIp.ipTags ?? []));
  const has = JSON.stringify(textOf(publicIp.ipTags ?? []));
  const text = `${field}: the public IP ${publicIp.name} has the IP tags ${has}, not ${wanted}, and Azure fixes them at creation; delete and create the Service to get another address`;
  return [{ reason: "IPTagsNotChanged", field, text }];
}

function textOf(tags: readonly IpTag[]): string {
  return tags
    .map(({ ipTagType, tag }) => `${ipTagType}=${tag}`)
    .toSorted()
    .join(",");
}
