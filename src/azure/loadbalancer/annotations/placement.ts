import { type AddressFamily, canonicalAddress, familyOf } from "../../../base/cidr.ts";
import { custom, flag, list, splitList, text } from "./define.ts";

/** Whether the Service gets a private address. */
export const internal = flag({
  key: "azure-load-balancer-internal",
  doc: "Gives the Service an address in the virtual network instead of a public one. Changing it moves the Service to another balancer and another address.",
  shown: "false: a public address",
});

/** Subnet of a private address. */
export const internalSubnet = text({
  key: "azure-load-balancer-internal-subnet",
  doc: "Subnet of the cluster's virtual network that the private address is taken from. Only for internal Services.",
  accepts: "the name of a subnet",
  shown: "`subnetName` of the cloud configuration",
});

/** Basic SKU only. */
export const mode = text({
  key: "azure-load-balancer-mode",
  doc: "Which availability set or scale set a basic load balancer serves. Without effect on the standard SKU.",
  accepts: "`__auto__` or the name of a set",
});

/** Several standard balancers only. */
export const configurations = list({
  key: "azure-load-balancer-configurations",
  doc: "Which of several standard load balancers may be chosen. Without effect when the cluster has one.",
  accepts: "names from `multipleStandardLoadBalancerConfigurations`, separated by commas",
});

/** Wanted address of the IPv4 half. */
export const ipv4 = address("azure-load-balancer-ipv4", "IPv4");

/** Wanted address of the IPv6 half. */
export const ipv6 = address("azure-load-balancer-ipv6", "IPv6");

function address(key: string, family: AddressFamily) {
  return custom<string | undefined>(
    {
      key,
      doc: `The ${family} address of the Service: of an existing public IP, or a free one of the subnet for internal Services. Wins over \`spec.loadBalancerIP\`. Two Services with the same address share a frontend.`,
      accepts: `one ${family} address`,
    },
    undefined,
    (raw) => {
      if (raw.trim() === "") return { value: undefined };
      const value = canonicalAddress(raw.trim());
      return value === undefined || familyOf(value) !== family ? undefined : { value };
    },
  );
}

/** More addresses of the same Service. */
export const additionalPublicIps = custom<readonly string[]>(
  {
    key: "azure-additional-public-ips",
    doc: "Addresses under which the Service is reached besides its own, such as those of another balancer in front: shown in its status and opened in the security group. Nothing is created for them.",
    accepts: "IP addresses separated by commas",
  },
  [],
  (raw) => {
    const items = splitList(raw);
    const value = items.map((item) => canonicalAddress(item)).filter((item) => item !== undefined);
    return value.length === items.length ? { value } : undefined;
  },
);
