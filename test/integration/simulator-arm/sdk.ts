import { ComputeManagementClient } from "@azure/arm-compute";
import { NetworkManagementClient } from "@azure/arm-network";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { ArmSimulator } from "../../../src/simulator/index.ts";

/** Microsoft's clients, pointed at a simulator. */
export interface SdkClients {
  readonly network: NetworkManagementClient;
  readonly compute: ComputeManagementClient;
}

const credential = { getToken: async () => ({ token: "any", expiresOnTimestamp: Date.now() + 3_600_000 }) };

/** Sets what the bearer policy would, which refuses plain http. */
const bearer: PipelinePolicy = {
  name: "testBearer",
  sendRequest: (request, next) => {
    request.headers.set("authorization", "Bearer any");
    return next(request);
  },
};

/** Poll as fast as the simulator answers. */
export const fast = { updateIntervalInMs: 1 } as const;

/** Clients over plain http. */
export function httpClients({
  endpoint,
  subscriptionId,
}: Pick<ArmSimulator, "endpoint" | "subscriptionId">): SdkClients {
  const options = {
    endpoint,
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: bearer, position: "perCall" as const }],
  };
  const clients = {
    network: new NetworkManagementClient(credential, subscriptionId, options),
    compute: new ComputeManagementClient(credential, subscriptionId, options),
  };
  for (const client of Object.values(clients))
    client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
  return clients;
}

/** Clients over https, with the simulator's own CA and the SDK's own bearer policy. */
export function httpsClients({ httpsEndpoint = "", ca = "", subscriptionId }: ArmSimulator): SdkClients {
  const options = { endpoint: httpsEndpoint, tlsOptions: { ca }, retryOptions: { maxRetries: 0 } };
  return {
    network: new NetworkManagementClient(credential, subscriptionId, options),
    compute: new ComputeManagementClient(credential, subscriptionId, options),
  };
}
