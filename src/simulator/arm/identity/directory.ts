import type { Derive } from "../derive.ts";

/** A secret of an application. */
export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since the epoch; for good when absent. */
  readonly expiresMs?: number;
}

/** Whose tokens an application accepts in place of a secret. */
export interface FederatedCredential {
  readonly issuer: string;
  /** `system:serviceaccount:kube-system:cloud-controller-manager` */
  readonly subject: string;
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string;
}

/** An application registration (service principal). */
export interface Application {
  readonly clientId: string;
  readonly secrets?: readonly ClientSecret[];
  /** PEM of the certificates whose keys may sign assertions. */
  readonly certificates?: readonly string[];
  readonly federated?: readonly FederatedCredential[];
}

/** A managed identity that the machines have. */
export interface ManagedIdentity {
  readonly clientId: string;
  readonly objectId: string;
  /** ARM id of a user-assigned one; absent for the system-assigned one, which is used when a request names none. */
  readonly resourceId?: string;
}

/** Who a token was given to. */
export interface Principal {
  /** Client id. */
  readonly appId: string;
  readonly objectId: string;
}

/** Applications and managed identities that exist. */
export class Directory {
  readonly #derive: Derive;
  readonly #applications = new Map<string, Application>();
  readonly #managed: ManagedIdentity[] = [];

  constructor(derive: Derive) {
    this.#derive = derive;
  }

  /** Adds an application, or replaces the one with this client id: that is how a secret is rotated. */
  register(application: Application): void {
    this.#applications.set(application.clientId.toLowerCase(), application);
  }

  /** Adds a managed identity, or replaces the one with this client id. */
  assign(identity: ManagedIdentity): void {
    this.unassign(identity.clientId);
    this.#managed.push(identity);
  }

  /** Takes a managed identity away. */
  unassign(clientId: string): void {
    const index = this.#managed.findIndex((identity) => identity.clientId.toLowerCase() === clientId.toLowerCase());
    if (index >= 0) this.#managed.splice(index, 1);
  }

  /** Client ids of all applications, in the order they were registered first. */
  applications(): readonly string[] {
    return [...this.#applications.values()].map(({ clientId }) => clientId);
  }

  /** The machines' identities, in the order they were assigned. */
  assigned(): readonly ManagedIdentity[] {
    return [...this.#managed];
  }

  application(clientId: string): Application | undefined {
    return this.#applications.get(clientId.toLowerCase());
  }

  /** Object id of an application's service principal. */
  principalOf({ clientId }: Application): Principal {
    return { appId: clientId, objectId: this.#derive.guid("service principal", clientId.toLowerCase()) };
  }

  /** The identity that a request to the machine's endpoint means; the system-assigned or only one when it names none. */
  managed(query: ReadonlyMap<string, string>): ManagedIdentity | undefined {
    const named = [
      ["client_id", "clientId"],
      ["object_id", "objectId"],
      ["msi_res_id", "resourceId"],
      ["mi_res_id", "resourceId"],
    ] as const;
    for (const [parameter, member] of named) {
      const wanted = query.get(parameter)?.toLowerCase();
      if (wanted !== undefined) return this.#managed.find((identity) => identity[member]?.toLowerCase() === wanted);
    }
    const system = this.#managed.find(({ resourceId }) => resourceId === undefined);
    return system ?? (this.#managed.length === 1 ? this.#managed[0] : undefined);
  }
}
