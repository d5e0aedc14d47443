import type { Clock } from "../../base/clock.ts";
import { formatGroupId, idKey } from "../arm/resource-id.ts";
import { type ClusterNode, labelledGroup } from "./cluster-node.ts";
import { couldHold, instanceMachine, isUniform, type Machine, nodeNameOf, singleMachine } from "./machine.ts";
import { machineId, parseProviderId, scaleSetIdOf } from "./provider-id.ts";
import { type Freshness, listed, type MachineSource } from "./source.ts";

/** What a {@link Directory} needs. */
export interface DirectoryOptions {
  readonly arm: MachineSource;
  readonly clock: Clock;
  readonly subscriptionId: string;
  /** The cluster's resource group. */
  readonly resourceGroup: string;
  /** There are nodes in uniform scale sets: false for `vmType` standard and vmssflex. */
  readonly uniform: boolean;
  /** There are nodes on machines of their own: false for `disableAvailabilitySetNodes` without flexible sets. */
  readonly single: boolean;
}

/** How long a look-up in vain keeps from asking ARM again for the same node, milliseconds. */
const MISS_MS = 30_000;

/** One node to be found: by the id of its machine, or by name in a group when it has no usable provider id. */
interface Wanted {
  readonly node: string;
  readonly machineKey: string | undefined;
  /** Where the machine is listed: its scale set or its group. */
  readonly scope: string;
  readonly kind: "instance" | "single" | "by name";
}

/**
 * Finds the machines of nodes. It reads lists, never single machines: a thousand nodes in three scale sets cost three
 * lists when nothing is known, and nothing when the inventory is fresh.
 */
export class Directory {
  readonly #options: DirectoryOptions;
  /** Nodes that were looked up in vain in fresh lists, and when. */
  readonly #misses = new Map<string, number>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** Id of the cluster's resource group: where machines are listed. */
  get group(): string {
    return formatGroupId(this.#options.subscriptionId, this.#options.resourceGroup);
  }

  /**
   * The machine of each node, by node name. A node whose machine is not found is left out: the last look was then at
   * a list that began after the call, or within half a minute before it.
   *
   * @throws when a list could not be read: a partial answer would make machines look gone.
   */
  async locate(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<ReadonlyMap<string, Machine>> {
    const wanted = nodes.map((node) => this.#wanted(node));
    const found = new Map(await this.#find(wanted, "known", signal));
    const missing = wanted.filter((each) => !found.has(each.node) && this.#isDue(each));
    for (const [node, machine] of await this.#find(missing, "fresh", signal)) found.set(node, machine);
    this.#remember(missing, found);
    return found;
  }

  #wanted(node: ClusterNode): Wanted {
    const { name } = node.metadata;
    const address = node.spec.providerID === undefined ? undefined : parseProviderId(node.spec.providerID);
    if (address === undefined) {
      const group = labelledGroup(node) ?? this.#options.resourceGroup;
      const scope = formatGroupId(this.#options.subscriptionId, group);
      return { node: name, machineKey: undefined, scope, kind: "by name" };
    }
    const scope =
      address.kind === "instance"
        ? scaleSetIdOf(address)
        : formatGroupId(address.subscriptionId, address.resourceGroup);
    return { node: name, machineKey: idKey(machineId(address)), scope, kind: address.kind };
  }

  #isDue({ node, machineKey }: Wanted): boolean {
    const before = this.#misses.get(machineKey ?? node);
    return before === undefined || this.#options.clock.now() - before >= MISS_MS;
  }

  #remember(missing: readonly Wanted[], found: ReadonlyMap<string, Machine>): void {
    const now = this.#options.clock.now();
    for (const [key, at] of this.#misses) if (now - at >= MISS_MS) this.#misses.delete(key);
    for (const { node, machineKey } of missing) if (!found.has(node)) this.#misses.set(machineKey ?? node, now);
  }

  async #find(wanted: readonly Wanted[], freshness: Freshness, signal: AbortSignal): Promise<readonly Found[]> {
    const scopes = [...Map.groupBy(wanted, ({ kind, scope }) => `${kind} ${idKey(scope)}`).values()];
    const perScope = scopes.map(async (group) => {
      const { kind, scope } = group[0]!;
      if (kind === "by name") return await this.#findByName(group, { scope, freshness }, signal);
      const machines = await (kind === "instance"
        ? this.instances(scope, freshness, signal)
        : this.singles(scope, freshness, signal));
      return byKey(group, machines);
    });
    return (await Promise.all(perScope)).flat();
  }

  async #findByName(
    wanted: readonly Wanted[],
    { scope, freshness }: { readonly scope: string; readonly freshness: Freshness },
    signal: AbortSignal,
  ): Promise<readonly Found[]> {
    const { arm, uniform, single } = this.#options;
    const singles = single ? byName(wanted, await this.singles(scope, freshness, signal)) : [];
    const known = new Set(singles.map(([node]) => node));
    const rest = wanted.filter(({ node }) => !known.has(node));
    if (!uniform || rest.length === 0) return singles;
    const scaleSets = await listed(arm, { type: "virtualMachineScaleSets", scope, freshness }, signal);
    const candidates = scaleSets.filter((set) => isUniform(set) && rest.some(({ node }) => couldHold(set, node)));
    const instances = await Promise.all(candidates.map(({ id = "" }) => this.instances(id, freshness, signal)));
    return [...singles, ...byName(rest, instances.flat())];
  }

  /** The instances of a uniform scale set. */
  async instances(scope: string, freshness: Freshness, signal: AbortSignal): Promise<readonly Machine[]> {
    const models = await listed(this.#options.arm, { type: "virtualMachineScaleSetVMs", scope, freshness }, signal);
    return models.flatMap((model) => instanceMachine(model) ?? []);
  }

  /** The machines of their own in a resource group. */
  async singles(scope: string, freshness: Freshness, signal: AbortSignal): Promise<readonly Machine[]> {
    const models = await listed(this.#options.arm, { type: "virtualMachines", scope, freshness }, signal);
    return models.flatMap((model) => singleMachine(model) ?? []);
  }
}

type Found = readonly [node: string, machine: Machine];

function byKey(wanted: readonly Wanted[], machines: readonly Machine[]): readonly Found[] {
  const index = new Map(machines.map((machine) => [idKey(machine.id), machine]));
  return wanted.flatMap(({ node, machineKey }) => {
    const machine = index.get(machineKey ?? "");
    return machine === undefined ? [] : [[node, machine] as const];
  });
}

function byName(wanted: readonly Wanted[], machines: readonly Machine[]): readonly Found[] {
  const index = new Map(machines.map((machine) => [nodeNameOf(machine), machine]));
  return wanted.flatMap(({ node }) => {
    const machine = index.get(node.toLowerCase());
    return machine === undefined ? [] : [[node, machine] as const];
  });
}
