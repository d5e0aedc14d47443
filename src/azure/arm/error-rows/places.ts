import type { ErrorRow } from "./error-row.ts";

/** Things and places that do not exist, or are going. */
export const PLACES: readonly ErrorRow[] = [
  {
    arm: ["ResourceGroupNotFound", "SubscriptionNotFound", "ParentResourceNotFound"],
    class: "everyone",
    code: "NotFound",
    says: "the place where it should be does not exist",
    advice: "Check subscription, resource group and parent names in azure.json.",
  },
  {
    arm: ["ResourceGroupBeingDeleted"],
    class: "everyone",
    code: "Conflict",
    says: "the resource group is being deleted",
  },
  {
    arm: ["ResourceNotFound", "NotFound", "OperationNotFound", "ContainerNotFound", "ShareNotFound"],
    class: "content",
    code: "NotFound",
    says: "it does not exist",
  },
  {
    arm: ["OperationNotAllowed", "Conflict"],
    when: /marked for deletion/i,
    class: "everyone",
    code: "Conflict",
    says: "the resource is being deleted",
  },
  {
    arm: ["InvalidParameter"],
    when: /not an active Virtual Machine Scale Set VM instanceId/i,
    class: "content",
    code: "NotFound",
    says: "the scale set has no such instance any more",
  },
  {
    arm: [
      "NoRegisteredProviderFound",
      "InvalidResourceNamespace",
      "InvalidResourceType",
      "MissingApiVersionParameter",
      "InvalidApiVersionParameter",
      "InvalidSubscriptionId",
      "LocationNotAvailableForResourceType",
      "LocationRequired",
      "InvalidResourceLocation",
    ],
    class: "everyone",
    code: "InvalidArgument",
    says: "Azure does not know this place, type or version",
    advice: "Check `subscriptionId`, `location` and `cloud` in azure.json.",
  },
];
