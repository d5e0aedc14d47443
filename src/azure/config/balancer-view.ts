import type { CloudConfig, ExtendedLocation } from "./cloud-config.ts";

/** What load balancing needs to know besides azure.json. */
export interface BalancerSurroundings {
  /** The flag `--cluster-name`. */
  readonly clusterName: string;
  /** Availability zones of the region; empty when it has none. */
  readonly zones: readonly string[];
}

/** The part of the configuration that decides about load balancers, in the words of that room (`LoadBalancerConfig`). */
export interface BalancerView extends BalancerSurroundings {
  readonly loadBalancerName?: string;
  readonly networkSubscriptionId: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly extendedLocation?: ExtendedLocation;
  readonly resourceGroup: string;
  readonly loadBalancerResourceGroup: string;
  readonly securityGroupResourceGroup: string;
  readonly securityGroupName: string;
  readonly vnetResourceGroup: string;
  readonly vnetName: string;
  readonly subnetName: string;
  readonly sku: "standard" | "basic";
  readonly poolType: "nodeIPConfiguration" | "nodeIP";
  readonly preconfiguredPools: "none" | "internal" | "external" | "all";
  readonly disableOutboundSnat: boolean;
  readonly excludeControlPlane: boolean;
  readonly probeMode: "servicenodeport" | "shared";
  readonly sharedProbePort: number;
  readonly sharedProbePath: string;
  readonly changeIpTagsInPlace: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly systemTags: readonly string[];
}

/** The configuration as the load-balancer room asks for it: other names, no other values. */
export function balancerView(config: CloudConfig, surroundings: BalancerSurroundings): BalancerView {
  return {
    ...surroundings,
    ...(config.loadBalancerName === undefined ? {} : { loadBalancerName: config.loadBalancerName }),
    ...(config.extendedLocation === undefined ? {} : { extendedLocation: config.extendedLocation }),
    networkSubscriptionId: config.networkResourceSubscriptionID,
    subscriptionId: config.subscriptionId,
    location: config.location,
    resourceGroup: config.resourceGroup,
    loadBalancerResourceGroup: config.loadBalancerResourceGroup,
    securityGroupResourceGroup: config.securityGroupResourceGroup,
    securityGroupName: config.securityGroupName ?? "",
    vnetResourceGroup: config.vnetResourceGroup,
    vnetName: config.vnetName ?? "",
    subnetName: config.subnetName ?? "",
    // The service gateway's words never come this far: checkForController refuses them.
    sku: config.loadBalancerSku === "basic" ? "basic" : "standard",
    poolType: config.loadBalancerBackendPoolConfigurationType === "nodeIP" ? "nodeIP" : "nodeIPConfiguration",
    preconfiguredPools: config.preConfiguredBackendPoolLoadBalancerTypes ?? "none",
    disableOutboundSnat: config.disableOutboundSNAT,
    excludeControlPlane: config.excludeMasterFromStandardLB,
    probeMode: config.clusterServiceLoadBalancerHealthProbeMode,
    sharedProbePort: config.clusterServiceSharedLoadBalancerHealthProbePort,
    sharedProbePath: config.clusterServiceSharedLoadBalancerHealthProbePath,
    changeIpTagsInPlace: config.enableIPTagMutationForExistingPublicIP,
    tags: config.tags,
    systemTags: config.systemTags,
  };
}
