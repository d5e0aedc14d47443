import type { ErrorRow } from "./error-row.ts";

/** Subnets, security rules, routes, interfaces and private links that ARM does not accept as they are. */
export const NETWORK: readonly ErrorRow[] = [
  {
    arm: ["SecurityRuleConflict"],
    class: "content",
    code: "Conflict",
    says: "two security rules have the same priority and direction",
    advice: "Change the priority of the rule that the message names.",
  },
  {
    arm: [
      "SecurityRuleInvalidPriority",
      "SecurityRuleInvalidAddressPrefix",
      "SecurityRuleInvalidPortRange",
      "SecurityRuleParameterContainsUnsupportedValue",
      "SecurityRuleParameterContainsDuplicateValue",
      "SecurityRuleContainsOverlappingAddressPrefixes",
      "SecurityRuleAddressPrefixMismatch",
    ],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept a security rule",
    advice: "Correct the source ranges or service tags of the Service; ranges of one rule may not overlap.",
  },
  {
    arm: [
      "InUseNetworkSecurityGroupCannotBeDeleted",
      "InUseSubnetCannotBeDeleted",
      "InUsePrefixCannotBeDeleted",
      "InUseRouteTableCannotBeDeleted",
      "NicInUse",
      "CannotDeleteResource",
      "InUse",
    ],
    class: "content",
    code: "Conflict",
    says: "it is still in use",
    advice: "It goes when what uses it, named in the message, lets go of it.",
  },
  {
    arm: [
      "NetcfgInvalidSubnet",
      "NetcfgSubnetRangesOverlap",
      "InvalidCIDRNotation",
      "NetcfgInvalidIPAddressPrefix",
      "SubnetsNotInSameVnet",
    ],
    class: "content",
    code: "InvalidArgument",
    says: "the subnet or its range does not fit into the virtual network",
    advice: "Correct the range in the virtual network, or name another subnet.",
  },
  {
    arm: ["InvalidRouteTable", "RouteConflictsOnSamePrefix", "InvalidRouteNextHopIpAddress"],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept a route",
    advice: "Remove the route with the same prefix that this controller has not made.",
  },
  {
    arm: ["NetworkInterfaceMustHaveOnePrimaryIPConfiguration", "NetworkInterfaceNotInSameVnetAsPool"],
    class: "content",
    code: "InvalidArgument",
    says: "a network interface cannot be in the pool as it is",
    advice: "Give the interface one primary IP configuration in the virtual network of the load balancer.",
  },
  {
    arm: [
      "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
      "PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet",
      "PrivateEndpointNetworkPoliciesCannotBeEnabledOnPrivateEndpointSubnet",
    ],
    class: "content",
    code: "InvalidArgument",
    says: "the network policies of the subnet do not allow a private link service",
    advice: "Set privateLinkServiceNetworkPolicies of the subnet to Disabled.",
  },
  {
    arm: ["PrivateLinkServiceCannotBeDeletedSinceItHasPrivateEndpointConnections"],
    class: "content",
    code: "Conflict",
    says: "the private link service still has connections",
    advice: "Remove the private endpoints that are connected to it.",
  },
];
