import { z } from "zod";
import type { Key } from "./key.ts";
import { BALANCER_KEYS } from "./keys/balancer.ts";
import { CREDENTIAL_KEYS } from "./keys/credentials.ts";
import { IDENTITY_KEYS } from "./keys/identity.ts";
import { PLACEMENT_KEYS } from "./keys/placement.ts";
import { TIMING_KEYS } from "./keys/timing.ts";

/** The groups of keys, in the order of the reference page. */
export const KEY_GROUPS: readonly { readonly title: string; readonly keys: Readonly<Record<string, Key>> }[] = [
  { title: "Cloud, tenant and subscription", keys: IDENTITY_KEYS },
  { title: "Credentials", keys: CREDENTIAL_KEYS },
  { title: "Cluster", keys: PLACEMENT_KEYS },
  { title: "Load balancers", keys: BALANCER_KEYS },
  { title: "Retries, rates, periods and caches", keys: TIMING_KEYS },
];

/** Keys of old files that nothing reads any more; letter case is ignored. */
export const FORMER_KEYS: readonly string[] = [
  "cloudProviderBackoffMode",
  "enableMultipleStandardLoadBalancers",
  "nodePoolsWithoutDedicatedSLB",
];

const ALL_KEYS = { ...IDENTITY_KEYS, ...CREDENTIAL_KEYS, ...PLACEMENT_KEYS, ...BALANCER_KEYS, ...TIMING_KEYS };

/** Every key of azure.json by its canonical spelling. */
export const CONFIG_KEYS: Readonly<Record<string, Key>> = ALL_KEYS;

type ShapeOf<K> = { -readonly [P in keyof K]: K[P] extends { readonly schema: infer S extends z.ZodType } ? S : never };

function shapeOf<K extends Readonly<Record<string, Key>>>(keys: K): ShapeOf<K> {
  const shape = Object.entries(keys).map(([name, key]) => [name, key.schema.meta({ description: key.doc })] as const);
  return Object.fromEntries(shape) as ShapeOf<K>;
}

/** Checks an object whose keys and choices are in canonical spelling, see `normalise.ts`. Unknown keys are dropped. */
export const configSchema = z.object(shapeOf(ALL_KEYS));

/** The values of all keys, defaults filled in, before keys are looked at together. */
export type ConfigValues = Readonly<z.output<typeof configSchema>>;

/** JSON Schema (draft 2020-12) of azure.json, for editors: what a person may write. */
export function configurationSchema(): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(configSchema, { io: "input" }),
    title: "azure.json of azure-cloud-provider",
  };
}
