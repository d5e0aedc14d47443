import type { CloudConfig } from "../config/index.ts";

/** Which balancers have pools that a provisioning tool fills; their members are left alone and they are never deleted. */
export type PreconfiguredPools = "none" | "internal" | "external" | "all";

/** What load balancing needs of the cloud configuration, defaults applied. */
export interface LoadBalancerConfig {
  /** `--cluster-name`: prefix of balancer, pool and public IP names, value of the cluster tag. */
  readonly clusterName: string;
  /** Replaces the cluster name in balancer names. */
  readonly loadBalancerName?: string;
  /** Subscription of balancers, public IPs, security groups and subnets. */
  readonly networkSubscriptionId: string;
  /** Subscription of the cluster's machines; the virtual network of IP-based pools is named in it. */
  readonly subscriptionId: string;
  /** Region, lower case without blanks. */
  readonly location: string;
  /** Edge zone; balancers and public IPs are created there, without zones. */
  readonly extendedLocation?: { readonly name: string; readonly type: string };
  /** Availability zones of the region, such as `["1","2","3"]`; empty when it has none. */
  readonly zones: readonly string[];
  /** The cluster's resource group; public IPs live here unless a Service says otherwise. */
  readonly resourceGroup: string;
  readonly loadBalancerResourceGroup: string;
  readonly securityGroupResourceGroup: string;
  /** Empty when the configuration names none: any Service that needs rules is then refused. */
  readonly securityGroupName: string;
  readonly vnetResourceGroup: string;
  readonly vnetName: string;
  /** Subnet of internal balancers unless a Service names another. */
  readonly subnetName: string;
  readonly sku: "standard" | "basic";
  readonly poolType: "nodeIPConfiguration" | "nodeIP";
  readonly preconfiguredPools: PreconfiguredPools;
  /** Written into every rule on the standard SKU. */
  readonly disableOutboundSnat: boolean;
  /** Whether control-plane nodes stay out of NIC-based pools; IP-based pools never hold them. */
  readonly excludeControlPlane: boolean;
  /** How nodes are probed for Services with externalTrafficPolicy Cluster. */
  readonly probeMode: "servicenodeport" | "shared";
  /** 1 to 65535. */
  readonly sharedProbePort: number;
  readonly sharedProbePath: string;
  /** IP tags of existing public IPs are changed in place instead of by making a new address. */
  readonly changeIpTagsInPlace: boolean;
  /** Tags for what we create, `tags` and `tagsMap` put together. */
  readonly tags: Readonly<Record<string, string>>;
  /** Prefixes of foreign tag keys that survive; foreign tags are removed only when this is not empty. */
  readonly systemTags: readonly string[];
}

/** What load balancing needs besides azure.json. */
export type Surroundings = Pick<LoadBalancerConfig, "clusterName" | "zones">;

/** What load balancing needs of azure.json: other names, no other values. */
export function loadBalancerConfig(config: CloudConfig, surroundings: Surroundings): LoadBalancerConfig {
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
