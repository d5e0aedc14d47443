import type { LoadBalancerStatus, Node, Service } from "./objects.ts";

/**
 * Balancers for Services of type LoadBalancer.
 *
 * Obligations of every implementation: arguments are read-only; each method may be called at any time, for any Service,
 * by many callers at once, and again after a crash at any point; nothing that was not made for the Service is changed;
 * when `signal` aborts, waiting ends with a {@link CloudError} `Aborted`, and what was sent to the cloud is found and
 * finished by the next call. All methods reject with a {@link CloudError} and nothing else.
 *
 * `clusterName` tells the clusters of one subscription apart (`--cluster-name`, default `kubernetes`).
 */
export interface LoadBalancer {
  /**
   * Looks for what the cloud holds for `service`.
   *
   * @returns undefined when nothing is left that {@link ensureLoadBalancerDeleted} would have to delete. `status` is
   *   undefined when there are leftovers without an address (a lone public IP).
   */
  getLoadBalancer(
    clusterName: string,
    service: Service,
    signal: AbortSignal,
  ): Promise<{ readonly status: LoadBalancerStatus | undefined } | undefined>;

  /** The cloud's name for the balancer of `service`: stable for its life, unique in the cluster. No request is made. */
  getLoadBalancerName(clusterName: string, service: Service): string;

  /**
   * Creates the balancer of `service` or changes it to what the Service asks for now. Idempotent: an unchanged Service
   * causes no write. Slow: seconds to minutes.
   *
   * @param nodes - the nodes that may receive traffic; empty means there are none just now, and existing members stay. The array is not changed afterwards.
   * @returns the addresses, once traffic can flow through them.
   * @throws CloudError `InvalidArgument` when the Service asks for something impossible; what works keeps working.
   * @throws CloudError `ImplementedElsewhere` when another controller looks after this Service.
   */
  ensureLoadBalancer(
    clusterName: string,
    service: Service,
    nodes: readonly Node[],
    signal: AbortSignal,
  ): Promise<LoadBalancerStatus>;

  /**
   * Brings the members of the balancer of `service` up to `nodes`. Resolves without effect when the Service has no
   * balancer, is being deleted or no longer wants one.
   */
  updateLoadBalancer(clusterName: string, service: Service, nodes: readonly Node[], signal: AbortSignal): Promise<void>;

  /**
   * Removes everything made for `service`, leftovers of earlier crashes included. Idempotent: resolves when there is
   * nothing. Invalid settings of the Service never keep it from being deleted.
   */
  ensureLoadBalancerDeleted(clusterName: string, service: Service, signal: AbortSignal): Promise<void>;
}
