import { type Cause, invalidValue } from "../api-error.ts";
import type { KubernetesObject } from "../object.ts";
import { int32, kept, microTime, object, text } from "../schema.ts";
import { ageOf } from "./age.ts";
import { column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { subdomain1123Problem } from "./names.ts";

type LeaseSpec = {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly leaseTransitions?: number;
};

/** coordination.k8s.io/v1 Leases. */
export const leaseKind: Kind = {
  ...PLAIN,
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  singular: "lease",
  namespaced: true,
  // A lease is only ever written from a version that was read: that is what makes it a lock.
  unconditionalUpdate: false,
  schema: object("Lease", {
    ...TYPE_AND_META,
    spec: object("LeaseSpec", {
      holderIdentity: kept(text),
      leaseDurationSeconds: kept(int32),
      acquireTime: microTime,
      renewTime: microTime,
      leaseTransitions: kept(int32),
      strategy: kept(text),
      preferredHolder: kept(text),
    }),
  }),
  columns: [column("Holder", "The identity of the holder of the lease."), column("Age", "Time since creation.")],
  cells: (lease, { nowMs }) => [
    lease.metadata.name,
    specOf(lease).holderIdentity ?? "",
    ageOf(lease.metadata.creationTimestamp, nowMs),
  ],
  nameProblem: subdomain1123Problem,
  defaults: (lease) => ({ ...lease, spec: lease["spec"] ?? {} }),
  validate,
};

function validate(lease: KubernetesObject): readonly Cause[] {
  const { leaseDurationSeconds, leaseTransitions } = specOf(lease);
  return [
    ...(leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0
      ? [invalidValue("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0")]
      : []),
    ...(leaseTransitions !== undefined && leaseTransitions < 0
      ? [invalidValue("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0")]
      : []),
  ];
}

function specOf(lease: KubernetesObject): LeaseSpec {
  return (lease["spec"] ?? {}) as LeaseSpec;
}
