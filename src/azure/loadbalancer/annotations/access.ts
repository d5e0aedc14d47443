import { flag, list } from "./define.ts";

/** CIDRs that may come in. */
export const allowedIpRanges = list({
  key: "azure-allowed-ip-ranges",
  doc: "Who may reach the Service. Not together with `spec.loadBalancerSourceRanges`. A range that cannot be read closes the Service to everybody else.",
  accepts: "CIDRs without host bits, both families, separated by commas",
});

/** The same under Kubernetes' own key. */
export const sourceRanges = list({
  key: "load-balancer-source-ranges",
  doc: "As azure-allowed-ip-ranges: the two lists are put together.",
  accepts: "CIDRs without host bits, both families, separated by commas",
});

/** Service tags that may come in. */
export const allowedServiceTags = list({
  key: "azure-allowed-service-tags",
  doc: "Azure service tags that may reach the Service; nobody else may then, unless ranges are given too.",
  accepts: "service tags such as AzureFrontDoor.Backend, separated by commas",
});

/** Keep everybody else out, the virtual network too. */
export const denyAllExceptSources = flag({
  key: "azure-deny-all-except-load-balancer-source-ranges",
  doc: "Keeps out everybody who is not in the allowed ranges, the virtual network included. Only together with allowed ranges.",
});

/** No security rules. */
export const disableSecurityRule = flag({
  key: "azure-disable-load-balancer-nsg-rule",
  doc: "Writes no security rules for this Service, and takes away those it had.",
});
