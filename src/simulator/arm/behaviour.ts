/** What the evidence about real ARM leaves open, as switches. */
export interface Behaviour {
  /** A network interface that joins or leaves a pool changes the load balancer's etag. Default true. */
  readonly membershipChangesEtag: boolean;
  /** A second PUT on a resource whose PUT still runs: ends the first operation, or is refused with 409. Default `supersede`. */
  readonly secondPut: "supersede" | "refuse";
  /** A DELETE while a PUT runs: refused with 409 AnotherOperationInProgress, or accepted. Default `refuse`. */
  readonly deleteDuringPut: "refuse" | "accept";
  /** Deleting a balancer takes standalone interfaces out of its pools, or is refused while there are any. Default `leave`. */
  readonly deleteBalancerWithInterfaces: "leave" | "refuse";
  /** `If-None-Match: *` on a write: 412 when the resource exists, or as if it were not there. Default `honour`. */
  readonly ifNoneMatch: "honour" | "ignore";
  /** How long a list still shows what was, milliseconds: single GETs never lag. Default 0. */
  readonly listLagMs: number;
  /** Members of a body that the simulator does not know: dropped as today's ARM does, or kept as a newer one would. Default `drop`. */
  readonly unknownProperties: "drop" | "keep";
  /** A PUT of an interface whose machine runs: an operation, or done when it is answered. Default `operation`. */
  readonly attachedInterfacePut: "operation" | "synchronous";
  /** Growing a disk that a running machine has: refused with 409, or allowed as for disks that can be resized live. Default `refuse`. */
  readonly resizeAttachedDisk: "refuse" | "allow";
}

/** The defaults of {@link Behaviour}. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  membershipChangesEtag: true,
  secondPut: "supersede",
  deleteDuringPut: "refuse",
  deleteBalancerWithInterfaces: "leave",
  ifNoneMatch: "honour",
  listLagMs: 0,
  unknownProperties: "drop",
  attachedInterfacePut: "operation",
  resizeAttachedDisk: "refuse",
};
