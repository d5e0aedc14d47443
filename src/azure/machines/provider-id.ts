/** An instance of a uniform scale set. */
export interface InstanceAddress {
  readonly kind: "instance";
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly scaleSet: string;
  /** Decimal digits. */
  readonly instanceId: string;
}

/** A machine of its own: standalone, in an availability set, or in a flexible scale set. */
export interface SingleAddress {
  readonly kind: "single";
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** Which machine a provider id names. */
export type MachineAddress = InstanceAddress | SingleAddress;

const SCHEME = "azure://";
const MACHINE =
  /^azure:\/\/\/subscriptions\/(?<subscriptionId>[^/]+)\/resourceGroups\/(?<group>[^/]+)\/providers\/Microsoft\.Compute\/(?:virtualMachineScaleSets\/(?<scaleSet>[^/]+)\/)?virtualMachines\/(?<name>[^/]+)$/i;

/**
 * Takes `spec.providerID` of a Node apart; undefined for anything that names no Azure machine.
 *
 * Letter case of the fixed parts is ignored. (The original does not ignore it and takes such a node for one that is not
 * Azure's, so that it is never removed.) An instance may be written with its name, `pool-vmss_1` for `1`, as old
 * clusters have it.
 */
export function parseProviderId(text: string): MachineAddress | undefined {
  const { subscriptionId, group, scaleSet, name } = MACHINE.exec(text)?.groups ?? {};
  if (subscriptionId === undefined || group === undefined || name === undefined) return undefined;
  const resourceGroup = group.toLowerCase();
  if (scaleSet === undefined) return { kind: "single", subscriptionId, resourceGroup, name };
  const instanceId = instanceIdOf(scaleSet, name);
  return instanceId === undefined
    ? undefined
    : { kind: "instance", subscriptionId, resourceGroup, scaleSet, instanceId };
}

/** Writes the provider id of a machine: ARM's spelling, and the resource group in lower case. */
export function formatProviderId(address: MachineAddress): string {
  return `${SCHEME}${machineId({ ...address, resourceGroup: address.resourceGroup.toLowerCase() })}`;
}

/** The ARM id of a machine. */
export function machineId(address: MachineAddress): string {
  const group = `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}`;
  const compute = `${group}/providers/Microsoft.Compute`;
  return address.kind === "instance"
    ? `${compute}/virtualMachineScaleSets/${address.scaleSet}/virtualMachines/${address.instanceId}`
    : `${compute}/virtualMachines/${address.name}`;
}

/** The ARM id of the scale set that an instance belongs to. */
export function scaleSetIdOf({ subscriptionId, resourceGroup, scaleSet }: InstanceAddress): string {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${scaleSet}`;
}

/**
 * The provider id of what an ARM id names: the id as ARM wrote it, but for the resource group, which is put in lower
 * case. Undefined when it is no id of something in a resource group.
 */
export function providerIdOf(armId: string): string | undefined {
  const [, before, group, after] =
    /^(\/subscriptions\/[^/]+\/resourceGroups\/)([^/]+)(\/providers\/.+)$/i.exec(armId) ?? [];
  return group === undefined ? undefined : `${SCHEME}${before}${group.toLowerCase()}${after}`;
}

/** The machine that an ARM id names. */
export function machineAddressOf(armId: string): MachineAddress | undefined {
  return parseProviderId(`${SCHEME}${armId}`);
}

function instanceIdOf(scaleSet: string, segment: string): string | undefined {
  const named = segment.toLowerCase().startsWith(scaleSet.toLowerCase());
  const id = named ? segment.slice(segment.lastIndexOf("_") + 1) : segment;
  return /^\d+$/.test(id) ? id : undefined;
}
