export {
  fetchPublicJson,
  type ObservedRequest,
  type ResourceEvent,
  requestMetrics,
  writeMetrics,
} from "./arm/index.ts";
export { type AzureCloud, type AzureCloudOptions, checkService, createAzureCloud } from "./azure-cloud.ts";
export {
  type CloudConfig,
  checkForController,
  type LoadOptions,
  loadCloudConfig,
  type ParsedConfig,
  parseCloudConfig,
} from "./config/index.ts";
