import type { Node, ObjectMeta, Service } from "../../cloudprovider/index.ts";

/** JSON of an API object as it comes: every field may be missing or null. */
export type Raw<T> = T extends readonly (infer Item)[]
  ? readonly Raw<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Raw<T[Key]> | null }
    : T;

/**
 * Annotation in which kubectl keeps a copy of what was applied. It doubles the size of an object, changes with every
 * edit of anything, and says nothing that the object does not.
 */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The fields of a Service that controllers and clouds read. Everything else is dropped when the answer is decoded. */
export function projectService({ metadata, spec, status }: Raw<Service>): Service {
  return {
    metadata: projectMeta(metadata),
    spec: present<Service["spec"]>({
      type: spec?.type ?? "ClusterIP",
      ports: (spec?.ports ?? []).map((port) =>
        present<Service["spec"]["ports"][number]>({
          protocol: port.protocol ?? "TCP",
          port: port.port ?? 0,
          ...pick(port, ["name", "targetPort", "nodePort", "appProtocol"]),
        }),
      ),
      ...pick(spec, SERVICE_FIELDS),
    }),
    status: { loadBalancer: { ingress: (status?.loadBalancer?.ingress ?? []).map((each) => present(each)) } },
  };
}

const SERVICE_FIELDS = [
  "loadBalancerClass",
  "loadBalancerIP",
  "loadBalancerSourceRanges",
  "externalIPs",
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "sessionAffinity",
  "sessionAffinityConfig",
  "ipFamilies",
  "ipFamilyPolicy",
  "allocateLoadBalancerNodePorts",
] as const;

/** The fields of a Node that controllers and clouds read; images, capacities and heartbeats are most of a Node's size. */
export function projectNode({ metadata, spec, status }: Raw<Node>): Node {
  return {
    metadata: projectMeta(metadata),
    spec: present<Node["spec"]>({
      ...pick(spec, ["providerID", "podCIDRs", "unschedulable"]),
      taints: spec?.taints?.map((taint) => present(pick(taint, ["key", "value", "effect"]))),
    }),
    status: {
      addresses: (status?.addresses ?? []).map((each) => present(pick(each, ["type", "address"]))),
      conditions: (status?.conditions ?? []).map((each) => present(pick(each, ["type", "status"]))),
    },
  };
}

function projectMeta(raw: Raw<ObjectMeta> | null | undefined): ObjectMeta {
  const { [LAST_APPLIED]: _, ...annotations } = raw?.annotations ?? {};
  return present<ObjectMeta>({
    name: raw?.name ?? "",
    uid: raw?.uid ?? "",
    ...pick(raw, ["namespace", "resourceVersion", "creationTimestamp", "deletionTimestamp", "labels", "finalizers"]),
    annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
  });
}

function pick<T extends object, Key extends keyof T>(
  from: T | null | undefined,
  keys: readonly Key[],
): Partial<Pick<T, Key>> {
  const picked: Partial<Pick<T, Key>> = {};
  for (const key of keys) if (from?.[key] !== undefined) picked[key] = from[key];
  return picked;
}

/** Without the fields that are null or undefined. What the server sends is trusted to have the API's types. */
function present<T>(fields: object): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as T;
}
