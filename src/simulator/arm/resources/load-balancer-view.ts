import { lastSegment } from "../arm-id.ts";
import { type JsonObject, objectsAt, propertiesOf, referenceAt, referencesAt, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import { etagOf } from "../render.ts";
import type { View } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { isIpBased } from "./load-balancer-pools.ts";

/** Back-references inside a balancer, and the interfaces that have joined its pools. */
export function balancerView(record: ResourceRecord, world: Store): View {
  const { id, shown } = record;
  const properties = propertiesOf(shown);
  const references = new BackReferences();
  for (const list of ["loadBalancingRules", "inboundNatRules", "outboundRules", "inboundNatPools"]) {
    for (const child of objectsAt(properties, list)) {
      const own = `${id.text}/${list}/${wordAt(child, "name")}`;
      for (const target of targetsOf(propertiesOf(child))) references.add(target, list, own);
    }
  }
  for (const pool of objectsAt(properties, "backendAddressPools")) {
    const poolId = `${id.text}/backendAddressPools/${wordAt(pool, "name")}`;
    if (!isIpBased(pool)) references.set(poolId, joined(poolId, record, world));
  }
  return { children: references.all() };
}

/** Ids of frontends, pools and probes that a rule names. */
function targetsOf(rule: JsonObject): ReadonlySet<string> {
  const targets = [
    referenceAt(rule, "frontendIPConfiguration"),
    ...referencesAt(rule, "frontendIPConfigurations"),
    referenceAt(rule, "backendAddressPool"),
    ...referencesAt(rule, "backendAddressPools"),
    referenceAt(rule, "probe"),
  ];
  return new Set(targets.flatMap((target) => (target === undefined ? [] : [target.toLowerCase()])));
}

class BackReferences {
  readonly #byTarget = new Map<string, Record<string, readonly JsonObject[]>>();

  add(target: string, list: string, id: string): void {
    const lists = this.#byTarget.get(target.toLowerCase()) ?? {};
    const known = lists[list];
    if (known === undefined) lists[list] = [{ id }];
    else (known as JsonObject[]).push({ id });
    this.#byTarget.set(target.toLowerCase(), lists);
  }

  set(target: string, members: Record<string, readonly JsonObject[]>): void {
    this.#byTarget.set(target.toLowerCase(), { ...members, ...this.#byTarget.get(target.toLowerCase()) });
  }

  all(): ReadonlyMap<string, JsonObject> {
    return this.#byTarget;
  }
}

/** Members that interfaces have brought. */
function joined(poolId: string, record: ResourceRecord, world: Store): Record<string, readonly JsonObject[]> {
  // A scale set's model also names the pool, but only the IP configurations of machines are members.
  const members = world
    .inbound(poolId.toLowerCase())
    .flatMap(({ from }) => (from.includes("/ipConfigurations/") ? [from] : []));
  const etag = etagOf(record, world);
  const addresses = members.map((ipConfiguration) => {
    const name = memberName(ipConfiguration, world);
    return {
      name,
      id: `${poolId}/loadBalancerBackendAddresses/${name}`,
      etag,
      type: "Microsoft.Network/loadBalancers/backendAddressPools/loadBalancerBackendAddresses",
      properties: { provisioningState: record.state, networkInterfaceIPConfiguration: { id: ipConfiguration } },
    };
  });
  return { loadBalancerBackendAddresses: addresses };
}

/** `{rg}_{nic}{ipconfig}` for standalone interfaces, a guid for those of scale sets. */
export function memberName(ipConfiguration: string, world: Store): string {
  if (ipConfiguration.includes("/virtualMachineScaleSets/"))
    return world.derive.guid("member", ipConfiguration.toLowerCase());
  const [, , , , resourceGroup = "", , , , nic = ""] = ipConfiguration.split("/");
  return `${resourceGroup}_${nic}${lastSegment(ipConfiguration)}`;
}
