import type { Action, ActionRequest } from "../action.ts";
import { ArmError, networkError } from "../arm-error.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  objectsAt,
  propertiesOf,
  textAt,
  textsAt,
  withProperties,
  wordAt,
} from "../json.ts";
import type { Link } from "../links.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { isIpBased } from "./load-balancer-pools.ts";
import { memberName } from "./load-balancer-view.ts";
import { POOLS } from "./pool-membership.ts";

/** `POST migrateToIpBased`: answered at once; members by interface become members by address a little later. */
export const migrateToIpBased: Action = {
  verb: "MigrateToIpBased",
  operation: "untold",
  timing: timing(seconds(0.7, 1), seconds(5, 15)),
  plan: (request, world) => {
    const pools = askedPools(request);
    return {
      answer: { migratedPools: [...pools] },
      finish: () => {
        for (const pool of pools) migrate(request.record, pool, world);
      },
    };
  },
};

function askedPools({ record, body }: ActionRequest): readonly string[] {
  const { id, shown } = record;
  if (wordAt(objectAt(shown, "sku"), "name") !== "Standard") {
    const message = `Load balancer ${id.text} cannot be migrated to IP based backend pools: its sku is not Standard.`;
    throw networkError("LoadBalancerMigrateToIpBasedNotSupported", message);
  }
  return textsAt(body, "pools").map((name) => {
    const poolId = `${id.text}/backendAddressPools/${name}`;
    const pool = poolNamed(shown, name);
    if (pool === undefined) throw new ArmError(404, "NotFound", `Resource ${poolId} not found.`, { details: [] });
    if (!isIpBased(pool)) return wordAt(pool, "name");
    throw networkError("BackendAddressPoolIsIpBased", `Backend pool ${poolId} has members by IP address already.`);
  });
}

function poolNamed(document: JsonObject, name: string): JsonObject | undefined {
  const pools = objectsAt(propertiesOf(document), "backendAddressPools");
  return pools.find((pool) => wordAt(pool, "name").toLowerCase() === name.toLowerCase());
}

function migrate(balancer: ResourceRecord, name: string, world: Store): void {
  const poolId = `${balancer.id.text}/backendAddressPools/${name}`;
  const poolKey = poolId.toLowerCase();
  const links = world.inboundOrPending(poolKey);
  const members = links.filter(({ from }) => from.includes("/ipConfigurations/"));
  const addresses = members.flatMap((member) => addressOf(member, world));
  const [network] = members.flatMap((member) => networkOf(member, world));
  for (const { from } of links) leavePool(from, poolKey, world);
  const change = (pool: JsonObject): JsonObject =>
    wordAt(pool, "name") !== name
      ? pool
      : withProperties(pool, {
          ...(network !== undefined && { virtualNetwork: { id: network } }),
          ...(addresses.length > 0 && { loadBalancerBackendAddresses: [...addresses] }),
        });
  const changed = (document: JsonObject): JsonObject =>
    withProperties(document, {
      backendAddressPools: objectsAt(propertiesOf(document), "backendAddressPools").map(change),
    });
  balancer.shown = changed(balancer.shown);
  if (balancer.effect !== undefined) balancer.effect = changed(balancer.effect);
  balancer.bump();
  world.index(balancer);
}

function addressOf({ from }: Link, world: Store): readonly JsonObject[] {
  const ipAddress = world.addresses.addressOf(from);
  return ipAddress === undefined ? [] : [{ name: memberName(from, world), properties: { ipAddress } }];
}

function networkOf({ from }: Link, world: Store): readonly string[] {
  const links = world.owner(from.toLowerCase())?.links ?? [];
  const subnet = links.find((link) => link.from === from && link.field === "subnet");
  return subnet === undefined ? [] : [subnet.to.slice(0, subnet.to.lastIndexOf("/subnets/"))];
}

/** Takes whoever names the pool, an interface, an instance or a scale set's model, out of it. */
function leavePool(from: string, poolKey: string, world: Store): void {
  const holder = world.owner(from.toLowerCase());
  if (holder === undefined) return;
  holder.shown = withoutPool(holder.shown, poolKey) as JsonObject;
  if (holder.effect !== undefined) holder.effect = withoutPool(holder.effect, poolKey) as JsonObject;
  holder.bump();
  world.index(holder);
}

function withoutPool(value: Json, poolKey: string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withoutPool(item, poolKey));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): readonly (readonly [string, Json])[] => {
      if (member === undefined) return [];
      if (key !== POOLS || !Array.isArray(member)) return [[key, withoutPool(member, poolKey)]];
      const kept = (member as readonly Json[]).filter(
        (item) => !isObject(item) || textAt(item, "id")?.toLowerCase() !== poolKey,
      );
      return kept.length === 0 ? [] : [[key, kept]];
    }),
  );
}
