import type { Problem } from "../../base/checked.ts";
import type { CloudConfig } from "./cloud-config.ts";

/**
 * What keeps a controller from running with this configuration, although it is well written: keys without which nothing
 * can be found in Azure, and features that are not offered here. To ignore those would move a cluster's traffic or ask
 * for its resources with the wrong identity. Empty when a controller may run.
 */
export function checkForController(config: CloudConfig): readonly Problem[] {
  return [...missing(config), ...notOffered(config)];
}

const NEEDED = [
  { field: "subscriptionId", want: "a subscription id" },
  { field: "resourceGroup", want: "the nodes' resource group" },
  { field: "location", want: "a region" },
] as const;

function missing(config: CloudConfig): readonly Problem[] {
  return NEEDED.filter(({ field }) => config[field] === "").map(({ field, want }) => ({ field, got: undefined, want }));
}

function notOffered(config: CloudConfig): readonly Problem[] {
  const problems: Problem[] = [];
  if (config.serviceGatewayEnabled) {
    problems.push({ field: "serviceGatewayEnabled", got: "true", want: "false: the service gateway is not offered" });
  }
  if (config.multipleStandardLoadBalancerConfigurations.length > 0) {
    const want = "nothing: several standard load balancers are not offered";
    problems.push({ field: "multipleStandardLoadBalancerConfigurations", got: "a list", want });
  }
  const networkTenant = config.networkResourceTenantID;
  if (networkTenant !== undefined && networkTenant.toLowerCase() !== config.tenantId?.toLowerCase()) {
    const want = "the cluster's tenant: network resources in another tenant are not offered";
    problems.push({ field: "networkResourceTenantID", got: networkTenant, want });
  }
  if (config.aadMSIDataPlaneIdentityPath !== undefined) {
    const want = "nothing: identities of the data plane are not offered, use workload identity";
    problems.push({ field: "aadMSIDataPlaneIdentityPath", got: config.aadMSIDataPlaneIdentityPath, want });
  }
  return problems;
}
