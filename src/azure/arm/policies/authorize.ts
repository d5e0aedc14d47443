import type { TokenCredential } from "@azure/core-auth";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { ArmFailure } from "../failure.ts";

/**
 * Attaches the token on plain http, which the SDK's own policy refuses. Only for an ARM on this machine.
 *
 * @param scope - the token's audience with `/.default`.
 */
export function loopbackToken(credential: TokenCredential, scope: string): PipelinePolicy {
  return {
    name: "loopbackToken",
    async sendRequest(request, next) {
      const token = await credential.getToken(scope);
      if (token !== null) request.headers.set("authorization", `Bearer ${token.token}`);
      return next(request);
    },
  };
}

/**
 * A credential whose failures are told apart from ARM's, and whose refresh survives the caller that started it: the SDK
 * shares one refresh among all requests, and would cancel it for all when the first one is aborted.
 */
export function sharedCredential(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes, options) {
      const { abortSignal: _, ...rest } = options ?? {};
      try {
        return await credential.getToken(scopes, rest);
      } catch (caught) {
        const message = `no token for Azure: ${caught instanceof Error ? caught.message : String(caught)}`;
        // Not as its cause: the library's errors hold requests, and with them what proves who we are.
        throw new ArmFailure({ kind: "unsent", why: "token", retryAfterMs: undefined }, message);
      }
    },
  };
}
