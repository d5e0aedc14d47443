import type { ErrorRow } from "./error-row.ts";

/** Machines, disks, snapshots and storage accounts that ARM does not accept as they are. */
export const MACHINES: readonly ErrorRow[] = [
  {
    arm: ["ConflictingUserInput"],
    class: "content",
    code: "Conflict",
    says: "it is in use elsewhere",
    advice: "Detach it from the machine that the message names.",
  },
  {
    arm: ["DiskInUse", "SnapshotInUse", "DiskNotDetached"],
    class: "content",
    code: "Conflict",
    says: "the disk is in use",
    advice: "Detach the disk, or end the access that was granted to it.",
  },
  {
    arm: ["InvalidParameter"],
    when: /\bLUN\b|already uses the same LUN|A disk named/i,
    class: "content",
    code: "Conflict",
    says: "the slot of the machine is taken by another disk",
    advice: "Nothing: the machine is read again and another slot is taken.",
  },
  {
    arm: ["DiskSizeNotAllowed", "InvalidDiskSize", "DiskResizeNotAllowed"],
    class: "content",
    code: "InvalidArgument",
    says: "the disk cannot have this size",
    advice: "Ask for a size from 1 to 65536 GiB that is not smaller than the disk is.",
  },
  {
    arm: ["StorageAccountAlreadyTaken", "StorageAccountAlreadyExists"],
    class: "conflicted",
    code: "AlreadyExists",
    says: "the name of the storage account is taken",
    advice: "Choose another name; it must be unique in all of Azure.",
  },
  {
    arm: ["AccountNameInvalid", "InvalidAccountKind", "InvalidAccountType"],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept the storage account as it is asked for",
    advice: "Use 3 to 24 lower-case letters and digits as its name, and a kind that fits its SKU.",
  },
  {
    arm: ["VMExtensionHandlerNonTransientError", "OSProvisioningInternalError", "VMMarkedForDeletion"],
    class: "content",
    code: "Conflict",
    says: "the machine is not in a state in which it can be changed",
    advice: "Repair or delete the machine in Azure.",
  },
];
