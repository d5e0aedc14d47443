import type { Service } from "../../cloudprovider/index.ts";
import type { Connection } from "./connection.ts";
import { type Patch, STRATEGIC_MERGE } from "./patches.ts";

/** All that a controller may write to a Service: its finalizers and its status. */
export interface ServiceWriter {
  /**
   * Sends a patch to the status subresource, which takes finalizers too. No resource version is sent: the patch holds
   * only what is ours, so whatever others wrote meanwhile stays.
   *
   * @throws ApiError with status 404 when the Service is gone.
   */
  patchStatus(service: Service, patch: Patch, signal: AbortSignal): Promise<void>;
}

/** Writes through the API server. */
export function serviceWriter(connection: Connection): ServiceWriter {
  return {
    patchStatus: async ({ metadata: { namespace = "default", name } }, body, signal) => {
      const path = `/api/v1/namespaces/${namespace}/services/${name}/status`;
      await connection.call({ method: "PATCH", path, body, contentType: STRATEGIC_MERGE }, signal);
    },
  };
}
