import { flag, integer, list, text } from "./define.ts";

/** Put a private link service on the frontend. */
export const plsCreate = flag({
  key: "azure-pls-create",
  doc: "Puts a private link service on the Service's frontend. Needs an internal Service, or floating IP disabled.",
});

/** Name of the private link service. */
export const plsName = text({
  key: "azure-pls-name",
  doc: "Name of the private link service; it cannot be renamed.",
  accepts: "a resource name",
  shown: "pls-<frontend>",
});

/** Resource group of the private link service. */
export const plsResourceGroup = text({
  key: "azure-pls-resource-group",
  doc: "Resource group of the private link service.",
  accepts: "the name of a resource group",
  shown: "`privateLinkServiceResourceGroup` of the cloud configuration",
});

/** Subnet of the addresses behind the private link service. */
export const plsSubnet = text({
  key: "azure-pls-ip-configuration-subnet",
  doc: "Subnet of the addresses that connections come from.",
  accepts: "the name of a subnet",
  shown: "the subnet of the Service",
});

/** How many such addresses. */
export const plsAddressCount = integer({
  key: "azure-pls-ip-configuration-ip-address-count",
  doc: "How many addresses connections come from.",
  accepts: "a whole number, 1 to 8",
  least: 1,
  most: 8,
  fallback: 1,
});

/** Which such addresses. */
export const plsAddresses = list({
  key: "azure-pls-ip-configuration-ip-address",
  doc: "Static addresses that connections come from; the first is the primary one.",
  accepts: "IPv4 addresses separated by blanks",
  separator: " ",
});

/** Names the private link service answers to. */
export const plsFqdns = list({
  key: "azure-pls-fqdns",
  doc: "Domain names of the private link service.",
  accepts: "domain names separated by blanks",
  separator: " ",
});

/** Tell backends who connects. */
export const plsProxyProtocol = flag({
  key: "azure-pls-proxy-protocol",
  doc: "Sends the PROXY header, with the caller's address, to the nodes. Probes then cannot use kube-proxy's health port.",
});

/** Who sees it. */
export const plsVisibility = list({
  key: "azure-pls-visibility",
  doc: "Subscriptions that see the private link service; `*` means all.",
  accepts: "subscription ids separated by blanks, or `*`",
  separator: " ",
});

/** Who connects without being asked. */
export const plsAutoApproval = list({
  key: "azure-pls-auto-approval",
  doc: "Subscriptions whose connections are approved without asking.",
  accepts: "subscription ids separated by blanks",
  separator: " ",
});
