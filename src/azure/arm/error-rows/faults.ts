import type { ErrorRow } from "./error-row.ts";

/** Azure's own faults: the write may have been applied. */
export const FAULTS: readonly ErrorRow[] = [
  {
    arm: [
      "InternalServerError",
      "InternalExecutionError",
      "InternalOperationError",
      "InternalError",
      "NetworkingInternalOperationError",
      "StorageFailure",
    ],
    class: "unsure",
    code: "Unavailable",
    says: "Azure had an internal problem",
    advice: "Nothing, unless it lasts: then open a support request that names the request id.",
  },
  {
    arm: ["BadGateway", "ServerTimeout", "ServiceUnavailable", "GatewayTimeout", "RequestTimeout", "ServerBusy"],
    class: "unsure",
    code: "Unavailable",
    says: "Azure did not answer in time, or is not available in this region",
    advice: "Nothing, unless it lasts: then look at https://status.azure.com for the region.",
  },
  {
    arm: ["OSProvisioningTimedOut", "OSProvisioningClientError", "VMStartTimedOut", "VMExtensionProvisioningError"],
    class: "unsure",
    code: "Unavailable",
    says: "the machine did not come up",
    advice: "Look at the machine's boot diagnostics and its extensions in Azure.",
  },
  {
    arm: ["ResourceUpdateBlockedOnPlatformUpdate", "RebootPending"],
    class: "unsure",
    code: "Unavailable",
    says: "Azure is servicing the machine",
    advice: "Nothing: it is tried again when the maintenance is over.",
  },
  {
    arm: ["ResourceDeploymentFailure", "DeploymentFailed", "ProvisioningFailed"],
    class: "unsure",
    code: "Unavailable",
    says: "Azure accepted the change and could not carry it out",
    advice: "Look at the resource's activity log in Azure for the reason; the change is written again meanwhile.",
  },
];
