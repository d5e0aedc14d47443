import { type JsonObject, objectsAt, propertiesOf, referenceAt, referencesAt, wordAt } from "../json.ts";
import { interfacesOf, type MetadataSource } from "./instance-metadata.ts";

/**
 * The document at `/metadata/loadbalancer`: public addresses that lead to a machine; `undefined` when it is behind no
 * Standard load balancer.
 */
export function balancersDocument(machine: JsonObject, source: MetadataSource): JsonObject | undefined {
  const members = interfacesOf(machine, source).flatMap((nic) =>
    objectsAt(propertiesOf(nic), "ipConfigurations").map(propertiesOf),
  );
  const pools = new Map(
    members.flatMap((member) =>
      referencesAt(member, "loadBalancerBackendAddressPools").map(
        (pool) => [pool.toLowerCase(), wordAt(member, "privateIPAddress")] as const,
      ),
    ),
  );
  if (pools.size === 0) return undefined;
  const addresses = source
    .list("Microsoft.Network/loadBalancers")
    .flatMap((balancer) => frontendsTo(balancer, pools, source));
  return { loadbalancer: { publicIpAddresses: addresses, inboundRules: [], outboundRules: [] } };
}

function frontendsTo(
  balancer: JsonObject,
  pools: ReadonlyMap<string, string>,
  source: MetadataSource,
): readonly JsonObject[] {
  const properties = propertiesOf(balancer);
  const rules = objectsAt(properties, "loadBalancingRules").map(propertiesOf);
  const found = rules.flatMap((rule) => {
    const privateAddress = pools.get(referenceAt(rule, "backendAddressPool")?.toLowerCase() ?? "");
    const frontend = referenceAt(rule, "frontendIPConfiguration")?.toLowerCase();
    if (privateAddress === undefined || frontend === undefined) return [];
    const configuration = objectsAt(properties, "frontendIPConfigurations").find(
      (one) => wordAt(one, "id").toLowerCase() === frontend,
    );
    const publicId = configuration && referenceAt(propertiesOf(configuration), "publicIPAddress");
    const address = wordAt(propertiesOf((publicId && source.get(publicId)) || {}), "ipAddress");
    return address === ""
      ? []
      : [{ frontendIpAddress: bracketed(address), privateIpAddress: bracketed(privateAddress) }];
  });
  const distinct = new Map(found.map((one) => [`${one.frontendIpAddress} ${one.privateIpAddress}`, one]));
  return [...distinct.values()];
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
