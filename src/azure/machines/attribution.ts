import type { ClusterNode } from "./cluster-node.ts";
import type { InstanceAddress, MachineAddress } from "./provider-id.ts";
import { machineId, parseProviderId, scaleSetIdOf } from "./provider-id.ts";

/** Machines that are remembered at most; the ones longest not seen as nodes are forgotten first. */
const REMEMBERED = 20_000;

/**
 * Which machines are the cluster's: those that are nodes, that were nodes since this process began, and every instance of
 * a scale set that holds such a one. Anything else in a pool was put there by somebody else and is not ours to take out.
 */
export class Attribution {
  readonly #machines = new Set<string>();
  readonly #scaleSets = new Set<string>();

  /** Takes note of nodes. Costs nothing in ARM: those without a provider id are known to no balancer yet. */
  remember(nodes: readonly ClusterNode[]): void {
    for (const node of nodes) {
      const address = parseProviderId(node.spec.providerID ?? "");
      if (address !== undefined) this.#note(address);
    }
  }

  /** Whether the machine with this comparable id is one of the cluster's. */
  isOurs(machineKey: string): boolean {
    return this.#machines.has(machineKey) || this.#scaleSets.has(scaleSetKey(machineKey));
  }

  #note(address: MachineAddress): void {
    if (address.kind === "instance") {
      this.#scaleSets.add(keyOfSet(address));
      return;
    }
    const key = machineId(address).toLowerCase();
    this.#machines.delete(key); // so that it becomes the newest
    this.#machines.add(key);
    const [oldest] = this.#machines;
    if (this.#machines.size > REMEMBERED && oldest !== undefined) this.#machines.delete(oldest);
  }
}

const keyOfSet = (address: InstanceAddress): string => scaleSetIdOf(address).toLowerCase();

function scaleSetKey(machineKey: string): string {
  return machineKey.replace(/\/virtualmachines\/[^/]+$/, "");
}
