import { compute, type FaultRow, refuse, rewritten, WRITES } from "./fault-row.ts";
import { copying } from "./rewrites.ts";

/** F22 and F54 to F61, F71: machines, disks and storage accounts. */
export const MACHINE_ROWS = {
  F22: refuse(
    "core quota used up",
    compute(
      409,
      "OperationNotAllowed",
      "Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional details - Deployment Model: Resource Manager, Location: westeurope, Current Limit: 10, Current Usage: 10, Additional Required: 2, (Minimum) New Limit Required: 12.",
    ),
    { methods: WRITES },
  ),
  F54: refuse(
    "disk attached elsewhere",
    compute(
      409,
      "ConflictingUserInput",
      "Disk '{about}' cannot be attached as the disk is already owned by another VM.",
    ),
    { methods: WRITES },
  ),
  F55: refuse(
    "disk being detached",
    compute(
      409,
      "AttachDiskWhileBeingDetached",
      "Cannot attach data disk '{about}' to VM '{name}' because the disk is currently being detached or the last detach operation failed. Please wait until the disk is completely detached and then try again or delete/detach the disk explicitly again.",
    ),
    { methods: WRITES },
  ),
  F56: refuse(
    "no slot for a disk",
    compute(
      409,
      "OperationNotAllowed",
      "The maximum number of data disks allowed to be attached to a VM of this size is 4.",
      { extra: { target: "dataDisks" } },
    ),
    { methods: WRITES },
  ),
  F57: refuse(
    "disk in another zone",
    compute(400, "BadRequest", "Disk {about} cannot be attached to the VM because it is not in zone '1'."),
    { methods: WRITES },
  ),
  F59: refuse(
    "machine being deleted",
    compute(
      409,
      "OperationNotAllowed",
      "Operation 'Update VM' is not allowed on VM '{name}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).",
    ),
    { methods: ["PUT", "PATCH", "POST"] },
  ),
  F60: refuse(
    "instance gone",
    compute(
      400,
      "InvalidParameter",
      "The provided instanceId {name} is not an active Virtual Machine Scale Set VM instanceId.",
      { extra: { target: "instanceIds" } },
    ),
  ),
  F61: rewritten("snapshot still copies", copying, { methods: ["GET"] }),
  F71: refuse(
    "storage account name taken",
    compute(409, "StorageAccountAlreadyTaken", "The storage account named {name} is already taken."),
    { methods: ["PUT"] },
  ),
} as const satisfies Readonly<Record<string, FaultRow>>;
