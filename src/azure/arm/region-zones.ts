import type { HttpClient, Pipeline } from "@azure/core-rest-pipeline";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { CallScope } from "./call-scope.ts";
import { toCloudError } from "./errors.ts";

/** The way to ARM's own routes, for which the SDK clients have no operation. */
export interface RawArm {
  readonly endpoint: string;
  readonly pipeline: Pipeline;
  readonly scope: CallScope;
  readonly httpClient: HttpClient | undefined;
}

/** Version of the subscriptions API that lists locations with their zones. */
const API_VERSION = "2022-12-01";

interface Location {
  readonly name?: string;
  readonly availabilityZoneMappings?: readonly { readonly logicalZone?: string }[];
}

/**
 * The availability zones of a region as this subscription numbers them, such as `["1","2","3"]`; empty when it has none.
 *
 * @throws CloudError when ARM does not know the region or could not be asked.
 */
export async function readZones(
  { endpoint, pipeline, scope, ...arm }: RawArm,
  { subscriptionId, location }: { readonly subscriptionId: string; readonly location: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const sdk = await import("@azure/core-rest-pipeline");
  const url = new URL(`/subscriptions/${subscriptionId}/locations?api-version=${API_VERSION}`, endpoint);
  const httpClient = arm.httpClient ?? sdk.createDefaultHttpClient();
  const allowInsecureConnection = url.protocol === "http:";
  const request = sdk.createPipelineRequest({ url: url.href, method: "GET", allowInsecureConnection });
  try {
    return await scope.run({ signal, lane: "refresh" }, async ({ bodies }) => {
      await pipeline.sendRequest(httpClient, request);
      return zonesIn(bodies[0] as { readonly value?: readonly Location[] }, location);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw toCloudError(error, `reading the zones of ${location}`);
  }
}

function zonesIn({ value = [] }: { readonly value?: readonly Location[] }, location: string): readonly string[] {
  const found = value.find(({ name }) => name?.toLowerCase() === location.toLowerCase());
  if (found === undefined) {
    throw new CloudError(
      "InvalidArgument",
      `location: got ${JSON.stringify(location)}, want a region of the subscription`,
    );
  }
  const zones = (found.availabilityZoneMappings ?? []).flatMap(({ logicalZone }) => logicalZone ?? []);
  return zones.toSorted();
}
