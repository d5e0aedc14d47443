/** Longest that a value is shown, characters. */
const LONGEST = 60;

/** How what only Azure or the API server can choose begins; the rest says which, and the place says it too. */
const UNKNOWN = "(known after apply";

/** A value of a plan in one line: ids by their last names, lists with commas, a child by what it does. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  if (typeof value === "string") return shortened(value);
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return cut(value.map(shown).join(","));
  return cut(
    membersOf(value as Members)
      .map(([key, each]) => `${key}=${shown(each)}`)
      .join(" "),
  );
}

/** What a child that comes or goes does, in one line. */
export function shownChild(list: string, child: unknown): string {
  const { properties = {}, ...rest } = (child ?? {}) as { readonly properties?: Members };
  const say = SAYINGS[list];
  return cut(say === undefined ? shown({ ...rest, ...properties, name: undefined }) : say(properties));
}

type Members = Readonly<Record<string, unknown>>;

const SAYINGS: Readonly<Record<string, (properties: Members) => string>> = {
  frontendIPConfigurations: ({ publicIPAddress, subnet, privateIPAddress }) =>
    publicIPAddress === undefined
      ? `${shown(privateIPAddress)} in subnet ${shown(idOf(subnet))}`
      : `public IP ${shown(idOf(publicIPAddress))}`,
  loadBalancingRules: ({ protocol, frontendPort, backendPort, frontendIPConfiguration }) =>
    `${shown(protocol)} ${shown(frontendPort)} to ${shown(backendPort)}, frontend ${shown(idOf(frontendIPConfiguration))}`,
  probes: ({ protocol, port, requestPath }) =>
    `${shown(protocol)} ${shown(port)}${requestPath === undefined ? "" : shown(requestPath)}`,
  loadBalancerBackendAddresses: ({ ipAddress }) => shown(ipAddress),
  backendAddressPools: () => "a pool of nodes",
  securityRules: sayRule,
};

function sayRule(rule: Members): string {
  const either = (one: string, many: string): string => shown(rule[one] ?? rule[many] ?? "*");
  const from = either("sourceAddressPrefix", "sourceAddressPrefixes");
  const to = either("destinationAddressPrefix", "destinationAddressPrefixes");
  const ports = either("destinationPortRange", "destinationPortRanges");
  return `${shown(rule["priority"])} ${shown(rule["access"])} ${shown(rule["protocol"])} ${ports} from ${from} to ${to}`;
}

function membersOf(members: Members): readonly (readonly [string, unknown])[] {
  return Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
}

function idOf(reference: unknown): unknown {
  return (reference as { readonly id?: unknown } | undefined)?.id;
}

function shortened(text: string): string {
  if (text === "") return '""';
  if (text.startsWith(UNKNOWN)) return `${UNKNOWN})`;
  return text.startsWith("/subscriptions/") ? text.slice(text.lastIndexOf("/") + 1) : text;
}

function cut(text: string): string {
  return text.length <= 2 * LONGEST ? text : `${text.slice(0, 2 * LONGEST - 3)}...`;
}
