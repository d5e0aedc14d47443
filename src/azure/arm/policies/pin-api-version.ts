import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { apiVersionOf } from "../api-versions.ts";

/**
 * Sends the version of our table in place of the one that is baked into the SDK. It stands outside of polling: the URLs
 * that ARM gives for polls carry versions of their own.
 */
export function pinApiVersion(): PipelinePolicy {
  return {
    name: "pinApiVersion",
    sendRequest(request, next) {
      const url = new URL(request.url);
      const version = apiVersionOf(url.pathname);
      if (version !== undefined && url.searchParams.get("api-version") !== version) {
        url.searchParams.set("api-version", version);
        request.url = url.href;
      }
      return next(request);
    },
  };
}
