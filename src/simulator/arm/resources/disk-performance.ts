/** What a managed disk can do. */
export interface DiskPerformance {
  readonly iops: number;
  readonly megabytes: number;
  /** Performance tier, `P10`; premium disks only. */
  readonly tier?: string;
}

/** Premium tiers by the largest size in GiB that they are for (Azure's page on disk types). */
const PREMIUM: readonly (readonly [upToGB: number, tier: string, iops: number, megabytes: number])[] = [
  [4, "P1", 120, 25],
  [8, "P2", 120, 25],
  [16, "P3", 120, 25],
  [32, "P4", 120, 25],
  [64, "P6", 240, 50],
  [128, "P10", 500, 100],
  [256, "P15", 1100, 125],
  [512, "P20", 2300, 150],
  [1024, "P30", 5000, 200],
  [2048, "P40", 7500, 250],
  [4096, "P50", 7500, 250],
  [8192, "P60", 16_000, 500],
  [16_384, "P70", 18_000, 750],
  [32_767, "P80", 20_000, 900],
];

/** One kind of disk. */
export interface DiskSku {
  readonly name: string;
  /** As the disk's own `sku.tier` says. */
  readonly tier: string;
  /** Size classes, as the list of SKUs names them. */
  readonly sizes: readonly string[];
  readonly maxGB: number;
  readonly zoneRedundant: boolean;
  /** Whether several machines can share one. */
  readonly shareable: boolean;
  /** Whether IOPS and throughput are as asked for. */
  readonly tunable: boolean;
}

function sku(name: string, tier: string, sizes: readonly string[], more: Partial<DiskSku> = {}): DiskSku {
  const zoneRedundant = name.endsWith("_ZRS");
  return { name, tier, sizes, maxGB: 32_767, zoneRedundant, shareable: false, tunable: false, ...more };
}

const premiumSizes = PREMIUM.map(([, tier]) => tier);
const sizesOf = (letter: string, from: number): readonly string[] =>
  premiumSizes.filter((size) => Number(size.slice(1)) >= from).map((size) => size.replace("P", letter));

/** Every kind of disk, by name. */
export const DISK_SKUS: readonly DiskSku[] = [
  sku("Standard_LRS", "Standard", sizesOf("S", 4)),
  sku("StandardSSD_LRS", "Standard", sizesOf("E", 1), { shareable: true }),
  sku("StandardSSD_ZRS", "Standard", sizesOf("E", 1), { shareable: true }),
  sku("Premium_LRS", "Premium", premiumSizes, { shareable: true }),
  sku("Premium_ZRS", "Premium", premiumSizes, { shareable: true }),
  sku("PremiumV2_LRS", "Premium", ["PV2"], { maxGB: 65_536, shareable: true, tunable: true }),
  sku("UltraSSD_LRS", "Ultra", ["U"], { maxGB: 65_536, shareable: true, tunable: true }),
];

/** The kind of disk with this name, in any case. */
export function diskSku(name: string): DiskSku | undefined {
  return DISK_SKUS.find((known) => known.name.toLowerCase() === name.toLowerCase());
}

/** Baseline of a disk of `sizeGB` GiB. */
export function performanceOf(skuName: string, sizeGB: number): DiskPerformance {
  if (skuName.startsWith("Premium_")) {
    const [, tier, iops, megabytes] = PREMIUM.find(([upTo]) => sizeGB <= upTo) ?? ["", "P80", 20_000, 900];
    return { tier, iops, megabytes };
  }
  if (skuName === "PremiumV2_LRS") return { iops: 3000, megabytes: 125 };
  if (skuName === "UltraSSD_LRS") return { iops: 2048, megabytes: 8 };
  return { iops: 500, megabytes: sizeGB > 1024 && skuName.startsWith("StandardSSD") ? 100 : 60 };
}
