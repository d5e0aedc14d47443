/** Api-versions that the network provider accepts for every type, oldest first. */
export const NETWORK_VERSIONS: readonly string[] = [
  "2018-11-01",
  "2020-11-01",
  "2022-07-01",
  "2023-11-01",
  "2024-01-01",
  "2024-03-01",
  "2024-05-01",
  "2024-07-01",
  "2024-10-01",
  "2025-01-01",
  "2025-03-01",
  "2025-05-01",
  "2026-01-01",
];

/** Api-versions that the compute provider accepts for machines and scale sets, oldest first. */
export const COMPUTE_VERSIONS: readonly string[] = [
  "2017-12-01",
  "2019-07-01",
  "2022-08-01",
  "2023-09-01",
  "2024-03-01",
  "2024-07-01",
  "2024-11-01",
  "2025-04-01",
  "2026-04-01",
];

/** Api-versions that the compute provider accepts for disks, oldest first. */
export const DISK_VERSIONS: readonly string[] = [
  "2019-03-01",
  "2022-07-02",
  "2023-04-02",
  "2023-10-02",
  "2024-03-02",
  "2025-01-02",
  "2026-03-02",
];

/** Api-versions of the list of compute SKUs, oldest first. */
export const SKU_VERSIONS: readonly string[] = ["2017-09-01", "2019-04-01", "2021-07-01"];

/**
 * Api-versions of the scale-set views of network interfaces: the old one that SDKs are pinned to, and the current ones of
 * both providers, because the path is compute's and the answer the network's.
 */
export const NETWORK_VIEW_VERSIONS: readonly string[] = ["2018-10-01", ...NETWORK_VERSIONS, ...COMPUTE_VERSIONS];

/** Api-versions of ARM's own routes: subscriptions, locations, resource groups, providers. */
export const ARM_VERSIONS: readonly string[] = [
  "2016-06-01",
  "2019-05-01",
  "2019-10-01",
  "2020-01-01",
  "2021-01-01",
  "2021-04-01",
  "2022-09-01",
  "2022-12-01",
  "2024-03-01",
  "2024-11-01",
  "2025-04-01",
];
