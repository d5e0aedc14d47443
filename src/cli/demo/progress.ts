import type { ResourceEvent } from "../../azure/index.ts";

/** How resource types are called in progress lines. */
const TITLES: Readonly<Record<string, string>> = {
  loadBalancers: "load balancer",
  publicIPAddresses: "public IP",
  networkSecurityGroups: "security group",
  networkInterfaces: "network interface",
  virtualMachineScaleSets: "scale set",
  virtualMachineScaleSetVMs: "scale set instance",
};

const VERBS = { put: { doing: "writing", done: "confirmed" }, remove: { doing: "deleting", done: "deleted" } } as const;

/** Longest list of riders that a line spells out. */
const RIDERS_SHOWN = 3;

/**
 * One line about what the engine does: what is written, for whom, how it ended and how long it took.
 *
 * @returns undefined for what is not worth a line.
 */
export function progressLine({ type, id, event }: ResourceEvent): string | undefined {
  const news = newsOf(event);
  return news === undefined ? undefined : `${(TITLES[type] ?? type).padEnd(20)}${nameIn(id)}  ${news}`;
}

function newsOf(event: ResourceEvent["event"]): string | undefined {
  switch (event.kind) {
    case "writing":
      return `${VERBS[event.verb].doing} for ${ridersOf(event.riders)}`;
    case "confirmed":
      return `${VERBS[event.verb].done} after ${seconds(event.ms)}`;
    case "failed":
      return `${event.failure.outcome}: ${event.failure.error.message}`;
    case "waiting":
      return event.ms === 0 ? undefined : `waits ${seconds(event.ms)}: ${event.because}`;
    case "parked":
      return `waits for ${nameIn(event.resourceId)}`;
    case "split":
      return "refused as a whole, tried in parts";
    case "unchanged":
    case "rejected":
      return undefined;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function ridersOf(riders: readonly string[]): string {
  const shown = riders.slice(0, RIDERS_SHOWN).join(", ");
  const more = riders.length - RIDERS_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function nameIn(id: string): string {
  const parts = id.split("/");
  const instance = /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/([^/]+)$/i.exec(id);
  return instance === null ? (parts.at(-1) ?? id) : `${instance[1]}/${instance[2]}`;
}
