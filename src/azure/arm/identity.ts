import { CloudError } from "../../cloudprovider/errors.ts";

/** The part of azure.json that says who we are, in the names it has there; environment variables are already applied. */
export interface CredentialSettings {
  readonly tenantId?: string | undefined;
  readonly aadClientId?: string | undefined;
  readonly aadClientSecret?: string | undefined;
  readonly aadClientCertPath?: string | undefined;
  readonly useManagedIdentityExtension: boolean;
  /** A client id, or a resource id if it contains `/subscriptions/`; the machine's own identity when empty. */
  readonly userAssignedIdentityID?: string | undefined;
  readonly useFederatedWorkloadIdentityExtension: boolean;
  readonly aadFederatedTokenFile?: string | undefined;
}

/** Who we are, with all that is needed to prove it. */
export type Identity =
  | { readonly kind: "workload"; readonly tenantId: string; readonly clientId: string; readonly tokenFilePath: string }
  | {
      readonly kind: "managed";
      readonly which: { readonly clientId: string } | { readonly resourceId: string } | undefined;
    }
  | { readonly kind: "secret"; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  | { readonly kind: "certificate"; readonly tenantId: string; readonly clientId: string; readonly path: string };

/**
 * Picks the identity: workload identity, managed identity, client secret, client certificate; the first that is configured.
 *
 * @throws {@link CloudError} `InvalidArgument` when that one lacks something, or when there is none.
 */
export function chooseIdentity(settings: CredentialSettings): Identity {
  if (settings.useFederatedWorkloadIdentityExtension) return workload(settings);
  if (settings.useManagedIdentityExtension) return { kind: "managed", which: whichManaged(settings) };
  if (filled(settings.aadClientSecret)) {
    return { kind: "secret", ...application(settings), secret: settings.aadClientSecret };
  }
  if (filled(settings.aadClientCertPath)) {
    return { kind: "certificate", ...application(settings), path: settings.aadClientCertPath };
  }
  throw invalid("no credentials provided for Azure cloud provider");
}

function workload(settings: CredentialSettings): Identity {
  const { aadFederatedTokenFile } = settings;
  if (!filled(settings.aadClientId)) {
    throw invalid("no client ID specified. Check pod configuration or set aadClientId in azure.json");
  }
  if (!filled(aadFederatedTokenFile)) {
    throw invalid("no token file specified. Check pod configuration or set aadFederatedTokenFile in azure.json");
  }
  return { kind: "workload", ...application(settings), tokenFilePath: aadFederatedTokenFile };
}

function whichManaged({ userAssignedIdentityID: id }: CredentialSettings) {
  if (!filled(id)) return undefined;
  return id.toLowerCase().includes("/subscriptions/") ? { resourceId: id } : { clientId: id };
}

/** What the identity library takes as a tenant: a guid or a domain name. */
const TENANT = /^[A-Za-z0-9.-]+$/;

function application({ tenantId, aadClientId }: CredentialSettings): {
  readonly tenantId: string;
  readonly clientId: string;
} {
  if (!filled(tenantId) || !TENANT.test(tenantId)) {
    throw invalid(`invalid tenantID ${JSON.stringify(tenantId ?? "")}: want the guid or a domain name of the tenant`);
  }
  if (!filled(aadClientId)) throw invalid("no client ID specified: set aadClientId in azure.json");
  return { tenantId, clientId: aadClientId };
}

function filled(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidArgument", message);
}
