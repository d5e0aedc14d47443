import type { Node, NodeAddress } from "./objects.ts";

/** What the cloud knows of the machine behind a node. An empty string or list means "leave it as it is". */
export interface InstanceMetadata {
  /** `<provider name>://<instance id>`. */
  readonly providerID: string;
  readonly instanceType: string;
  readonly nodeAddresses: readonly NodeAddress[];
  readonly zone: string;
  readonly region: string;
  readonly additionalLabels: Readonly<Record<string, string>>;
}

/**
 * Machines behind nodes (upstream's InstancesV2, and the look-ups by name and by provider id that shims still need).
 *
 * Obligations: "gone" is answered only on definitive evidence, because callers delete nodes on it; a stopped machine
 * exists; any doubt is an error. All methods reject with a CloudError and nothing else; when `signal` aborts, with code
 * `Aborted`.
 */
export interface Instances {
  /** Whether the machine exists, running or not. Looked up by `spec.providerID` first, by name otherwise. */
  instanceExists(node: Node, signal: AbortSignal): Promise<boolean>;

  /** Whether the machine is shut down; false when it is gone. */
  instanceShutdown(node: Node, signal: AbortSignal): Promise<boolean>;

  /**
   * Identity, type, addresses and place of the machine.
   *
   * @returns undefined to skip the node silently and not try again.
   * @throws CloudError `NotFound` when the machine does not exist.
   */
  instanceMetadata(node: Node, signal: AbortSignal): Promise<InstanceMetadata | undefined>;

  /** The instance id, without `<provider>://`. @throws CloudError `NotFound` when there is no such machine. */
  instanceIdByName(nodeName: string, signal: AbortSignal): Promise<string>;

  /** The machine's size, such as `Standard_D4s_v5`. @throws CloudError `NotFound` when there is no such machine. */
  instanceTypeByName(nodeName: string, signal: AbortSignal): Promise<string>;

  /** As {@link instanceTypeByName}, by provider id. */
  instanceTypeByProviderId(providerID: string, signal: AbortSignal): Promise<string>;

  /** Addresses by node name. @throws CloudError `NotFound` when there is no such machine. */
  nodeAddressesByName(nodeName: string, signal: AbortSignal): Promise<readonly NodeAddress[]>;

  /** As {@link nodeAddressesByName}, by provider id; never answered from local metadata. */
  nodeAddressesByProviderId(providerID: string, signal: AbortSignal): Promise<readonly NodeAddress[]>;

  /** As {@link instanceExists}, by provider id. */
  instanceExistsByProviderId(providerID: string, signal: AbortSignal): Promise<boolean>;

  /** As {@link instanceShutdown}, by provider id. */
  instanceShutdownByProviderId(providerID: string, signal: AbortSignal): Promise<boolean>;
}
