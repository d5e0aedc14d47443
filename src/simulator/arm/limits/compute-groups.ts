import type { BudgetName } from "./budgets.ts";
import type { ProviderRequest } from "./provider-request.ts";

/** One kind of request to the compute provider: its buckets, and its windows. */
export interface ComputeGroup {
  readonly resource?: BudgetName;
  readonly subscription?: BudgetName;
  readonly windows: readonly BudgetName[];
}

/** What kind of request this is; `undefined` for one that the compute provider does not count. */
export function computeGroup({ route, method, exists }: ProviderRequest): ComputeGroup | undefined {
  if (route.kind === "operation" || route.kind === "operationResult") return GROUPS.operation;
  if (route.kind !== "resource" && route.kind !== "collection") return undefined;
  const types = (route.kind === "resource" ? route.id.types : route.types).map((type) => type.toLowerCase());
  const verbs = TYPES[types.slice(0, 2).join("/")] ?? TYPES[types[0] ?? ""];
  return verbs?.[verbOf(method, route.kind === "collection" && isExpensive(types), exists)];
}

function verbOf(method: string, expensive: boolean, exists: boolean): keyof Verbs {
  if (method === "GET" || method === "HEAD") return expensive ? "list" : "get";
  if (method === "DELETE") return "delete";
  return method === "PUT" && !exists ? "put" : "update";
}

/** Lists, and the instance view of a whole scale set. */
function isExpensive(types: readonly string[]): boolean {
  return types.length === 1 || types.at(-1) === "virtualmachines" || types.join("/") === `${SCALE_SETS}/instanceview`;
}

const SCALE_SETS = "virtualmachinescalesets";

const GROUPS = {
  operation: {
    resource: "GetOperationResource",
    subscription: "GetOperationSubscriptionMaximum",
    windows: ["GetOperation3Min", "GetOperation30Min"],
  },
  lowGet: {
    resource: "LowCostGetResource",
    subscription: "LowCostGetSubscriptionMaximum",
    windows: ["LowCostGet3Min", "LowCostGet30Min"],
  },
  highGet: { subscription: "HighCostGetSubscriptionMaximum", windows: ["HighCostGet3Min", "HighCostGet30Min"] },
  putVm: {
    resource: "PutVMResource",
    subscription: "PutVMSubscriptionMaximum",
    windows: ["PutVM3Min", "PutVM30Min"],
  },
  updateVm: {
    resource: "UpdateVMResource",
    subscription: "UpdateVMSubscriptionMaximum",
    windows: ["UpdateVM3Min", "UpdateVM30Min"],
  },
  deleteVm: {
    resource: "DeleteVMResource",
    subscription: "DeleteVMSubscriptionMaximum",
    windows: ["DeleteVM3Min", "DeleteVM30Min"],
  },
  getSet: {
    resource: "GetVMScaleSetResource",
    subscription: "GetVMScaleSetSubscriptionMaximum",
    windows: ["LowCostGet3Min", "LowCostGet30Min"],
  },
  listSet: {
    resource: "HighCostGetVMScaleSetResource",
    subscription: "HighCostGetVMScaleSetSubscriptionMaximum",
    windows: ["HighCostGetVMScaleSet3Min", "HighCostGetVMScaleSet30Min"],
  },
  putSet: {
    resource: "PutVMScaleSetResource",
    subscription: "PutVMScaleSetSubscriptionMaximum",
    windows: ["PutVMScaleSet3Min", "PutVMScaleSet30Min"],
  },
  updateSet: {
    resource: "UpdateVMScaleSetResource",
    subscription: "UpdateVMScaleSetSubscriptionMaximum",
    windows: ["PutVMScaleSet3Min", "PutVMScaleSet30Min"],
  },
  deleteSet: {
    resource: "DeleteVMScaleSetResource",
    subscription: "DeleteVMScaleSetSubscriptionMaximum",
    windows: ["DeleteVMScaleSet3Min", "DeleteVMScaleSet30Min"],
  },
  getInstance: {
    resource: "GetVMScaleSetVMResource",
    subscription: "GetVMScaleSetVMSubscriptionMaximum",
    windows: ["VMScaleSetVMViews3Min"],
  },
  updateInstance: {
    resource: "UpdateVMScaleSetVMResource",
    subscription: "UpdateVMScaleSetVMSubscriptionMaximum",
    windows: ["VMScaleSetBatchedVMRequests5Min"],
  },
  deleteInstance: {
    resource: "DeleteVMScaleSetVMResource",
    subscription: "DeleteVMScaleSetVMSubscriptionMaximum",
    windows: ["VMScaleSetBatchedVMRequests5Min"],
  },
  getDisk: { windows: ["DisksLowCostGet3Min", "DisksLowCostGet30Min"] },
  writeDisk: { windows: ["CreateUpdateDisks3Min", "CreateUpdateDisks30Min"] },
  deleteDisk: { windows: ["DeleteDisks3Min", "DeleteDisks30Min"] },
} as const satisfies Readonly<Record<string, ComputeGroup>>;

type Verbs = Readonly<Record<"get" | "list" | "put" | "update" | "delete", ComputeGroup>>;

const { lowGet, highGet, putVm, updateVm, deleteVm, getSet, listSet, putSet, updateSet, deleteSet } = GROUPS;
const { getInstance, updateInstance, deleteInstance, getDisk, writeDisk, deleteDisk } = GROUPS;
const DISKS: Verbs = { get: getDisk, list: getDisk, put: writeDisk, update: writeDisk, delete: deleteDisk };

/** By the first two type segments, or the first, in lower case. */
const TYPES: Readonly<Record<string, Verbs>> = {
  virtualmachines: { get: lowGet, list: highGet, put: putVm, update: updateVm, delete: deleteVm },
  virtualmachinescalesets: { get: getSet, list: listSet, put: putSet, update: updateSet, delete: deleteSet },
  "virtualmachinescalesets/virtualmachines": {
    get: getInstance,
    list: listSet,
    put: updateInstance,
    update: updateInstance,
    delete: deleteInstance,
  },
  availabilitysets: { get: lowGet, list: highGet, put: putVm, update: updateVm, delete: deleteVm },
  disks: DISKS,
  snapshots: DISKS,
};
