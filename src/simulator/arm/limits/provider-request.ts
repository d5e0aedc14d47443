import type { Route } from "../route.ts";

/** A request that reached a resource provider. */
export interface ProviderRequest {
  readonly method: string;
  readonly route: Route;
  /** Region of the resource, lower case; empty when it is not known. */
  readonly region: string;
  /** Whether a resource of that id is there already: a PUT then updates. */
  readonly exists: boolean;
  /** Id of the resource that a polled operation is about. */
  readonly polled: string | undefined;
}
