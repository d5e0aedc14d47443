import { type Allowance, published } from "./bucket.ts";
import { capOf, type RateCaps } from "./caps.ts";
import { computeGroup } from "./compute-budgets.ts";
import type { GateTicket } from "./gate.ts";

/** One bucket that a request takes a token from. */
export interface Draw {
  /** The same for every request that shares the bucket. */
  readonly key: string;
  /** The key without whose it is: for people. */
  readonly bucket: string;
  /** Whose limit it is: ARM's, a provider's, a provider's for one resource, a person's, or one that an answer named. */
  readonly of: "arm" | "provider" | "resource" | "cap" | "learned";
  /** How answers name it, in lower case; empty for what none names. */
  readonly policy: string;
  readonly allowance: Allowance;
  /** Nearly every answer says what is left of it. */
  readonly told?: true;
}

/** What the draws of a request depend on besides the request. */
export interface DrawSettings {
  /** Where our resources are, in lower case; empty when that is not known. Then all are taken to be in one region. */
  readonly region: string;
  readonly caps: RateCaps;
}

/** ARM's own buckets for each principal, since 2024; all principals together have fifteen times that. */
const ARM = {
  read: { own: published(250, 25), global: published(3750, 375) },
  write: { own: published(200, 10), global: published(3000, 150) },
  delete: { own: published(200, 10), global: published(3000, 150) },
} as const;

/** The network provider counts for five minutes, writes and deletes together. */
const NETWORK = { read: published(10_000, 10_000 / 300), write: published(1000, 1000 / 300) } as const;

/** A provider without published limits: never less than ARM's own, so that only its answers close it. */
const UNPUBLISHED = { read: published(3750, 375), write: published(3000, 150) } as const;

/** What a request counts as, for people: `network.write`, `compute.UpdateVM`, `arm.read`. */
export function groupOf(ticket: GateTicket): string {
  return providerLimit(ticket)?.bucket ?? `arm.${ticket.kind}`;
}

/**
 * Every bucket that a request takes a token from. The sets are nested (ARM around a provider around a resource), so
 * whoever is first in line gets the next token of the outermost one that he lacks.
 */
export function drawsOf(ticket: GateTicket, settings: DrawSettings): readonly Draw[] {
  const { kind, subscriptionId } = ticket;
  const subscription = subscriptionId.toLowerCase();
  const limit = providerLimit(ticket);
  const { own, global } = ARM[kind];
  return [
    {
      key: `arm.${kind} ${subscription}`,
      bucket: `arm.${kind}`,
      of: "arm",
      policy: `arm.${kind}`,
      allowance: own,
      told: true,
    },
    {
      key: `arm-global.${kind} ${subscription}`,
      bucket: `arm-global.${kind}`,
      of: "arm",
      policy: `arm-global.${kind}`,
      allowance: global,
    },
    ...(limit === undefined ? [] : providerDraws(ticket, limit, `${subscription} ${regionOf(ticket, settings)}`)),
    ...capDraws(ticket, settings.caps, subscription),
  ];
}

// Requests that do not say where they go are counted where our resources are; if that is unknown, all are counted as one.
function regionOf({ region }: GateTicket, settings: Pick<DrawSettings, "region">): string {
  return settings.region === "" ? "" : (region ?? settings.region);
}

interface ProviderLimit {
  readonly bucket: string;
  /** Empty where answers never name it. */
  readonly name: string;
  readonly subscription: Allowance;
  readonly resource?: Allowance;
}

/** Network resources seen through a scale set: the network provider serves them. */
const NETWORK_BELOW_COMPUTE = /\/(networkinterfaces|publicipaddresses)$/;

function providerLimit({ provider, type, kind, list }: GateTicket): ProviderLimit | undefined {
  if (provider === "") return undefined;
  const counted = kind === "read" ? "read" : "write";
  if (provider === "microsoft.network" || NETWORK_BELOW_COMPUTE.test(type)) {
    return { bucket: `network.${counted}`, name: "", subscription: NETWORK[counted] };
  }
  const verb = kind === "read" ? (list ? "list" : "get") : kind;
  const group = provider === "microsoft.compute" ? computeGroup(type, verb) : undefined;
  if (group !== undefined) return { ...group, bucket: `compute.${group.name}` };
  return { bucket: `${provider.replace(/^microsoft\./, "")}.${counted}`, name: "", subscription: UNPUBLISHED[counted] };
}

function providerDraws(ticket: GateTicket, limit: ProviderLimit, where: string): readonly Draw[] {
  const { bucket, name, subscription, resource } = limit;
  const about = resourceIn(ticket);
  const named = (suffix: string): string => (name === "" ? "" : `${name}${suffix}`.toLowerCase());
  const whole: Draw = {
    key: `${bucket} ${where}`,
    bucket,
    of: "provider",
    policy: named("SubscriptionMaximum"),
    allowance: subscription,
  };
  if (resource === undefined || about === "") return [whole];
  const one: Draw = {
    key: `${bucket} ${about}`,
    bucket: `${bucket} of one resource`,
    of: "resource",
    policy: named("Resource"),
    allowance: resource,
  };
  return [whole, one];
}

// The list of a scale set's instances counts for the scale set; the list of a resource group for nobody.
function resourceIn({ list, resource, type }: GateTicket): string {
  if (!list) return resource;
  return type.includes("/") ? resource.slice(0, resource.lastIndexOf("/")) : "";
}

function capDraws(ticket: GateTicket, caps: RateCaps, subscription: string): readonly Draw[] {
  const cap = capOf(ticket, caps);
  if (cap === undefined) return [];
  const bucket = `cap.${cap.client}.${ticket.kind === "read" ? "read" : "write"}`;
  return [{ key: `${bucket} ${subscription}`, bucket, of: "cap", policy: "", allowance: cap.allowance }];
}
