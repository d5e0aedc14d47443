import type { NodeAddress } from "./objects.ts";

/** One route of the pod network: traffic to `destinationCIDR` goes to `targetNode`. */
export interface Route {
  /** The cloud's name; ignored on create. */
  readonly name: string;
  /** Node name; empty when the route points at no node we know. */
  readonly targetNode: string;
  /** The node's addresses, when the cloud wants them; undefined otherwise. */
  readonly targetNodeAddresses?: readonly NodeAddress[];
  readonly destinationCIDR: string;
  /** Whether the cloud reports that the route leads nowhere. */
  readonly blackhole: boolean;
}

/**
 * Routes of the pod network. All methods are idempotent and reject with a CloudError and nothing else; when `signal`
 * aborts, with code `Aborted`.
 */
export interface Routes {
  /** Every route of the cluster; routes that are not ours may be among them, callers filter by CIDR. */
  listRoutes(clusterName: string, signal: AbortSignal): Promise<readonly Route[]>;

  /**
   * Creates a route, or leaves an equal one as it is. Called concurrently.
   *
   * @param nameHint - the node's uid; a cloud may use it in the name.
   */
  createRoute(clusterName: string, nameHint: string, route: Route, signal: AbortSignal): Promise<void>;

  /** Deletes an element of {@link listRoutes}' answer; resolves when it is gone already. */
  deleteRoute(clusterName: string, route: Route, signal: AbortSignal): Promise<void>;
}
