import { covers, parseCidr } from "../addresses/cidr.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, referenceAt, textAt, textsAt, wordAt } from "../json.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";

/**
 * Pools as they are stored: only members by address. The members that interfaces have brought belong to the interfaces
 * and are ignored in requests, and a member without address is one of those.
 */
export function plainPools(pools: readonly JsonObject[]): readonly JsonObject[] {
  return pools.map((pool) => {
    const members = objectsAt(propertiesOf(pool), "loadBalancerBackendAddresses");
    const byAddress = members.filter((member) => {
      const properties = propertiesOf(member);
      return (
        textAt(properties, "ipAddress") !== undefined || properties["loadBalancerFrontendIPConfiguration"] !== undefined
      );
    });
    const { loadBalancerBackendAddresses: _, ...rest } = propertiesOf(pool);
    return {
      ...pool,
      properties: byAddress.length === 0 ? rest : { ...rest, loadBalancerBackendAddresses: byAddress },
    };
  });
}

/** Whether a pool has members by address. */
export function isIpBased(pool: JsonObject): boolean {
  return objectsAt(propertiesOf(pool), "loadBalancerBackendAddresses").length > 0;
}

/** Why pools are refused: kinds of members mixed, addresses outside their network, pools removed while in use. */
export function badPools({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  const pools = objectsAt(propertiesOf(document), "backendAddressPools");
  const sku = textAt(objectAt(document, "sku"), "name");
  for (const pool of pools) {
    const poolId = `${id.text}/backendAddressPools/${wordAt(pool, "name")}`;
    const problem =
      badSyncMode(poolId, pool, previous?.shown) ?? (isIpBased(pool) ? badIpPool(poolId, pool, sku, world) : undefined);
    if (problem !== undefined) return problem;
  }
  if (previous === undefined) return undefined;
  const left = new Set(pools.map((pool) => textAt(pool, "name")?.toLowerCase()));
  for (const pool of objectsAt(propertiesOf(previous.shown), "backendAddressPools")) {
    const name = wordAt(pool, "name");
    const problem = left.has(name.toLowerCase())
      ? undefined
      : poolInUse(`${id.text}/backendAddressPools/${name}`, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** How a pool follows its network is chosen with the network, for life. */
function badSyncMode(poolId: string, pool: JsonObject, previous: JsonObject | undefined): ArmError | undefined {
  const mode = textAt(propertiesOf(pool), "syncMode");
  if (mode !== undefined && propertiesOf(pool)["virtualNetwork"] === undefined) {
    const message = `Backend pool ${poolId} with syncMode ${mode} must reference a virtual network.`;
    return networkError("BackendAddressPoolSyncModeRequiresVirtualNetwork", message);
  }
  const pools = previous === undefined ? [] : objectsAt(propertiesOf(previous), "backendAddressPools");
  const before = pools.find((known) => wordAt(known, "name") === wordAt(pool, "name"));
  const was = before && textAt(propertiesOf(before), "syncMode");
  if (was === undefined || was === mode) return undefined;
  const message = `The syncMode of backend pool ${poolId} cannot be changed from ${was} to ${mode ?? "none"}.`;
  return networkError("BackendAddressPoolSyncModeCannotBeChanged", message);
}

function badIpPool(poolId: string, pool: JsonObject, sku: string | undefined, world: Store): ArmError | undefined {
  if (sku === "Basic") {
    const message = `Backend pool ${poolId} with IP addresses is not supported by load balancers of sku Basic.`;
    return networkError("BackendAddressPoolIpAddressesNotSupportedForBasicSku", message);
  }
  if (world.inboundOrPending(poolId.toLowerCase()).length > 0) {
    const message = `Backend pool ${poolId} cannot have members by network interface and members by IP address.`;
    return networkError("BackendAddressPoolMixesIpAddressesAndNetworkInterfaces", message);
  }
  for (const member of objectsAt(propertiesOf(pool), "loadBalancerBackendAddresses")) {
    const problem = badMember(poolId, pool, member, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function badMember(poolId: string, pool: JsonObject, member: JsonObject, world: Store): ArmError | undefined {
  const properties = propertiesOf(member);
  const address = wordAt(properties, "ipAddress");
  const name = wordAt(member, "name");
  const networkId = referenceAt(properties, "virtualNetwork") ?? referenceAt(propertiesOf(pool), "virtualNetwork");
  if (networkId === undefined && properties["subnet"] === undefined) {
    const message = `Backend address ${name} of pool ${poolId} has an IP address but neither a virtual network nor a subnet.`;
    return networkError("BackendAddressMissingVirtualNetwork", message);
  }
  const network = networkId === undefined ? undefined : world.get(networkId.toLowerCase());
  if (network === undefined) return undefined;
  const space = textsAt(objectAt(propertiesOf(network.shown), "addressSpace"), "addressPrefixes");
  const block = parseCidr(address);
  if (block !== undefined && space.some((prefix) => covers(parseCidr(prefix) ?? block, block))) return undefined;
  const message = `IP address ${address} of backend address ${name} in pool ${poolId} is not in the address space of virtual network ${network.id.text}.`;
  return networkError("BackendAddressNotInVirtualNetwork", message);
}

/** Wording from the field; ARM's code for it is unconfirmed. */
function poolInUse(poolId: string, world: Store): ArmError | undefined {
  const [user] = world.inboundOrPending(poolId.toLowerCase());
  if (user === undefined) return undefined;
  const scaleSet = /^.*\/virtualMachineScaleSets\/[^/]+/.exec(user.from)?.[0];
  const by = scaleSet === undefined ? `network interface ${user.from}` : `virtual machine scale set ${scaleSet}`;
  const message = `Cannot remove backend address pool ${poolId} from load balancer since it is in use by ${by}.`;
  return networkError("CannotRemoveBackendAddressPoolInUse", message);
}
