import type { CloudProvider } from "./cloud.ts";
import { CloudError } from "./errors.ts";

/** Makes a provider from its options; whatever it throws reaches the caller of {@link Registry.create}. */
export type ProviderFactory<Options> = (options: Options) => CloudProvider | Promise<CloudProvider>;

/** The providers that a program offers, by name. */
export interface Registry<Options> {
  /**
   * Adds a provider.
   * @throws CloudError `AlreadyExists` when the name is taken, `InvalidArgument` when it is empty or `external`.
   */
  register(name: string, factory: ProviderFactory<Options>): void;
  /** Names of the providers, sorted. */
  names(): readonly string[];
  /**
   * Makes the provider of that name.
   *
   * @returns undefined for the empty name (no cloud) and for `external` (another program looks after the cloud).
   * @throws CloudError `InvalidArgument` for an unknown name; when the factory fails, an error with its code.
   */
  create(name: string, options: Options): Promise<CloudProvider | undefined>;
}

/** What `--cloud-provider` says when another program looks after the cloud. */
export const EXTERNAL = "external";

/** An empty registry. Each program makes its own: nothing registers itself on import. */
export function createRegistry<Options = void>(): Registry<Options> {
  const factories = new Map<string, ProviderFactory<Options>>();
  return {
    register: (name, factory) => {
      if (name === "" || name === EXTERNAL) {
        throw new CloudError("InvalidArgument", `a cloud provider cannot be named ${JSON.stringify(name)}`);
      }
      if (factories.has(name)) throw new CloudError("AlreadyExists", `cloud provider "${name}" was registered twice`);
      factories.set(name, factory);
    },
    names: () => [...factories.keys()].toSorted(),
    create: async (name, options) => {
      if (name === "" || name === EXTERNAL) return undefined;
      const factory = factories.get(name);
      if (factory === undefined) throw new CloudError("InvalidArgument", `unknown cloud provider "${name}"`);
      try {
        return await factory(options);
      } catch (reason) {
        throw within(`could not init cloud provider "${name}"`, reason);
      }
    },
  };
}

/**
 * `<provider name>://<instance id>` of a node: what `spec.providerID` shall be.
 *
 * @throws CloudError `NotImplemented` when the cloud offers no Instances, `NotFound` when there is no such machine.
 */
export async function instanceProviderId(cloud: CloudProvider, nodeName: string, signal: AbortSignal): Promise<string> {
  if (cloud.instances === undefined) {
    throw new CloudError("NotImplemented", "failed to get instances from cloud provider");
  }
  try {
    return `${cloud.name}://${await cloud.instances.instanceIdByName(nodeName, signal)}`;
  } catch (reason) {
    const error = CloudError.from(reason, "failed to get instance ID from cloud provider");
    if (error !== reason || error.code === "NotFound" || error.code === "NotImplemented") throw error;
    throw within("failed to get instance ID from cloud provider", error);
  }
}

function within(doing: string, reason: unknown): CloudError {
  return reason instanceof CloudError ? reason.within(doing) : CloudError.from(reason, doing);
}
