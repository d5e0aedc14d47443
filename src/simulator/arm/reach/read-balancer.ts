import type { Effective } from "../effect/state-in-effect.ts";
import {
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  referencesAt,
  textAt,
  wordAt,
} from "../json.ts";
import type { Balancer, BalancingRule, Frontend, NatRule, Pool, PoolAddress, Probe, RuleProtocol } from "./topology.ts";

/** A load balancer as packets see it. */
export function readBalancer({ record, document }: Effective): Balancer {
  const children = (list: string): readonly Child[] =>
    objectsAt(propertiesOf(document), list).map((child) => {
      const id = `${record.id.text}/${list}/${wordAt(child, "name")}`;
      return { id, key: id.toLowerCase(), properties: propertiesOf(child) };
    });
  return {
    id: record.id.text,
    sku: wordAt(objectAt(document, "sku"), "name"),
    frontends: children("frontendIPConfigurations").map(frontend),
    rules: children("loadBalancingRules").map(rule),
    natRules: children("inboundNatRules").map(natRule),
    probes: children("probes").map(probe),
    pools: children("backendAddressPools").map(pool),
    outboundFrontends: children("outboundRules").flatMap(({ properties }) =>
      referencesAt(properties, "frontendIPConfigurations").map(lower),
    ),
  };
}

interface Child {
  readonly id: string;
  readonly key: string;
  readonly properties: JsonObject;
}

function frontend({ id, key, properties }: Child): Frontend {
  return {
    id,
    key,
    publicAddress: keyAt(properties, "publicIPAddress"),
    address: textAt(properties, "privateIPAddress"),
    subnet: keyAt(properties, "subnet"),
  };
}

function rule({ id, properties }: Child): BalancingRule {
  const pools = [
    keyAt(properties, "backendAddressPool"),
    ...referencesAt(properties, "backendAddressPools").map(lower),
  ];
  return {
    ...mapping(properties),
    id,
    pools: [...new Set(pools.filter((key) => key !== undefined))],
    probe: keyAt(properties, "probe"),
  };
}

function natRule({ id, key, properties }: Child): NatRule {
  return { ...mapping(properties), id, key };
}

function mapping(
  properties: JsonObject,
): Pick<BalancingRule, "frontend" | "protocol" | "frontendPort" | "backendPort" | "floating"> {
  return {
    frontend: keyAt(properties, "frontendIPConfiguration") ?? "",
    protocol: wordAt(properties, "protocol") as RuleProtocol,
    frontendPort: numberAt(properties, "frontendPort") ?? -1,
    backendPort: numberAt(properties, "backendPort") ?? 0,
    floating: properties["enableFloatingIP"] === true,
  };
}

function probe({ id, key, properties }: Child): Probe {
  const whenAllDown = properties["noHealthyBackendsBehavior"] === "AllProbedUp" ? "AllProbedUp" : "AllProbedDown";
  return {
    id,
    key,
    protocol: wordAt(properties, "protocol"),
    port: numberAt(properties, "port") ?? 0,
    path: textAt(properties, "requestPath"),
    whenAllDown,
  };
}

function pool({ id, key, properties }: Child): Pool {
  const network = keyAt(properties, "virtualNetwork");
  const addresses = objectsAt(properties, "loadBalancerBackendAddresses").flatMap((item): readonly PoolAddress[] => {
    const member = propertiesOf(item);
    const address = textAt(member, "ipAddress");
    if (address === undefined) return [];
    const state = wordAt(member, "adminState");
    const adminState = state === "Up" || state === "Down" ? state : "None";
    return [{ address, network: keyAt(member, "virtualNetwork") ?? network, adminState }];
  });
  return { id, key, addresses };
}

function keyAt(from: JsonObject, member: string): string | undefined {
  return referenceAt(from, member)?.toLowerCase();
}

function lower(text: string): string {
  return text.toLowerCase();
}
