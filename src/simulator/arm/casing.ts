/** Resource provider namespaces as ARM prints them. */
const NAMESPACES: readonly string[] = [
  "Microsoft.Compute",
  "Microsoft.Network",
  "Microsoft.Resources",
  "Microsoft.Storage",
];

/** Type segments of resource ids as ARM prints them; a request may use any case. */
const SEGMENTS: readonly string[] = [
  "applicationSecurityGroups",
  "availabilitySets",
  "backendAddressPools",
  "defaultSecurityRules",
  "disks",
  "frontendIPConfigurations",
  "inboundNatPools",
  "inboundNatRules",
  "ipConfigurations",
  "loadBalancerBackendAddresses",
  "loadBalancers",
  "loadBalancingRules",
  "natGateways",
  "networkInterfaces",
  "networkSecurityGroups",
  "outboundRules",
  "privateEndpointConnections",
  "privateEndpoints",
  "privateLinkServices",
  "probes",
  "publicIPAddresses",
  "publicIPPrefixes",
  "routeTables",
  "routes",
  "securityRules",
  "snapshots",
  "storageAccounts",
  "subnets",
  "usages",
  "virtualMachineScaleSets",
  "virtualMachines",
  "virtualNetworkPeerings",
  "virtualNetworks",
];

const CANONICAL: ReadonlyMap<string, string> = new Map(
  [...NAMESPACES, ...SEGMENTS].map((name) => [name.toLowerCase(), name]),
);

/** A namespace or type segment in ARM's own casing; unknown ones stay as they are. */
export function canonicalCase(segment: string): string {
  return CANONICAL.get(segment.toLowerCase()) ?? segment;
}
