import { SKU_VERSIONS } from "../api-versions.ts";
import type { JsonObject } from "../json.ts";
import { LOCATIONS, type Location, locationName } from "../locations.ts";
import type { ResourceView } from "../resource-view.ts";
import { DISK_SKUS, type DiskSku, performanceOf } from "./disk-performance.ts";
import { LISTED_SIZES, type MachineSize, machineSize } from "./machine-sizes.ts";

/** What can be had where: every size of machine and disk in every location. One page, as in reality. */
export const computeSkus: ResourceView = {
  name: "Microsoft.Compute/skus",
  apiVersions: SKU_VERSIONS,
  scope: "subscription",
  list: () => LOCATIONS.flatMap(itemsOf),
  keeps: ({ locations }, filter) => {
    const [, wanted] = /^location eq '([^']*)'$/i.exec(filter.trim()) ?? [];
    return wanted === undefined || (Array.isArray(locations) && locations.includes(locationName(wanted)));
  },
};

/** Sizes that a subscription does not get everywhere: where, and in which zones. */
const RESTRICTED: Readonly<Record<string, { readonly location: string; readonly zones: readonly string[] }>> = {
  Standard_L8s_v3: { location: "westeurope", zones: ["3"] },
  Standard_M64ms: { location: "northeurope", zones: ["1", "2", "3"] },
  Standard_NC6s_v3: { location: "uksouth", zones: [] },
};

function itemsOf(location: Location): readonly JsonObject[] {
  return [
    ...LISTED_SIZES.flatMap((name) => machineItem(machineSize(name), location)),
    ...DISK_SKUS.flatMap((sku) => diskItems(sku, location)),
    ...["Standard_LRS", "Standard_ZRS", "Premium_LRS"].map((name) => plainItem("snapshots", name, location)),
    ...["Classic", "Aligned"].map((name) => plainItem("availabilitySets", name, location)),
  ];
}

function machineItem(size: MachineSize | undefined, location: Location): readonly JsonObject[] {
  if (size === undefined) return [];
  const { name, tier, size: short, family, vcpus, memoryGB, maxDataDisks, premiumIO } = size;
  const capabilities = {
    vCPUs: vcpus,
    MemoryGB: memoryGB,
    MaxDataDiskCount: maxDataDisks,
    PremiumIO: premiumIO,
    AcceleratedNetworkingEnabled: vcpus > 1,
    EphemeralOSDiskSupported: premiumIO,
    HyperVGenerations: "V1,V2",
    CpuArchitectureType: "x64",
  };
  const zoneDetails = premiumIO
    ? [{ name: [...location.zones], capabilities: capabilityList({ UltraSSDAvailable: true }) }]
    : [];
  return [
    {
      resourceType: "virtualMachines",
      name,
      tier,
      size: short,
      family,
      ...place(location, location.zones.length > 0 ? zoneDetails : []),
      capabilities: capabilityList(capabilities),
      restrictions: restrictionsOf(name, location),
    },
  ];
}

function restrictionsOf(name: string, { name: location }: Location): readonly JsonObject[] {
  const rule = RESTRICTED[name];
  if (rule === undefined || rule.location !== location) return [];
  const zonal = rule.zones.length > 0;
  return [
    {
      type: zonal ? "Zone" : "Location",
      values: [location],
      restrictionInfo: { locations: [location], ...(zonal && { zones: [...rule.zones] }) },
      reasonCode: "NotAvailableForSubscription",
    },
  ];
}

/** The largest size of each class of disk, GiB: the number in its name says which. */
const CLASS_GB: Readonly<Record<string, number>> = {
  "1": 4,
  "2": 8,
  "3": 16,
  "4": 32,
  "6": 64,
  "10": 128,
  "15": 256,
  "20": 512,
  "30": 1024,
  "40": 2048,
  "50": 4096,
  "60": 8192,
  "70": 16_384,
  "80": 32_767,
};

function diskItems({ name, tier, sizes, maxGB }: DiskSku, location: Location): readonly JsonObject[] {
  return sizes.map((size) => {
    const gigabytes = CLASS_GB[size.replace(/^\D+/, "")] ?? maxGB;
    const { iops, megabytes } = performanceOf(name, gigabytes);
    return {
      resourceType: "disks",
      name,
      tier,
      size,
      ...place(location, []),
      capabilities: capabilityList({ MaxSizeGiB: gigabytes, MaxIOps: iops, MaxBandwidthMBps: megabytes }),
      restrictions: [],
    };
  });
}

function plainItem(resourceType: string, name: string, location: Location): JsonObject {
  return { resourceType, name, ...place(location, []), capabilities: [], restrictions: [] };
}

function place({ name, zones }: Location, zoneDetails: readonly JsonObject[]): JsonObject {
  return { locations: [name], locationInfo: [{ location: name, zones: [...zones], zoneDetails }] };
}

/** Every value is a text, in the spelling of .NET. */
function capabilityList(values: Readonly<Record<string, string | number | boolean>>): readonly JsonObject[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: typeof value === "boolean" ? (value ? "True" : "False") : String(value),
  }));
}
