import { type LoadBalancerStatus, loadBalancerStatusEqual, type Service } from "../../cloudprovider/index.ts";

/** Media type of the patches below: lists that Kubernetes merges by element stay mergeable. */
export const STRATEGIC_MERGE = "application/strategic-merge-patch+json";

/** Body of a strategic merge patch. */
export type Patch = Readonly<Record<string, unknown>>;

/**
 * The strategic merge patch that turns the finalizers and the balancer status of `old` into those of `wanted`; undefined
 * when they are equal. Nothing else of a Service is ever sent: its spec belongs to the user.
 */
export function servicePatch(old: Service, wanted: Service): Patch | undefined {
  const metadata = finalizersPatch(old.metadata.finalizers ?? [], wanted.metadata.finalizers ?? []);
  const status = statusPatch(old.status.loadBalancer, wanted.status.loadBalancer);
  if (metadata === undefined && status === undefined) return undefined;
  return { ...(metadata && { metadata }), ...(status && { status }) };
}

/**
 * Finalizers merge by element in this patch type, so that one added by somebody else meanwhile survives; the directives
 * are those that Kubernetes' own clients send.
 */
function finalizersPatch(old: readonly string[], wanted: readonly string[]): Patch | undefined {
  const added = wanted.filter((each) => !old.includes(each));
  const removed = old.filter((each) => !wanted.includes(each));
  if (added.length === 0 && removed.length === 0) return undefined;
  if (old.length === 0) return { finalizers: added };
  if (wanted.length === 0) return { finalizers: null };
  return {
    ...(removed.length > 0 && { "$deleteFromPrimitiveList/finalizers": removed }),
    "$setElementOrder/finalizers": wanted,
    ...(added.length > 0 && { finalizers: added }),
  };
}

/** The list of addresses is atomic: it is sent whole, or as null when there is none. */
function statusPatch(old: LoadBalancerStatus, wanted: LoadBalancerStatus): Patch | undefined {
  if (loadBalancerStatusEqual(old, wanted)) return undefined;
  return { loadBalancer: { ingress: wanted.ingress.length === 0 ? null : wanted.ingress } };
}
