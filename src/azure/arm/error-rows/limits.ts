import type { ErrorRow } from "./error-row.ts";

/** Quotas, limits and missing capacity. */
export const LIMITS: readonly ErrorRow[] = [
  {
    arm: [
      "PublicIPCountLimitReached",
      "StaticPublicIPCountLimitReached",
      "MaxPublicIpCountLimitReached",
      "StandardSkuPublicIPCountLimitReached",
    ],
    class: "everyone",
    code: "QuotaExceeded",
    says: "the subscription may have no more public IP addresses in this region",
    advice: "Ask Azure for a higher quota of public IP addresses, or release some.",
  },
  {
    arm: [
      "QuotaExceeded",
      "ResourceQuotaExceeded",
      "ResourceGroupQuotaExceeded",
      "MaxNumberOfRegionalResourcesReached",
    ],
    class: "everyone",
    code: "QuotaExceeded",
    says: "a quota of the subscription is used up",
    advice: "Ask Azure for a higher quota, or free some of what counts against it.",
  },
  {
    arm: ["OperationNotAllowed"],
    when: /quota|exceeding approved|limit for disks|maximum number of/i,
    class: "everyone",
    code: "QuotaExceeded",
    says: "a limit of the subscription or of the machine is reached",
    advice: "Ask Azure for a higher quota, or use a larger machine size.",
  },
  {
    arm: ["SubnetIsFull"],
    class: "content",
    code: "QuotaExceeded",
    says: "the subnet has no free address left",
    advice: "Free addresses in the subnet, or choose another one.",
  },
  {
    arm: ["PublicIpPrefixOutOfIpAddresses", "PublicIpPrefixOutOfIpAddressesForVMScaleSet"],
    class: "everyone",
    code: "QuotaExceeded",
    says: "the public IP prefix has no free address left",
    advice: "Use a larger prefix, or another one.",
  },
  {
    arm: ["AllocationFailed", "ZonalAllocationFailed", "SkuNotAvailable"],
    class: "everyone",
    code: "QuotaExceeded",
    says: "Azure has no capacity of this kind left here",
    advice: "Wait, or choose another zone or size.",
  },
  {
    arm: [
      "LoadBalancerRuleCountLimitReachedForNic",
      "LoadBalancingRuleCountLimitReached",
      "FrontendIPConfigurationCountLimitReached",
    ],
    class: "content",
    code: "QuotaExceeded",
    says: "a load balancer limit is reached",
    advice: "Spread the Services over several load balancers.",
  },
];
