import { choiceOr, flag, text } from "../key.ts";

/** Keys that say which cloud, which tenant and which subscriptions. */
export const IDENTITY_KEYS = {
  cloud: text({
    doc: "Name of the Azure cloud: AzurePublicCloud (or AzureCloud), AzureUSGovernment (or AzureUSGovernmentCloud), AzureChinaCloud, AzureStackCloud. Letter case is ignored.",
    shown: "AzurePublicCloud",
    because: "an unknown name means the public cloud too, as in the original; a remark says so",
  }),
  resourceManagerEndpoint: text({
    doc: "Address of Azure Resource Manager where it is none of the known clouds. Audience and login address are read from its /metadata/endpoints.",
  }),
  tenantId: text({ doc: "Entra ID tenant of the cluster's subscription. `AZURE_TENANT_ID` in the environment wins." }),
  networkResourceTenantID: text({
    doc: "Entra ID tenant of the network resources, if it is another one.",
  }),
  subscriptionId: text({ doc: "Subscription of the cluster's machines." }),
  networkResourceSubscriptionID: text({
    doc: "Subscription of load balancers, public IPs, security groups, route tables and subnets, if it is another one.",
    shown: "subscriptionId",
  }),
  userAgent: text({
    doc: "Sent as User-Agent on every request to Azure Resource Manager.",
    shown: "azure-cloud-provider/<version>",
  }),
  disableAzureStackCloud: flag({
    doc: "With `cloud: AzureStackCloud`: use the custom endpoints but behave like public Azure.",
  }),
  enableMinimumRetryAfter: flag({
    doc: "Wait a minimum time after a throttled answer.",
    inert: "the throttle gate always honours Retry-After",
  }),
  identitySystem: text({ doc: "`azure_ad` or `adfs`.", inert: "the original reads it and uses it nowhere" }),
  cloudConfigType: choiceOr(["merge", "file", "secret"], "merge", {
    doc: "What counts when both a file and a Secret are given: the file, the Secret, or the file with the Secret's keys on top.",
    because: "the Secret can then hold only what is secret",
  }),
  disableCloudProvider: flag({ doc: "Start no controller that writes to Azure until the key is gone or false." }),
} as const;
