/**
 * Managed disks, attachments and snapshots, shaped after what a CSI controller asks.
 *
 * Provisional: this interface may change in any release until the disk controller is built on it.
 * All methods are idempotent and reject with a CloudError and nothing else; when `signal` aborts, with code `Aborted`.
 */
export interface Disks {
  /**
   * Creates a disk, or returns the one an equal request made before.
   * @throws CloudError `AlreadyExists` when the name is taken by a disk of another size, SKU or zone.
   */
  createDisk(request: CreateDiskRequest, signal: AbortSignal): Promise<Disk>;
  /** @throws CloudError `NotFound` when there is no such disk. */
  getDisk(id: string, signal: AbortSignal): Promise<Disk>;
  /** Disks of the cluster's resource group. */
  listDisks(signal: AbortSignal): Promise<readonly Disk[]>;
  /** Resolves when the disk is gone, also when it was gone before. @throws CloudError `Conflict` while it is attached. */
  deleteDisk(id: string, signal: AbortSignal): Promise<void>;
  /**
   * Attaches a disk to a node, or finds it attached there.
   * @returns the logical unit number, 0 to 63.
   * @throws CloudError `Conflict` when it is attached elsewhere and cannot be shared; `NotFound` when the disk or the
   *   node's machine does not exist.
   */
  attachDisk(request: AttachDiskRequest, signal: AbortSignal): Promise<number>;
  /** Resolves when the disk is on that node no more, also when the node is gone. */
  detachDisk(diskId: string, nodeName: string, signal: AbortSignal): Promise<void>;
  /** Grows a disk to at least `sizeGiB`; never shrinks. Returns the size it has now, GiB. */
  expandDisk(id: string, sizeGiB: number, signal: AbortSignal): Promise<number>;
  /**
   * Takes a snapshot, or returns the one an equal call made before. It outlives its disk.
   * @throws CloudError `AlreadyExists` when the name is taken by a snapshot of another disk; `NotFound` when there is
   *   no such disk.
   */
  createSnapshot(name: string, sourceDiskId: string, signal: AbortSignal): Promise<Snapshot>;
  /** Resolves when the snapshot is gone, also when it was gone before. */
  deleteSnapshot(id: string, signal: AbortSignal): Promise<void>;
  /** Snapshots of the cluster's resource group. */
  listSnapshots(signal: AbortSignal): Promise<readonly Snapshot[]>;
}

/** What a new disk shall be. */
export interface CreateDiskRequest {
  /** 1 to 80 characters: letters, digits, `_`, `.`, `-`. */
  readonly name: string;
  /** Whole gibibytes, 1 to 65536. */
  readonly sizeGiB: number;
  /** The cloud's SKU, such as `StandardSSD_LRS`; the cloud's default when absent. */
  readonly sku?: string;
  /** Zone of the nodes that will use it; regional when absent. */
  readonly zone?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Fill it from this snapshot or disk. */
  readonly sourceId?: string;
}

/** Where a disk shall go. */
export interface AttachDiskRequest {
  readonly diskId: string;
  readonly nodeName: string;
  readonly caching: "None" | "ReadOnly" | "ReadWrite";
}

/** A disk as the cloud has it. */
export interface Disk {
  readonly id: string;
  readonly name: string;
  readonly sizeGiB: number;
  readonly sku: string;
  readonly zone: string | undefined;
  /** Node or machine ids it is attached to. */
  readonly attachedTo: readonly string[];
}

/** A point-in-time copy of a disk. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  readonly sourceDiskId: string;
  readonly sizeGiB: number;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Whether a disk can be made from it yet. */
  readonly ready: boolean;
}
