import { type Checked, checked, type Problem } from "../../base/checked.ts";
import { compareCidrs, formatCidr, parseCidrLenient } from "../../base/cidr.ts";
import type { LoadBalancerIngress, LoadBalancerStatus, Service } from "../objects.ts";

/** Finalizer that keeps a Service in the API until its balancer is gone. */
export const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

/** Annotation that holds source ranges when `spec.loadBalancerSourceRanges` does not. */
export const SOURCE_RANGES_ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** Path under which kube-proxy answers for the local endpoints of a Service. */
export const HEALTH_CHECK_PATH = "/healthz";

const OPEN_TO_ALL = "0.0.0.0/0";

/**
 * The balancer name that upstream gives a Service: `a` and the uid without dashes, cut to 32 characters. The last
 * character of a full uid falls off; existing balancers carry such names, so that must stay.
 */
export function defaultLoadBalancerName(service: Service): string {
  return `a${service.metadata.uid}`.replaceAll("-", "").slice(0, 32);
}

/** Whether the Service carries {@link FINALIZER}. */
export function hasFinalizer(service: Service): boolean {
  return service.metadata.finalizers?.includes(FINALIZER) === true;
}

/** Whether the Service asks for a balancer from the cluster's own cloud; one with a class belongs to another controller. */
export function wantsLoadBalancer({ spec }: Service): boolean {
  return spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined;
}

/** Whether something of ours must go: the finalizer is there, and the Service is being deleted or is no LoadBalancer. */
export function needsCleanup(service: Service): boolean {
  const over = service.metadata.deletionTimestamp !== undefined || service.spec.type !== "LoadBalancer";
  return hasFinalizer(service) && over;
}

/** Whether a Service that was seen for the first time is any of our business. */
export function needsFirstPass(service: Service): boolean {
  return wantsLoadBalancer(service) || needsCleanup(service);
}

/** Whether nodes without a local endpoint shall get no traffic from outside. */
export function requestsOnlyLocalTraffic({ spec }: Service): boolean {
  return (spec.type === "LoadBalancer" || spec.type === "NodePort") && spec.externalTrafficPolicy === "Local";
}

/** Whether a balancer must probe `healthCheckNodePort` rather than the Service's own ports. */
export function needsHealthCheck(service: Service): boolean {
  return service.spec.type === "LoadBalancer" && requestsOnlyLocalTraffic(service);
}

/** Where to probe for local endpoints; undefined when that is not needed or no port was allocated. */
export function healthCheckPathPort(service: Service): { readonly path: string; readonly port: number } | undefined {
  const port = service.spec.healthCheckNodePort ?? 0;
  return needsHealthCheck(service) && port !== 0 ? { path: HEALTH_CHECK_PATH, port } : undefined;
}

/**
 * The ranges that may reach the balancer: the spec's; else the annotation's; else everybody (`0.0.0.0/0`).
 *
 * @returns canonical network texts (`192.168.0.1/24` becomes `192.168.0.0/24`), sorted, each once.
 */
export function sourceRanges({ metadata, spec }: Service): Checked<readonly string[]> {
  const fromSpec = spec.loadBalancerSourceRanges ?? [];
  if (fromSpec.length > 0) {
    return readRanges(fromSpec, (index) => ({
      field: `spec.loadBalancerSourceRanges[${index}]`,
      want: "an IP range, for example 10.0.0.0/24",
    }));
  }
  const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION]?.trim() ?? "";
  if (annotation === "") return checked([OPEN_TO_ALL], []);
  return readRanges(annotation.split(","), () => ({
    field: SOURCE_RANGES_ANNOTATION,
    want: "a comma-separated list of source IP ranges, for example 10.0.0.0/24,192.168.2.0/24",
  }));
}

/** Whether `ranges`, as {@link sourceRanges} gives them, are exactly "everybody on IPv4"; upstream never asks for `::/0`. */
export function isAllowAll(ranges: readonly string[]): boolean {
  return ranges.length === 1 && ranges[0] === OPEN_TO_ALL;
}

/** Whether two statuses publish the same, in the same order; an absent list and an empty one are the same. */
export function loadBalancerStatusEqual(a: LoadBalancerStatus | undefined, b: LoadBalancerStatus | undefined): boolean {
  const left = a?.ingress ?? [];
  const right = b?.ingress ?? [];
  return left.length === right.length && left.every((ingress, index) => sameIngress(ingress, right[index]));
}

function sameIngress(a: LoadBalancerIngress, b: LoadBalancerIngress | undefined): boolean {
  if (b === undefined || a.ip !== b.ip || a.hostname !== b.hostname || a.ipMode !== b.ipMode) return false;
  const left = a.ports ?? [];
  const right = b.ports ?? [];
  return (
    left.length === right.length &&
    left.every(({ port, protocol, error }, index) => {
      const other = right[index];
      return port === other?.port && protocol === other.protocol && error === other.error;
    })
  );
}

function readRanges(
  items: readonly string[],
  about: (index: number) => Pick<Problem, "field" | "want">,
): Checked<readonly string[]> {
  const problems: Problem[] = [];
  const ranges = items.flatMap((item, index) => {
    const range = parseCidrLenient(item.trim());
    if (range !== undefined) return [range];
    problems.push({ got: item, ...about(index) });
    return [];
  });
  return checked([...new Set(ranges.toSorted(compareCidrs).map(formatCidr))], problems);
}
