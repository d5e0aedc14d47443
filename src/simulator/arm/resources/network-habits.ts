import { NETWORK_VERSIONS } from "../api-versions.ts";
import type { ResourceType } from "../resource-type.ts";

/**
 * What nearly all types of the network provider have in common; a type says only what it does otherwise. A PUT is answered
 * in state Updating and replaces the document, a second one supersedes the first, and the etag changes once more at the end.
 */
export const NETWORK_HABITS = {
  apiVersions: NETWORK_VERSIONS,
  provider: "network",
  envelope: {},
  writableChildren: [],
  computedChildren: [],
  put: "updating",
  etagAtCompletion: "new",
  noop: "succeeded",
  update: "replace",
  overlap: "supersede",
  deleteStatus: 202,
  linksAt: "accept",
} as const satisfies Partial<ResourceType>;
