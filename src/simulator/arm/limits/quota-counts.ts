import type { ArmId } from "../arm-id.ts";
import {
  type JsonObject,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  referencesAt,
  textAt,
  wordAt,
} from "../json.ts";
import type { Store } from "../store.ts";

/** Cores of a machine, or of all instances of a scale set, by the number in its size: `Standard_D2s_v3` has 2. */
export function coresOf(machine: JsonObject): number {
  const sku = objectAt(machine, "sku");
  const size = textAt(objectAt(propertiesOf(machine), "hardwareProfile"), "vmSize") ?? wordAt(sku, "name");
  const cores = Number(/^[A-Za-z]+_[A-Za-z]+(\d+)/.exec(size)?.[1] ?? "0");
  const { capacity } = sku as { readonly capacity?: number };
  return cores * (capacity ?? 1);
}

/** A network interface or load balancer on its way in. */
export interface MembershipDraft {
  readonly id: ArmId;
  readonly document: JsonObject;
  readonly world: Store;
}

const POOLS = "loadBalancerBackendAddressPools";

/** The most rules of all balancers that lead through one interface, once this write is in, and that interface. */
export function rulesThroughInterface({ id, document, world }: MembershipDraft): {
  readonly got: number;
  readonly interfaceId: string;
} {
  const written = new Map([[id.key, document]]);
  const isBalancer = id.types[0] === "loadBalancers";
  const perPool = rulesPerPool(world, isBalancer ? written : new Map());
  const holders = isBalancer ? interfacesIn(id, document, world) : new Map([[id.text, poolsOf(document)]]);
  let most = { got: 0, interfaceId: "" };
  for (const [interfaceId, pools] of holders) {
    const got = [...new Set(pools)].reduce((sum, pool) => sum + (perPool.get(pool) ?? 0), 0);
    if (got > most.got) most = { got, interfaceId };
  }
  return most;
}

/** How many rules use each pool, by its id in lower case. */
function rulesPerPool(world: Store, written: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const known = world.ofType("Microsoft.Network/loadBalancers").filter(({ id }) => !written.has(id.key));
  for (const balancer of [...known.map(({ shown }) => shown), ...written.values()]) {
    for (const rule of objectsAt(propertiesOf(balancer), "loadBalancingRules")) {
      const pool = referenceAt(propertiesOf(rule), "backendAddressPool")?.toLowerCase();
      if (pool !== undefined) counts.set(pool, (counts.get(pool) ?? 0) + 1);
    }
  }
  return counts;
}

/** Standalone interfaces in the pools of a balancer, with all their pools. */
function interfacesIn(id: ArmId, balancer: JsonObject, world: Store): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, readonly string[]>();
  for (const pool of objectsAt(propertiesOf(balancer), "backendAddressPools")) {
    for (const { from } of world.inbound(`${id.key}/backendaddresspools/${wordAt(pool, "name").toLowerCase()}`)) {
      const record = world.owner(from.toLowerCase());
      if (record?.id.types[0] === "networkInterfaces") holders.set(record.id.text, poolsOf(record.shown));
    }
  }
  return holders;
}

function poolsOf(nic: JsonObject): readonly string[] {
  return objectsAt(propertiesOf(nic), "ipConfigurations").flatMap((configuration) =>
    referencesAt(propertiesOf(configuration), POOLS).map((pool) => pool.toLowerCase()),
  );
}
