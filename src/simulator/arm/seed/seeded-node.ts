/** One node of a seeded cluster. */
export interface SeededNode {
  readonly name: string;
  /** `azure:///subscriptions/.../virtualMachineScaleSets/{s}/virtualMachines/{n}` or `.../virtualMachines/{name}` */
  readonly providerId: string;
  readonly internalIP: string;
  /** Availability zone, `1` to `3`. */
  readonly zone: string | undefined;
}
