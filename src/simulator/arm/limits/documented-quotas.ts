/** Most of each kind that there may be. Regions are counted for each subscription. */
export interface Quotas {
  readonly publicIPAddressesPerRegion: number;
  readonly loadBalancersPerRegion: number;
  readonly securityGroupsPerRegion: number;
  readonly routeTablesPerRegion: number;
  readonly virtualNetworksPerRegion: number;
  readonly networkInterfacesPerRegion: number;
  readonly disksPerRegion: number;
  readonly snapshotsPerRegion: number;
  readonly coresPerRegion: number;
  readonly resourceGroups: number;
  readonly frontendsPerBalancer: number;
  readonly frontendsPerBasicBalancer: number;
  /** Load-balancing and inbound NAT rules together. */
  readonly rulesPerBalancer: number;
  readonly rulesPerBasicBalancer: number;
  /** Rules of all balancers that lead through one network interface. */
  readonly rulesPerInterface: number;
  readonly membersPerPool: number;
  readonly securityRulesPerGroup: number;
  /** Address prefixes of all rules of one direction of a security group. */
  readonly prefixesPerDirection: number;
  readonly routesPerTable: number;
  readonly subnetsPerNetwork: number;
  readonly instancesPerScaleSet: number;
}

/** The documented defaults; public addresses as enterprise agreements have them (pay as you go: 10). */
export const DOCUMENTED_QUOTAS: Quotas = {
  publicIPAddressesPerRegion: 1000,
  loadBalancersPerRegion: 1000,
  securityGroupsPerRegion: 5000,
  routeTablesPerRegion: 200,
  virtualNetworksPerRegion: 1000,
  networkInterfacesPerRegion: 65_536,
  disksPerRegion: 50_000,
  snapshotsPerRegion: 75_000,
  coresPerRegion: 100,
  resourceGroups: 980,
  frontendsPerBalancer: 600,
  frontendsPerBasicBalancer: 200,
  rulesPerBalancer: 1500,
  rulesPerBasicBalancer: 250,
  rulesPerInterface: 300,
  membersPerPool: 5000,
  securityRulesPerGroup: 1000,
  prefixesPerDirection: 4000,
  routesPerTable: 400,
  subnetsPerNetwork: 3000,
  instancesPerScaleSet: 1000,
};
