import { parseCidr } from "../addresses/cidr.ts";
import type { Effective, StateInEffect } from "../effect/state-in-effect.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, referenceAt, textAt, textsAt, wordAt } from "../json.ts";
import type { Store } from "../store.ts";
import { readBalancer } from "./read-balancer.ts";
import { readInterfaces } from "./read-interfaces.ts";
import { readSecurityGroup } from "./read-security-group.ts";
import type { Balancer, PublicAddress, SecurityGroup, Topology, VirtualNetwork } from "./topology.ts";

/** Takes the {@link Topology} from what is in effect. Bodies are read once: they are never changed in place. */
export class TopologyReader {
  readonly #state: StateInEffect;
  readonly #store: Store;
  readonly #balancers = new WeakMap<JsonObject, Balancer>();
  readonly #groups = new WeakMap<JsonObject, SecurityGroup>();

  constructor(state: StateInEffect, store: Store) {
    this.#state = state;
    this.#store = store;
  }

  /** The network as it is in effect now. */
  read(): Topology {
    const state = this.#state;
    const inbound = state.inbound();
    const network = (type: string): readonly Effective[] => state.ofType(`Microsoft.Network/${type}`);
    return {
      balancers: network("loadBalancers").map((item) => remembered(this.#balancers, item, readBalancer)),
      publicAddresses: network("publicIPAddresses").flatMap((item) =>
        this.#publicAddress(item, inbound.has(item.record.id.key)),
      ),
      virtualNetworks: network("virtualNetworks").map(readNetwork),
      interfaces: readInterfaces(state, (id) => this.#store.addresses.addressOf(id)),
      securityGroups: new Map(
        network("networkSecurityGroups").map((item) => {
          const read = (): SecurityGroup => readSecurityGroup(item, this.#defaultRules(item));
          return [item.record.id.key, remembered(this.#groups, item, read)];
        }),
      ),
    };
  }

  /** A dynamic address exists only while something uses it. */
  #publicAddress({ record, document }: Effective, inUse: boolean): readonly PublicAddress[] {
    const { id, computed } = record;
    const address = textAt(computed, "ipAddress") ?? (inUse ? this.#store.publicAddressOf(id.key) : undefined);
    const sku = wordAt(objectAt(document, "sku"), "name");
    return address === undefined ? [] : [{ id: id.text, key: id.key, address, sku }];
  }

  #defaultRules({ record }: Effective): readonly JsonObject[] {
    return objectsAt(record.type.view?.(record, this.#store).own ?? {}, "defaultSecurityRules");
  }
}

function remembered<T>(known: WeakMap<JsonObject, T>, item: Effective, read: (item: Effective) => T): T {
  const before = known.get(item.document);
  if (before !== undefined) return before;
  const value = read(item);
  known.set(item.document, value);
  return value;
}

function readNetwork({ record, document }: Effective): VirtualNetwork {
  const properties = propertiesOf(document);
  const prefixes = textsAt(objectAt(properties, "addressSpace"), "addressPrefixes");
  return {
    id: record.id.text,
    key: record.id.key,
    prefixes: prefixes.flatMap((prefix) => parseCidr(prefix) ?? []),
    peers: objectsAt(properties, "virtualNetworkPeerings").flatMap((peering) => {
      const remote = referenceAt(propertiesOf(peering), "remoteVirtualNetwork");
      const closed = propertiesOf(peering)["allowVirtualNetworkAccess"] === false;
      return remote === undefined || closed ? [] : [remote.toLowerCase()];
    }),
    subnets: objectsAt(properties, "subnets").map((subnet) => {
      const id = `${record.id.text}/subnets/${wordAt(subnet, "name")}`;
      const securityGroup = referenceAt(propertiesOf(subnet), "networkSecurityGroup")?.toLowerCase();
      return { id, key: id.toLowerCase(), securityGroup };
    }),
  };
}
