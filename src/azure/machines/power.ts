/** What ARM says about a machine's state, as an instance of a scale set and a machine of its own both carry it. */
export interface MachineState {
  readonly provisioningState?: string;
  readonly instanceView?: { readonly statuses?: readonly { readonly code?: string }[] };
}

const NOT_RUNNING = new Set(["unknown", "stopped", "stopping", "deallocated", "deallocating"]);
const POWER = /^PowerState\/(.+)$/i;

/** Whether a machine is on its way out; `Unknown` is what ARM shows for one that is nearly gone. */
export function isBeingDeleted({ provisioningState }: MachineState): boolean {
  return /^(deleting|unknown)$/i.test(provisioningState ?? "");
}

/**
 * Whether a machine is known not to run. A list without instance views says nothing about power, and nothing is assumed
 * then; an instance view without a power state is what a machine shows while it is being torn down.
 */
export function isPoweredOff({ instanceView }: MachineState): boolean {
  if (instanceView?.statuses === undefined) return false;
  const codes = instanceView.statuses.map(({ code }) => POWER.exec(code ?? "")?.[1]?.toLowerCase());
  const state = codes.find((code) => code !== undefined) ?? "unknown";
  return NOT_RUNNING.has(state);
}
