import { type Service, type ServicePort, wantsLoadBalancer } from "../../cloudprovider/index.ts";

/** Whether the change from `old` to `current` can matter to a balancer. */
export function needsUpdate(old: Service, current: Service): boolean {
  return changedField(old, current) !== undefined;
}

/** The first field whose change can matter to a balancer, or undefined; labels, selectors and statuses cannot. */
export function changedField(old: Service, current: Service): string | undefined {
  if (!wantsLoadBalancer(old) && !wantsLoadBalancer(current)) return undefined;
  return COMPARED.find(({ differs }) => differs(old, current))?.field;
}

interface Comparison {
  readonly field: string;
  readonly differs: (old: Service, current: Service) => boolean;
}

/** In upstream's order. What is absent equals what is empty: the API does not tell them apart. */
const COMPARED: readonly Comparison[] = [
  { field: "spec.type", differs: (a, b) => wantsLoadBalancer(a) !== wantsLoadBalancer(b) },
  {
    field: "spec.loadBalancerSourceRanges",
    differs: (a, b) => !sameList(a.spec.loadBalancerSourceRanges, b.spec.loadBalancerSourceRanges, same),
  },
  { field: "spec.ports", differs: (a, b) => !sameList(a.spec.ports, b.spec.ports, samePort) },
  { field: "spec.sessionAffinity", differs: (a, b) => a.spec.sessionAffinity !== b.spec.sessionAffinity },
  { field: "spec.sessionAffinityConfig", differs: (a, b) => affinitySeconds(a) !== affinitySeconds(b) },
  { field: "spec.loadBalancerIP", differs: (a, b) => (a.spec.loadBalancerIP ?? "") !== (b.spec.loadBalancerIP ?? "") },
  { field: "spec.externalIPs", differs: (a, b) => !sameList(a.spec.externalIPs, b.spec.externalIPs, same) },
  {
    field: "metadata.annotations",
    differs: (a, b) => !sameRecord(a.metadata.annotations ?? {}, b.metadata.annotations ?? {}),
  },
  { field: "metadata.uid", differs: (a, b) => a.metadata.uid !== b.metadata.uid },
  {
    field: "spec.externalTrafficPolicy",
    differs: (a, b) => a.spec.externalTrafficPolicy !== b.spec.externalTrafficPolicy,
  },
  {
    field: "spec.healthCheckNodePort",
    differs: (a, b) => (a.spec.healthCheckNodePort ?? 0) !== (b.spec.healthCheckNodePort ?? 0),
  },
  { field: "spec.ipFamilies", differs: (a, b) => a.spec.ipFamilies?.length !== b.spec.ipFamilies?.length },
];

function samePort(a: ServicePort, b: ServicePort): boolean {
  const fields = ["name", "protocol", "port", "targetPort", "appProtocol"] as const;
  return fields.every((field) => a[field] === b[field]) && (a.nodePort ?? 0) === (b.nodePort ?? 0);
}

function affinitySeconds({ spec }: Service): number | undefined {
  return spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
}

function sameList<T>(a: readonly T[] = [], b: readonly T[] = [], equal: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index] as T));
}

function same<T>(a: T, b: T): boolean {
  return a === b;
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
