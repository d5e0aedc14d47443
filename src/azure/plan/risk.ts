import type { ArmTypeName } from "../arm/index.ts";
import { isAboutDeny, keepsOutMore, loses, narrows } from "./access-risk.ts";
import type { Difference } from "./difference.ts";
import type { Reason, Risk } from "./plan.ts";

/** A judgement of one change. */
export type Judgement = Pick<Reason, "risk" | "why">;

/** What a difference is judged by. */
export interface Circumstances {
  readonly type: ArmTypeName;
  /** The whole document before and after, as on the wire. */
  readonly before: unknown;
  readonly after: unknown;
}

type Kind = "add" | "remove" | "change";

/** One row of the table: the first that matches decides. */
interface Row {
  readonly type?: ArmTypeName;
  /** Matches the path without `properties` and names: `loadBalancingRules.frontendPort`. */
  readonly at: RegExp;
  readonly kind?: Kind;
  readonly when?: (difference: Difference, circumstances: Circumstances) => boolean;
  readonly risk: Risk;
  readonly why: string;
}

const balancer = { type: "loadBalancers" } as const;
const group = { type: "networkSecurityGroups" } as const;
const publicIp = { type: "publicIPAddresses" } as const;

const ROWS: readonly Row[] = [
  { ...balancer, at: /^frontendIPConfigurations$/, kind: "add", risk: "adds", why: "where its traffic arrives" },
  {
    ...balancer,
    at: /^frontendIPConfigurations$/,
    kind: "remove",
    risk: "interrupts",
    why: "nothing it serves is asked for any more",
  },
  {
    ...balancer,
    at: /^frontendIPConfigurations\.(publicIPAddress|publicIPAddress\.id|subnet|subnet\.id|privateIPAddress)$/,
    risk: "interrupts",
    why: "the frontend has one address at a time, and another one is asked for",
  },
  { ...balancer, at: /^frontendIPConfigurations\./, risk: "changes", why: "belongs to the address" },
  { ...balancer, at: /^loadBalancingRules$/, kind: "add", risk: "adds", why: "a port that is asked for" },
  {
    ...balancer,
    at: /^loadBalancingRules$/,
    kind: "remove",
    when: isServedOtherwise,
    risk: "changes",
    why: "another rule takes its place",
  },
  {
    ...balancer,
    at: /^loadBalancingRules$/,
    kind: "remove",
    risk: "interrupts",
    why: "a port that nobody asks for any more",
  },
  {
    ...balancer,
    at: /^loadBalancingRules\.(frontendPort|backendPort|protocol|frontendIPConfiguration|backendAddressPool|enableFloatingIP)/,
    risk: "interrupts",
    why: "packets of this rule take another way",
  },
  {
    ...balancer,
    at: /^loadBalancingRules\.disableOutboundSnat/,
    risk: "interrupts",
    why: "the nodes get another way out to the Internet, or none",
  },
  { ...balancer, at: /^loadBalancingRules\./, risk: "changes", why: "as the Service asks" },
  { ...balancer, at: /^probes$/, kind: "add", risk: "adds", why: "tells which nodes can serve" },
  { ...balancer, at: /^probes$/, kind: "remove", risk: "changes", why: "no rule needs it any more" },
  { ...balancer, at: /^probes\./, risk: "changes", why: "nodes are probed as the Service asks" },
  {
    ...balancer,
    at: /^backendAddressPools\.loadBalancerBackendAddresses$/,
    kind: "add",
    risk: "adds",
    why: "the node may receive traffic",
  },
  {
    ...balancer,
    at: /^backendAddressPools\.loadBalancerBackendAddresses$/,
    kind: "remove",
    risk: "changes",
    why: "the node may not receive traffic any more",
  },
  { ...balancer, at: /^backendAddressPools$/, kind: "add", risk: "adds", why: "holds the nodes" },
  {
    ...group,
    at: /^securityRules(\.destination|$)/,
    when: keepsOutMore,
    risk: "interrupts",
    why: "sources that are not allowed are kept out from now on",
  },
  {
    ...group,
    at: /^securityRules$/,
    kind: "remove",
    when: isAboutDeny,
    risk: "changes",
    why: "other sources need not be kept out any more",
  },
  { ...group, at: /^securityRules/, when: isAboutDeny, risk: "changes", why: "keeps out all but the allowed sources" },
  { ...group, at: /^securityRules$/, kind: "add", risk: "adds", why: "lets in what is asked for" },
  {
    ...group,
    at: /^securityRules$/,
    kind: "remove",
    when: narrows,
    risk: "interrupts",
    why: "lets in what nobody asks for any more",
  },
  { ...group, at: /^securityRules$/, kind: "remove", risk: "changes", why: "another rule lets in the same" },
  {
    ...group,
    at: /^securityRules\.destination/,
    kind: "add",
    when: loses,
    risk: "changes",
    why: "one address stands in another field than several",
  },
  {
    ...group,
    at: /^securityRules\.destination/,
    when: narrows,
    risk: "interrupts",
    why: "some addresses are not to be reached this way any more",
  },
  { ...group, at: /^securityRules\.destination/, when: loses, risk: "changes", why: "another rule lets in the same" },
  { ...group, at: /^securityRules\.destination/, risk: "adds", why: "more addresses are to be reached this way" },
  {
    ...group,
    at: /^securityRules\.(source|destinationPort|protocol|access|direction)/,
    when: narrows,
    risk: "interrupts",
    why: "the rule lets in more than its name says",
  },
  { ...group, at: /^securityRules\./, risk: "changes", why: "the rule says again what its name says" },
  { ...publicIp, at: /^dnsSettings/, kind: "add", risk: "adds", why: "the DNS label that is asked for" },
  { ...publicIp, at: /^dnsSettings/, risk: "interrupts", why: "another DNS label is asked for, or none" },
  {
    ...publicIp,
    at: /^(sku|publicIPAllocationMethod)/,
    risk: "interrupts",
    why: "Azure changes this only while nothing uses the address",
  },
  { ...publicIp, at: /^tags/, risk: "changes", why: "tells whose address it is" },
  { at: /^tags/, risk: "changes", why: "the tags of azure.json" },
  {
    at: /(^|\.)(loadBalancerBackendAddressPools|networkInterfaceConfigurations|ipConfigurations)/,
    risk: "changes",
    why: "machines join and leave pools as their nodes may receive traffic",
  },
];

/** What one difference of a resource that stays or comes does to traffic. A resource that is new interrupts nothing. */
export function judge(difference: Difference, circumstances: Circumstances): Judgement {
  const kind = kindOf(difference);
  const place = difference.path.filter((key) => key !== "properties" && !key.startsWith("[")).join(".");
  const row = ROWS.find(
    ({ type, at, kind: only, when }) =>
      (type === undefined || type === circumstances.type) &&
      at.test(place) &&
      (only === undefined || only === kind) &&
      (when === undefined || when(difference, circumstances)),
  );
  const judgement = row ?? { risk: kind === "add" ? "adds" : "changes", why: "as it is asked for" };
  const isNew = circumstances.before === undefined;
  return { risk: isNew ? "adds" : judgement.risk, why: judgement.why };
}

/** What it means that a resource comes, goes or changes; `risks` are those of its fields. */
export function judgeResource(type: ArmTypeName, verb: "create" | "update" | "remove"): Judgement | undefined {
  if (verb === "update") return undefined;
  if (verb === "create") return { risk: "adds", why: "it is needed and not there" };
  if (type === "publicIPAddresses") return { risk: "releases", why: "no Service uses it any more" };
  return { risk: "interrupts", why: "nothing is left on it" };
}

function kindOf({ old, new: now }: Difference): Kind {
  if (old === undefined) return "add";
  return now === undefined ? "remove" : "change";
}

type Properties = Readonly<Record<string, unknown>>;

function propertiesOf(child: unknown): Properties {
  return ((child as { readonly properties?: Properties } | undefined)?.properties ?? {}) as Properties;
}

/** Another rule has its frontend, port and protocol, or has the frontend for all ports: only the name is another one. */
function isServedOtherwise({ old }: Difference, { after }: Circumstances): boolean {
  const rules = (propertiesOf(after)["loadBalancingRules"] ?? []) as readonly unknown[];
  const former = propertiesOf(old);
  const keys = [listenerOf(former), listenerOf({ ...former, frontendPort: 0, protocol: "All" })];
  return rules.some((rule) => keys.includes(listenerOf(propertiesOf(rule))));
}

function listenerOf(rule: Properties): string {
  const frontend = (rule["frontendIPConfiguration"] as { readonly id?: string } | undefined)?.id ?? "";
  return JSON.stringify([frontend.toLowerCase(), rule["frontendPort"], rule["protocol"]]);
}
