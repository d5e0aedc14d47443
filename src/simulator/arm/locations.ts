/** One region of the simulated Azure. */
export interface Location {
  readonly name: string;
  readonly displayName: string;
  readonly geography: string;
  readonly zones: readonly string[];
}

/** The regions that exist; some with three availability zones, some without any. */
export const LOCATIONS: readonly Location[] = [
  { name: "australiaeast", displayName: "Australia East", geography: "Australia", zones: ["1", "2", "3"] },
  { name: "eastus", displayName: "East US", geography: "US", zones: ["1", "2", "3"] },
  { name: "eastus2", displayName: "East US 2", geography: "US", zones: ["1", "2", "3"] },
  { name: "eastus2euap", displayName: "East US 2 EUAP", geography: "US", zones: ["1", "2", "3"] },
  { name: "germanywestcentral", displayName: "Germany West Central", geography: "Germany", zones: ["1", "2", "3"] },
  { name: "northeurope", displayName: "North Europe", geography: "Europe", zones: ["1", "2", "3"] },
  { name: "southeastasia", displayName: "Southeast Asia", geography: "Asia Pacific", zones: ["1", "2", "3"] },
  { name: "uksouth", displayName: "UK South", geography: "UK", zones: ["1", "2", "3"] },
  { name: "westcentralus", displayName: "West Central US", geography: "US", zones: [] },
  { name: "westeurope", displayName: "West Europe", geography: "Europe", zones: ["1", "2", "3"] },
  { name: "westus", displayName: "West US", geography: "US", zones: [] },
  { name: "westus2", displayName: "West US 2", geography: "US", zones: ["1", "2", "3"] },
];

/** A location as ARM stores it: `East US 2` becomes `eastus2`. */
export function locationName(given: string): string {
  return given.toLowerCase().replaceAll(" ", "");
}
