import { gravest, type Plan, type PlannedResource, type Risk } from "./plan.ts";

/** Events that Services get in observe mode. */
export const DRIFT_EVENTS = {
  LoadBalancerDrift: {
    type: "Warning",
    message: "Azure is not as the Service asks: {changes}. Nothing is written in observe mode.",
  },
  LoadBalancerInSync: { type: "Normal", message: "Azure is as the Service asks." },
} as const;

/** How far ARM is from what one Service asks for. */
export interface Drift {
  /** Fields that would change, a removal counted as one. */
  readonly changes: number;
  /** What would change, for people; equal for equal drift. */
  readonly text: string;
}

/** How far ARM is from what the cluster asks for. */
export interface DriftSummary {
  /** Services for which something would change. */
  readonly services: number;
  /** Fields that would change for Services. */
  readonly serviceChanges: number;
  /** Fields that would change because of the nodes. */
  readonly nodeChanges: number;
}

/** What a plan would change for a Service, or for the nodes. */
export function driftOf({ resources }: Plan, group: string): Drift {
  const concerned = resources
    .map((resource) => ({ resource, risks: risksFor(resource, group) }))
    .filter(({ risks }) => risks.length > 0);
  const changes = concerned.reduce((sum, { risks }) => sum + risks.length, 0);
  return { changes, text: concerned.map(({ resource, risks }) => part(resource, risks)).join(", ") };
}

function risksFor({ verb, risk, fields, for: groups }: PlannedResource, group: string): readonly Risk[] {
  if (!groups.includes(group)) return [];
  const own = fields.filter((field) => field.for.includes(group)).map((field) => field.risk);
  return own.length === 0 && (verb === "remove" || fields.length === 0) ? [risk] : own;
}

const NOUNS: Readonly<Record<string, string>> = {
  "Microsoft.Network/loadBalancers": "load balancer",
  "Microsoft.Network/publicIPAddresses": "public IP",
  "Microsoft.Network/networkSecurityGroups": "security group",
  "Microsoft.Network/networkInterfaces": "network interface",
};

/** A word for people for an ARM type, such as `load balancer`. */
export function nounOf(type: string): string {
  return NOUNS[type] ?? type.slice(type.indexOf("/") + 1);
}

const EFFECTS: Readonly<Record<Risk, string>> = {
  adds: "",
  changes: "",
  interrupts: ", which interrupts traffic",
  releases: ", which releases the address",
};

function part({ verb, type, name }: PlannedResource, risks: readonly Risk[]): string {
  const effect = EFFECTS[gravest(risks)];
  const noun = `${nounOf(type)} ${name}`;
  if (verb === "create") return `${noun} is missing`;
  if (verb === "remove") return `${noun} should be gone${effect}`;
  return `${noun} would get ${risks.length} ${risks.length === 1 ? "change" : "changes"}${effect}`;
}
