import type { ArmTypeName } from "./resource-types.ts";

/** How long the inventory believes an answer, by type, milliseconds; the defaults of cloud-provider-azure's caches. */
export const DEFAULT_TTL_MS: Readonly<Record<ArmTypeName, number>> = {
  loadBalancers: 120_000,
  publicIPAddresses: 120_000,
  networkSecurityGroups: 120_000,
  networkInterfaces: 120_000,
  subnets: 120_000,
  virtualMachines: 60_000,
  virtualMachineScaleSets: 600_000,
  virtualMachineScaleSetVMs: 600_000,
  scaleSetNetworkInterfaces: 600_000,
};

/** How long the inventory believes that something is not there: what others create shall be found soon. */
export const ABSENT_TTL_MS = 5_000;

/** The cache keys of azure.json that concern the inventory, whole seconds; 0 or absent is the default, below 0 is never. */
export interface CacheSettings {
  readonly disableAPICallCache?: boolean | undefined;
  readonly loadBalancerCacheTTLInSeconds?: number | undefined;
  readonly publicIPCacheTTLInSeconds?: number | undefined;
  readonly nsgCacheTTLInSeconds?: number | undefined;
  readonly vmCacheTTLInSeconds?: number | undefined;
  readonly vmssCacheTTLInSeconds?: number | undefined;
  readonly vmssVirtualMachinesCacheTTLInSeconds?: number | undefined;
}

/** Times to live from azure.json. */
export function timesToLive(settings: CacheSettings): Readonly<Record<ArmTypeName, number>> {
  if (settings.disableAPICallCache === true) {
    return Object.fromEntries(Object.keys(DEFAULT_TTL_MS).map((type) => [type, -1])) as Record<ArmTypeName, number>;
  }
  const of = (type: ArmTypeName, seconds: number | undefined): number =>
    seconds === undefined || seconds === 0 ? DEFAULT_TTL_MS[type] : seconds * 1000;
  return {
    ...DEFAULT_TTL_MS,
    loadBalancers: of("loadBalancers", settings.loadBalancerCacheTTLInSeconds),
    publicIPAddresses: of("publicIPAddresses", settings.publicIPCacheTTLInSeconds),
    networkSecurityGroups: of("networkSecurityGroups", settings.nsgCacheTTLInSeconds),
    virtualMachines: of("virtualMachines", settings.vmCacheTTLInSeconds),
    virtualMachineScaleSets: of("virtualMachineScaleSets", settings.vmssCacheTTLInSeconds),
    virtualMachineScaleSetVMs: of("virtualMachineScaleSetVMs", settings.vmssVirtualMachinesCacheTTLInSeconds),
    scaleSetNetworkInterfaces: of("scaleSetNetworkInterfaces", settings.vmssVirtualMachinesCacheTTLInSeconds),
  };
}
