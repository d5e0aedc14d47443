import type { Problem } from "../../base/checked.ts";
import type { ConfigValues } from "./schema.ts";

/** Problems that only show when keys are looked at together. All of them, in no particular order. */
export function crossChecks(values: ConfigValues): readonly Problem[] {
  return [
    ...nodeProblems(values),
    ...balancerProblems(values),
    ...gatewayProblems(values),
    ...severalBalancersProblems(values),
    ...credentialProblems(values),
    ...endpointProblems(values),
  ];
}

function nodeProblems(values: ConfigValues): readonly Problem[] {
  if (!values.disableAvailabilitySetNodes || values.vmType === "vmss") return [];
  return [
    {
      field: "disableAvailabilitySetNodes",
      got: "true",
      want: `false, because vmType is ${values.vmType} and not vmss`,
    },
  ];
}

function balancerProblems(values: ConfigValues): readonly Problem[] {
  if (values.disableOutboundSNAT !== true || values.loadBalancerSku === "standard") return [];
  return [
    { field: "disableOutboundSNAT", got: "true", want: "false or nothing, because loadBalancerSku is not standard" },
  ];
}

function gatewayProblems(values: ConfigValues): readonly Problem[] {
  const parts = [
    values.serviceGatewayEnabled,
    values.loadBalancerSku === "service",
    values.loadBalancerBackendPoolConfigurationType === "podIP",
  ];
  if (!parts.includes(true)) return [];
  if (parts.includes(false)) {
    const want =
      "all or none of serviceGatewayEnabled: true, loadBalancerBackendPoolConfigurationType: podIP, loadBalancerSku: service";
    return [{ field: "serviceGatewayEnabled", got: String(values.serviceGatewayEnabled), want }];
  }
  const want = "nothing, because the service gateway excludes it";
  const problems: Problem[] = [];
  if (values.multipleStandardLoadBalancerConfigurations.length > 0) {
    problems.push({ field: "multipleStandardLoadBalancerConfigurations", got: "a list", want });
  }
  if (values.enableMigrateToIPBasedBackendPoolAPI) {
    problems.push({ field: "enableMigrateToIPBasedBackendPoolAPI", got: "true", want });
  }
  return problems;
}

function severalBalancersProblems(values: ConfigValues): readonly Problem[] {
  const entries = values.multipleStandardLoadBalancerConfigurations;
  const field = "multipleStandardLoadBalancerConfigurations";
  if (values.loadBalancerSku !== "standard" || entries.length === 0) return [];
  const problems: Problem[] = [];
  if (values.loadBalancerBackendPoolConfigurationType === "nodeIPConfiguration") {
    const want = "nodeIP, because several standard load balancers are configured";
    problems.push({ field: "loadBalancerBackendPoolConfigurationType", got: "nodeIPConfiguration", want });
  }
  const names = new Set<string>();
  const sets = new Set<string>();
  for (const [index, { name, primaryVMSet }] of entries.entries()) {
    if (names.has(name.toLowerCase())) {
      problems.push({ field: `${field}[${index}].name`, got: name, want: "a name that no other entry has" });
    }
    names.add(name.toLowerCase());
    if (primaryVMSet === "") {
      problems.push({
        field: `${field}[${index}].primaryVMSet`,
        got: undefined,
        want: `the primary scale set of ${name}`,
      });
    } else if (sets.has(primaryVMSet.toLowerCase())) {
      problems.push({
        field: `${field}[${index}].primaryVMSet`,
        got: primaryVMSet,
        want: "one that no other entry has",
      });
    }
    sets.add(primaryVMSet.toLowerCase());
  }
  return problems;
}

function credentialProblems(values: ConfigValues): readonly Problem[] {
  if (values.useFederatedWorkloadIdentityExtension) {
    return missing(values, ["aadClientId", "tenantId", "aadFederatedTokenFile"], "for workload identity");
  }
  if (values.useManagedIdentityExtension) return managedIdentityProblems(values);
  if (values.aadClientSecret !== undefined || values.aadClientCertPath !== undefined) {
    return missing(values, ["aadClientId", "tenantId"], "for a service principal");
  }
  if (values.aadMSIDataPlaneIdentityPath !== undefined) return [];
  if (values.cloudConfigType !== "file" || values.useInstanceMetadata) return [];
  return [{ field: "useInstanceMetadata", got: "false", want: "true, because there are no credentials" }];
}

function managedIdentityProblems(values: ConfigValues): readonly Problem[] {
  const networkTenant = values.networkResourceTenantID?.toLowerCase();
  if (networkTenant === undefined || networkTenant === values.tenantId?.toLowerCase()) return [];
  if (values.auxiliaryTokenProvider !== undefined) return [];
  const want = "a Key Vault secret, because networkResourceTenantID is another tenant and a managed identity is used";
  return [{ field: "auxiliaryTokenProvider", got: undefined, want }];
}

function missing(
  values: ConfigValues,
  fields: readonly ("aadClientId" | "tenantId" | "aadFederatedTokenFile")[],
  why: string,
): readonly Problem[] {
  const absent = fields.filter((field) => values[field] === undefined);
  const problems: Problem[] = absent.map((field) => ({ field, got: undefined, want: `a value, ${why}` }));
  if (values.tenantId !== undefined && !/^[A-Za-z0-9.-]+$/.test(values.tenantId)) {
    problems.push({ field: "tenantId", got: values.tenantId, want: "a tenant id: letters, digits, dots and hyphens" });
  }
  return problems;
}

function endpointProblems(values: ConfigValues): readonly Problem[] {
  const endpoint = values.resourceManagerEndpoint;
  if (endpoint === undefined || /^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) return [];
  return [{ field: "resourceManagerEndpoint", got: endpoint, want: "an http or https address" }];
}
