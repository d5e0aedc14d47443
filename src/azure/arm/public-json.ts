/** How {@link fetchPublicJson} reaches the host. */
export interface PublicJsonOptions {
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: string;
}

/** Longest that one answer may take, milliseconds. */
const DEADLINE_MS = 30_000;

/**
 * Reads a document that everybody may read, such as the metadata of an ARM endpoint: no token is sent. Goes the way that
 * all requests to ARM go, through `HTTPS_PROXY` if it is set.
 *
 * @throws Error when there is no answer within 30 seconds, none below 300, or none that is JSON.
 */
export async function fetchPublicJson(url: string, { ca }: PublicJsonOptions, signal: AbortSignal): Promise<unknown> {
  const sdk = await import("@azure/core-rest-pipeline");
  const pipeline = sdk.createEmptyPipeline();
  pipeline.addPolicy(sdk.proxyPolicy());
  pipeline.addPolicy(sdk.decompressResponsePolicy());
  if (ca !== undefined) pipeline.addPolicy(sdk.tlsPolicy({ ca }));
  const request = sdk.createPipelineRequest({
    url,
    abortSignal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    allowInsecureConnection: url.startsWith("http:"),
  });
  const { status, bodyAsText } = await pipeline.sendRequest(sdk.createDefaultHttpClient(), request);
  if (status >= 300) throw new Error(`answered ${status}`);
  return parsed(bodyAsText ?? "");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`answered something that is not JSON: ${JSON.stringify(text.slice(0, 60))}`);
  }
}
