import { z } from "zod";
import { flag, type Key, secretText, text } from "../key.ts";

const vaultText = z.string({ error: "text" });

const vaultSecret = z.object(
  { subscriptionID: vaultText, resourceGroup: vaultText, vaultName: vaultText, secretName: vaultText },
  { error: "an object with subscriptionID, resourceGroup, vaultName and secretName" },
);

/**
 * Keys that say who we are. The first that matches is used: workload identity, managed identity, client secret, client
 * certificate, data-plane identity file.
 */
export const CREDENTIAL_KEYS = {
  aadClientId: text({
    doc: "Application (client) id, for client secret, client certificate and workload identity. `AZURE_CLIENT_ID` in the environment wins.",
  }),
  aadClientSecret: secretText({
    doc: "Secret of the application. `AZURE_CLIENT_SECRET` in the environment wins. Better: workload identity, which has no secret.",
  }),
  aadClientCertPath: text({ doc: "PEM file with the application's certificate and its RSA key." }),
  aadClientCertPassword: secretText({
    doc: "Password of the certificate file.",
    inert: "the file must be PEM with an unencrypted key",
  }),
  useManagedIdentityExtension: flag({ doc: "Use the managed identity of the machine." }),
  userAssignedIdentityID: text({
    doc: "Which managed identity: a client id, or a resource id if it contains /subscriptions/.",
    shown: "the system-assigned identity",
  }),
  useFederatedWorkloadIdentityExtension: flag({
    doc: "Use workload identity: a projected service account token. On by itself when `AZURE_FEDERATED_TOKEN_FILE` is in the environment.",
  }),
  aadFederatedTokenFile: text({
    doc: "The projected service account token. `AZURE_FEDERATED_TOKEN_FILE` in the environment wins.",
  }),
  aadMSIDataPlaneIdentityPath: text({ doc: "Credential file of the managed-identity data plane." }),
  auxiliaryTokenProvider: {
    doc: "Key Vault secret with a token for the network tenant: only for a managed identity with `networkResourceTenantID`.",
    accepts: "an object with subscriptionID, resourceGroup, vaultName and secretName",
    schema: vaultSecret.exactOptional(),
    fields: ["subscriptionID", "resourceGroup", "vaultName", "secretName"],
  },
} as const satisfies Readonly<Record<string, Key>>;
