import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { ArmFailure } from "../failure.ts";

/**
 * Refuses to send anything, a token least of all, to a host that is not ARM. Polls and pages go to whatever URL an answer
 * names: that may be the host we called, or an https subdomain of it (real answers name `{region}.management.azure.com`).
 */
export function guardHost(endpoint: string): PipelinePolicy {
  const home = new URL(endpoint);
  return {
    name: "guardHost",
    sendRequest(request, next) {
      const url = new URL(request.url, home);
      if (!isHome(url, home)) {
        const message = `refusing to send a request to ${url.origin}, which is neither ${home.origin} nor a part of it`;
        throw new ArmFailure({ kind: "unsent", why: "host", retryAfterMs: undefined }, message);
      }
      request.url = url.href;
      return next(request);
    },
  };
}

function isHome(url: URL, home: URL): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (url.origin === home.origin) return true;
  return url.protocol === "https:" && url.port === home.port && url.hostname.endsWith(`.${home.hostname}`);
}
