import { type Allowance, bucket, perMinute, perWindow } from "./allowance.ts";

/** ARM's token buckets since 2024: for each principal, and 15 times that for the whole subscription. */
const ARM_BUCKETS = {
  "arm.reads": bucket(250, 25),
  "arm.writes": bucket(200, 10),
  "arm.deletes": bucket(200, 10),
  "arm.global-reads": bucket(3750, 375),
  "arm.global-writes": bucket(3000, 150),
  "arm.global-deletes": bucket(3000, 150),
} as const satisfies Readonly<Record<string, Allowance>>;

/** ARM before 2024, still seen in headers of older regions: counted by the hour. */
const ARM_HOURLY = {
  "arm-hourly.reads": perWindow(12_000, 3600),
  "arm-hourly.writes": perWindow(1200, 3600),
  "arm-hourly.deletes": perWindow(15_000, 3600),
  "arm-hourly.global-reads": perWindow(16_500, 3600),
  "arm-hourly.global-writes": perWindow(12_000, 3600),
  "arm-hourly.global-deletes": perWindow(12_000, 3600),
} as const satisfies Readonly<Record<string, Allowance>>;

/** The network provider, for each subscription and region: documented as windows, seen by some as buckets. */
const NETWORK = {
  "network-window.reads": perWindow(10_000, 300),
  "network-window.writes": perWindow(1000, 300),
  "network-bucket.reads": bucket(10_000, 10_000 / 300),
  "network-bucket.writes": bucket(1000, 1000 / 300),
} as const satisfies Readonly<Record<string, Allowance>>;

/** The compute provider's buckets: `Resource` for each machine or scale set, `SubscriptionMaximum` for subscription and region. */
const COMPUTE_BUCKETS = {
  PutVMResource: perMinute(4, 12),
  PutVMSubscriptionMaximum: perMinute(500, 1500),
  UpdateVMResource: perMinute(4, 12),
  UpdateVMSubscriptionMaximum: perMinute(500, 1500),
  DeleteVMResource: perMinute(4, 12),
  DeleteVMSubscriptionMaximum: perMinute(500, 1500),
  LowCostGetResource: perMinute(12, 36),
  LowCostGetSubscriptionMaximum: perMinute(8000, 24_000),
  HighCostGetSubscriptionMaximum: perMinute(300, 900),
  GetOperationResource: perMinute(15, 45),
  GetOperationSubscriptionMaximum: perMinute(5000, 15_000),
  PutVMScaleSetResource: perMinute(4, 12),
  PutVMScaleSetSubscriptionMaximum: perMinute(125, 375),
  UpdateVMScaleSetResource: perMinute(4, 12),
  UpdateVMScaleSetSubscriptionMaximum: perMinute(500, 1500),
  DeleteVMScaleSetResource: perMinute(4, 12),
  DeleteVMScaleSetSubscriptionMaximum: perMinute(175, 525),
  GetVMScaleSetResource: perMinute(12, 36),
  GetVMScaleSetSubscriptionMaximum: perMinute(800, 2400),
  HighCostGetVMScaleSetResource: perMinute(10, 30),
  HighCostGetVMScaleSetSubscriptionMaximum: perMinute(360, 1080),
  UpdateVMScaleSetVMResource: perMinute(4, 12),
  UpdateVMScaleSetVMSubscriptionMaximum: perMinute(500, 1500),
  DeleteVMScaleSetVMResource: perMinute(4, 12),
  DeleteVMScaleSetVMSubscriptionMaximum: perMinute(500, 1500),
  GetVMScaleSetVMResource: perMinute(12, 36),
  GetVMScaleSetVMSubscriptionMaximum: perMinute(2000, 6000),
} as const satisfies Readonly<Record<string, Allowance>>;

/** The compute provider's older windows of 3 and 30 minutes. Disks have none but these. */
const COMPUTE_WINDOWS = {
  LowCostGet3Min: perWindow(4000, 180),
  LowCostGet30Min: perWindow(32_000, 1800),
  HighCostGet3Min: perWindow(240, 180),
  HighCostGet30Min: perWindow(1920, 1800),
  PutVM3Min: perWindow(240, 180),
  PutVM30Min: perWindow(1200, 1800),
  UpdateVM3Min: perWindow(240, 180),
  UpdateVM30Min: perWindow(1200, 1800),
  DeleteVM3Min: perWindow(240, 180),
  DeleteVM30Min: perWindow(1200, 1800),
  HighCostGetVMScaleSet3Min: perWindow(200, 180),
  HighCostGetVMScaleSet30Min: perWindow(1000, 1800),
  PutVMScaleSet3Min: perWindow(125, 180),
  PutVMScaleSet30Min: perWindow(650, 1800),
  DeleteVMScaleSet3Min: perWindow(108, 180),
  DeleteVMScaleSet30Min: perWindow(588, 1800),
  VMScaleSetBatchedVMRequests5Min: perWindow(3705, 300),
  VMScaleSetVMViews3Min: perWindow(5000, 180),
  GetOperation3Min: perWindow(15_000, 180),
  GetOperation30Min: perWindow(30_000, 1800),
  CreateUpdateDisks3Min: perWindow(1000, 180),
  CreateUpdateDisks30Min: perWindow(8000, 1800),
  DeleteDisks3Min: perWindow(3000, 180),
  DeleteDisks30Min: perWindow(24_000, 1800),
  DisksLowCostGet3Min: perWindow(15_000, 180),
  DisksLowCostGet30Min: perWindow(120_000, 1800),
} as const satisfies Readonly<Record<string, Allowance>>;

/** The storage provider, for each subscription and region. */
const STORAGE = {
  "storage.Write": bucket(1200, 10),
  "storage.Read_ObservationWindow_00:05:00": perWindow(800, 300),
  "storage.List_ObservationWindow_00:05:00": perWindow(100, 300),
} as const satisfies Readonly<Record<string, Allowance>>;

/** Every documented budget, by name. */
export const BUDGETS = {
  ...ARM_BUCKETS,
  ...ARM_HOURLY,
  ...NETWORK,
  ...COMPUTE_BUCKETS,
  ...COMPUTE_WINDOWS,
  ...STORAGE,
  /** The metadata service of one machine. */
  "metadata.requests": bucket(5, 5),
} as const satisfies Readonly<Record<string, Allowance>>;

/** Name of a budget. */
export type BudgetName = keyof typeof BUDGETS;
