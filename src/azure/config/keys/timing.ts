import { z } from "zod";
import { decimal, flag, type Key, wholeOr } from "../key.ts";

const GATE = "the throttle gate follows Azure's own limits and answers";
const NO_CAP = "Without it, and with 0 or less, there is no such limit.";
const BURST = "Without it, as many as in one second, at least one.";
const INVENTORY = "the inventory is kept fresh by our own writes";

const budget = z.object(
  {
    cloudProviderRateLimit: z.boolean().exactOptional(),
    cloudProviderRateLimitQPS: z.number().exactOptional(),
    cloudProviderRateLimitBucket: z.number().exactOptional(),
    cloudProviderRateLimitQPSWrite: z.number().exactOptional(),
    cloudProviderRateLimitBucketWrite: z.number().exactOptional(),
  },
  { error: "an object of rate limits" },
);

/** The rate-limit keys of one client, which are also those of all clients. */
export const CLIENT_LIMIT_FIELDS: readonly string[] = Object.keys(budget.shape);

/** Seconds that a reading may be used; 0 is the default and less than 0 means "always read again", as in the original. */
function cacheSeconds(fallback: number, what: string, inert?: string): Key<z.ZodDefault<z.ZodInt>> {
  return wholeOr(fallback, "seconds", {
    doc: `How long what was read about ${what} may be used; less than 0 means never.`,
    because: "the original's value",
    ...(inert === undefined ? {} : { inert }),
  });
}

const IN_LISTS = "these are read in the lists of scale sets and machines";

/** Keys about retries, request rates, periods and how long readings may be used. */
export const TIMING_KEYS = {
  cloudProviderBackoff: flag({ doc: "Retry failed requests in the provider.", inert: "retries are always on" }),
  cloudProviderBackoffRetries: decimal({ doc: "Attempts.", inert: "attempts are bounded by deadlines" }),
  cloudProviderBackoffDuration: decimal({ doc: "Seconds before the second attempt.", inert: GATE }),
  cloudProviderBackoffExponent: decimal({ doc: "Factor between waits.", inert: GATE }),
  cloudProviderBackoffJitter: decimal({ doc: "Share of chance in waits.", inert: GATE }),
  cloudProviderRateLimit: flag({
    doc: "Keep the limits of the next four keys, for each type of resource by itself. Not needed: Azure's own limits are always kept.",
  }),
  cloudProviderRateLimitQPS: decimal({ doc: `At most so many reads a second. ${NO_CAP}` }),
  cloudProviderRateLimitBucket: decimal({ doc: `At most so many reads at once. ${BURST}` }),
  cloudProviderRateLimitQPSWrite: decimal({ doc: `At most so many writes and deletes a second. ${NO_CAP}` }),
  cloudProviderRateLimitBucketWrite: decimal({ doc: `At most so many writes and deletes at once. ${BURST}` }),
  Entries: {
    doc: "The five keys above for single types, by name: `loadBalancerRateLimit`, `publicIPAddressRateLimit`, ... They take the place of all five. The same blocks may stand at the top.",
    accepts: "an object of rate limits per client",
    schema: z.record(z.string(), budget, { error: "an object of rate limits per client" }).exactOptional(),
  },
  routeUpdateIntervalInSeconds: wholeOr(30, "seconds", {
    doc: "Time between two writes of the route table.",
    inert: "the merge queue writes at once and bundles what arrives meanwhile",
  }),
  routeUpdateWaitingInSeconds: {
    ...wholeOr(30, "seconds", {
      doc: "How long a route may take.",
      because: "the original's value; less than 1 selects it too",
    }),
    absentWhen: (value: unknown) => typeof value === "number" && value <= 0,
  },
  loadBalancerBackendPoolUpdateIntervalInSeconds: wholeOr(30, "seconds", {
    doc: "Time between two writes of the pools of Services with externalTrafficPolicy Local, with several load balancers.",
    because: "the original's value",
  }),
  disableAPICallCache: flag({ doc: "Read everything again every time.", because: INVENTORY }),
  listVmssVirtualMachinesWithoutInstanceView: flag({
    doc: "List scale-set instances without their power state.",
    inert: "instances that are off must be recognised, and the list with power states costs no more requests",
  }),
  nonVmssUniformNodesCacheTTLInSeconds: cacheSeconds(900, "nodes outside uniform scale sets", IN_LISTS),
  vmssCacheTTLInSeconds: cacheSeconds(600, "scale sets"),
  vmssVirtualMachinesCacheTTLInSeconds: cacheSeconds(600, "scale-set instances"),
  vmssFlexCacheTTLInSeconds: cacheSeconds(600, "flexible scale sets", IN_LISTS),
  vmssFlexVMCacheTTLInSeconds: cacheSeconds(600, "instances of flexible scale sets", IN_LISTS),
  availabilitySetsCacheTTLInSeconds: cacheSeconds(600, "availability sets", IN_LISTS),
  vmCacheTTLInSeconds: cacheSeconds(60, "standalone machines"),
  loadBalancerCacheTTLInSeconds: cacheSeconds(120, "load balancers"),
  nsgCacheTTLInSeconds: cacheSeconds(120, "network security groups"),
  routeTableCacheTTLInSeconds: cacheSeconds(120, "route tables"),
  publicIPCacheTTLInSeconds: cacheSeconds(120, "public IPs"),
  plsCacheTTLInSeconds: cacheSeconds(120, "private link services"),
} as const satisfies Readonly<Record<string, Key>>;
