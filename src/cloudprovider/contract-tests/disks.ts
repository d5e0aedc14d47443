import type { ContractCase } from "./contract.ts";
import { attachmentCases } from "./disks-attachment.ts";
import { lifeCases } from "./disks-life.ts";
import { snapshotCases } from "./disks-snapshot.ts";
import type { DisksSubject } from "./disks-subject.ts";

/** What every Disks must do. Provisional, as the interface is. */
export const disksContract: readonly ContractCase<DisksSubject>[] = [
  ...lifeCases,
  ...attachmentCases,
  ...snapshotCases,
];
