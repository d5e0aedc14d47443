import { typeOfPath } from "../api-versions.ts";
import type { Allowance } from "./bucket.ts";
import type { GateTicket } from "./gate.ts";

/** What may be sent at most on behalf of one kind of client; an absent one is not limited by us. */
export interface RateCap {
  readonly read?: Allowance;
  readonly write?: Allowance;
}

/** Limits that a person has set, besides Azure's own. */
export interface RateCaps {
  /** For each kind of client of {@link CLIENTS} by itself. */
  readonly each: RateCap;
  /** By the name of a client in azure.json; in place of `each`, as a whole. */
  readonly named: Readonly<Record<string, RateCap>>;
}

/** Nobody has set any. */
export const NO_CAPS: RateCaps = { each: {}, named: {} };

/** The rate-limit keys of azure.json that stand for one client. */
export interface RateLimitKeys {
  readonly cloudProviderRateLimit?: boolean | undefined;
  readonly cloudProviderRateLimitQPS?: number | undefined;
  readonly cloudProviderRateLimitBucket?: number | undefined;
  readonly cloudProviderRateLimitQPSWrite?: number | undefined;
  readonly cloudProviderRateLimitBucketWrite?: number | undefined;
}

/** The same and those of single clients. */
export interface RateLimitSettings extends RateLimitKeys {
  readonly Entries?: Readonly<Record<string, RateLimitKeys>> | undefined;
}

/**
 * The names that cloud-provider-azure gives to its clients under `Entries`, by the lower-case type each writes. Types that
 * are not here never had a limit there, such as the instances of a scale set.
 */
const CLIENTS: Readonly<Record<string, string>> = {
  "microsoft.compute/availabilitysets": "availabilitySet",
  "microsoft.compute/disks": "disk",
  "microsoft.compute/snapshots": "snapshot",
  "microsoft.compute/virtualmachines": "virtualMachine",
  "microsoft.compute/virtualmachinescalesets": "virtualMachineScaleSet",
  "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces": "interface",
  "microsoft.network/loadbalancers": "loadBalancer",
  "microsoft.network/networkinterfaces": "interface",
  "microsoft.network/networksecuritygroups": "securityGroup",
  "microsoft.network/privatednszones": "privateDNS",
  "microsoft.network/privateendpoints": "privateEndpoint",
  "microsoft.network/privatelinkservices": "privateLinkService",
  "microsoft.network/publicipaddresses": "publicIPAddress",
  "microsoft.network/routetables": "routeTable",
  "microsoft.network/virtualnetworks": "virtualNetwork",
  "microsoft.network/virtualnetworks/subnets": "subnets",
  "microsoft.storage/storageaccounts": "storageAccount",
};

/**
 * Caps from azure.json. Without `cloudProviderRateLimit` there is none, in an entry as at the top. A rate of zero or
 * less, and no rate at all, set no cap: read to the letter they would stop everything for ever. Without a burst one
 * second's worth may go at once, one request at least.
 */
export function rateCapsOf(settings: RateLimitSettings): RateCaps {
  const entries = Object.entries(settings.Entries ?? {});
  return {
    each: capIn(settings),
    named: Object.fromEntries(entries.map(([name, keys]) => [name.toLowerCase(), capIn(keys)])),
  };
}

function capIn(keys: RateLimitKeys): RateCap {
  if (keys.cloudProviderRateLimit !== true) return {};
  const read = allowance(keys.cloudProviderRateLimitQPS, keys.cloudProviderRateLimitBucket);
  const write = allowance(keys.cloudProviderRateLimitQPSWrite, keys.cloudProviderRateLimitBucketWrite);
  return { ...(read && { read }), ...(write && { write }) };
}

function allowance(perSecond = 0, burst = 0): Allowance | undefined {
  if (!(perSecond > 0)) return undefined;
  return { perSecond, size: Math.max(1, burst > 0 ? Math.floor(burst) : Math.ceil(perSecond)) };
}

/** The cap that a request counts for. Polls count for the type that was written, as they do in the original. */
export function capOf(
  { resource, kind }: GateTicket,
  caps: RateCaps,
): { readonly client: string; readonly allowance: Allowance } | undefined {
  const client = CLIENTS[typeOfPath(resource)];
  if (client === undefined) return undefined;
  const cap = caps.named[`${client}RateLimit`.toLowerCase()] ?? caps.each;
  const limit = kind === "read" ? cap.read : cap.write;
  return limit && { client, allowance: limit };
}
