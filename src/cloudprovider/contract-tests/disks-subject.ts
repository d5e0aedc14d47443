import type { Disks } from "../disks.ts";

/** Disks over a cloud of its own, which holds no disk and no snapshot yet. */
export interface DisksSubject {
  readonly disks: Disks;
  /** Names of at least two nodes whose machines the cloud has and that hold no data disk. */
  readonly nodeNames: readonly string[];
  /** Name of a node whose machine does not exist. */
  readonly goneNodeName: string;
  /** Changes that the cloud has accepted so far. */
  writes(): number;
}
