import { type Allowance, perMinute } from "./bucket.ts";

/** One kind of request to the compute provider and its buckets, "Compute throttling limits" on learn.microsoft.com. */
export interface ComputeGroup {
  /** The provider's name, to which it adds `Resource` or `SubscriptionMaximum`. */
  readonly name: string;
  /** Of each machine, instance or scale set. */
  readonly resource?: Allowance;
  /** Of the subscription in a region. */
  readonly subscription: Allowance;
}

const ONE = { write: perMinute(4, 12), read: perMinute(12, 36) } as const;
const MANY_WRITES = perMinute(500, 1500);

const UPDATE_VM: ComputeGroup = { name: "UpdateVM", resource: ONE.write, subscription: MANY_WRITES };
const DELETE_VM: ComputeGroup = { name: "DeleteVM", resource: ONE.write, subscription: MANY_WRITES };
const GET_VM: ComputeGroup = { name: "LowCostGet", resource: ONE.read, subscription: perMinute(8000, 24_000) };
const LIST_VMS: ComputeGroup = { name: "HighCostGet", subscription: perMinute(300, 900) };

const LIST_SETS: ComputeGroup = {
  name: "HighCostGetVMScaleSet",
  resource: perMinute(10, 30),
  subscription: perMinute(360, 1080),
};

const OPERATION: ComputeGroup = {
  name: "GetOperation",
  resource: perMinute(15, 45),
  subscription: perMinute(5000, 15_000),
};

type Verb = "get" | "list" | "write" | "delete";

const MACHINES: Readonly<Record<Verb, ComputeGroup>> = {
  get: GET_VM,
  list: LIST_VMS,
  write: UPDATE_VM,
  delete: DELETE_VM,
};

const TYPES: Readonly<Record<string, Readonly<Record<Verb, ComputeGroup>>>> = {
  virtualmachines: MACHINES,
  availabilitysets: MACHINES,
  virtualmachinescalesets: {
    get: { name: "GetVMScaleSet", resource: ONE.read, subscription: perMinute(800, 2400) },
    list: LIST_SETS,
    write: { name: "UpdateVMScaleSet", resource: ONE.write, subscription: MANY_WRITES },
    delete: { name: "DeleteVMScaleSet", resource: ONE.write, subscription: perMinute(175, 525) },
  },
  "virtualmachinescalesets/virtualmachines": {
    get: { name: "GetVMScaleSetVM", resource: ONE.read, subscription: perMinute(2000, 6000) },
    list: LIST_SETS,
    write: { name: "UpdateVMScaleSetVM", resource: ONE.write, subscription: MANY_WRITES },
    delete: { name: "DeleteVMScaleSetVM", resource: ONE.write, subscription: MANY_WRITES },
  },
};

/** What a request counts as at the compute provider; undefined for types without published buckets. */
export function computeGroup(type: string, verb: Verb): ComputeGroup | undefined {
  if (type.startsWith("locations/")) return OPERATION;
  return TYPES[type]?.[verb];
}
