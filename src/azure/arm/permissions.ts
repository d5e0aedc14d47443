/** When an action is needed. */
export type Occasion =
  | "always"
  /** Services with an internal address. */
  | "internal"
  /** Pools with addresses as members: `loadBalancerBackendPoolConfigurationType` is `nodeIP`. */
  | "by address"
  /** Pools with network interfaces as members. */
  | "by interface"
  /** The same, and the nodes are standalone machines. */
  | "standalone"
  /** The same, and the nodes are instances of scale sets. */
  | "scale set"
  /** A Service or somebody else has put such a reference into a resource that is written. */
  | "if present";

/** Where the resource of an action is: a resource group by its key in azure.json, or the subscription. */
export type Place =
  | "subscription"
  | "resourceGroup"
  | "loadBalancerResourceGroup"
  | "securityGroupResourceGroup"
  | "vnetResourceGroup";

/** One action that the identity of the controllers needs. */
export interface Permission {
  /** As role definitions of Azure spell it. */
  readonly action: string;
  readonly at: Place;
  readonly when: Occasion;
  /** What it is for, as a phrase. */
  readonly why: string;
}

/** Actions on types of Microsoft.Network. */
const NETWORK: readonly Permission[] = [
  { action: "loadBalancers/read", at: "loadBalancerResourceGroup", when: "always", why: "balancers as they are" },
  {
    action: "loadBalancers/write",
    at: "loadBalancerResourceGroup",
    when: "always",
    why: "frontends, rules, probes and pools",
  },
  { action: "loadBalancers/delete", at: "loadBalancerResourceGroup", when: "always", why: "the last Service is gone" },
  {
    action: "loadBalancers/backendAddressPools/join/action",
    at: "loadBalancerResourceGroup",
    when: "by interface",
    why: "an interface becomes a member of a pool",
  },
  {
    action: "loadBalancers/inboundNatRules/join/action",
    at: "loadBalancerResourceGroup",
    when: "if present",
    why: "an interface that is written names a NAT rule",
  },
  { action: "publicIPAddresses/read", at: "resourceGroup", when: "always", why: "addresses as they are" },
  { action: "publicIPAddresses/write", at: "resourceGroup", when: "always", why: "an address for a Service" },
  { action: "publicIPAddresses/delete", at: "resourceGroup", when: "always", why: "an address of ours is released" },
  { action: "publicIPAddresses/join/action", at: "resourceGroup", when: "always", why: "a frontend names an address" },
  { action: "publicIPPrefixes/join/action", at: "resourceGroup", when: "if present", why: "a Service names a prefix" },
  { action: "networkSecurityGroups/read", at: "securityGroupResourceGroup", when: "always", why: "rules as they are" },
  { action: "networkSecurityGroups/write", at: "securityGroupResourceGroup", when: "always", why: "rules of Services" },
  {
    action: "networkSecurityGroups/join/action",
    at: "securityGroupResourceGroup",
    when: "if present",
    why: "an interface that is written names a group",
  },
  {
    action: "applicationSecurityGroups/joinNetworkSecurityRule/action",
    at: "securityGroupResourceGroup",
    when: "if present",
    why: "somebody's rule in the group names an application security group",
  },
  {
    action: "applicationSecurityGroups/joinIpConfiguration/action",
    at: "resourceGroup",
    when: "if present",
    why: "an interface that is written names an application security group",
  },
  {
    action: "virtualNetworks/subnets/read",
    at: "vnetResourceGroup",
    when: "internal",
    why: "the subnet of an address",
  },
  {
    action: "virtualNetworks/subnets/join/action",
    at: "vnetResourceGroup",
    when: "always",
    why: "an internal frontend, or an interface that is written, names a subnet",
  },
  {
    action: "virtualNetworks/joinLoadBalancer/action",
    at: "vnetResourceGroup",
    when: "by address",
    why: "a pool names the network of its members",
  },
  { action: "networkInterfaces/read", at: "resourceGroup", when: "by interface", why: "the machine of an interface" },
  { action: "networkInterfaces/write", at: "resourceGroup", when: "standalone", why: "an interface joins a pool" },
  { action: "locations/operations/read", at: "subscription", when: "always", why: "the end of a write" },
];

/** Actions on types of Microsoft.Compute. */
const COMPUTE: readonly Permission[] = [
  { action: "virtualMachines/read", at: "resourceGroup", when: "standalone", why: "machines and their interfaces" },
  { action: "virtualMachineScaleSets/read", at: "resourceGroup", when: "by interface", why: "whether there are any" },
  { action: "virtualMachineScaleSets/write", at: "resourceGroup", when: "scale set", why: "new instances join a pool" },
  {
    action: "virtualMachineScaleSets/virtualMachines/read",
    at: "resourceGroup",
    when: "scale set",
    why: "instances and their interfaces",
  },
  {
    action: "virtualMachineScaleSets/virtualMachines/write",
    at: "resourceGroup",
    when: "scale set",
    why: "an instance joins a pool",
  },
  { action: "locations/operations/read", at: "subscription", when: "scale set", why: "the end of a write" },
];

/**
 * Every action that the controllers need: what they ask ARM for, and what ARM checks on the resources that a body refers
 * to (`join`). A test compares the table with the requests of whole lives of Services.
 */
export const PERMISSIONS: readonly Permission[] = [
  ...NETWORK.map((each) => ({ ...each, action: `Microsoft.Network/${each.action}` })),
  ...COMPUTE.map((each) => ({ ...each, action: `Microsoft.Compute/${each.action}` })),
  {
    action: "Microsoft.Resources/subscriptions/locations/read",
    at: "subscription",
    when: "always",
    why: "the zones of the region",
  },
];
