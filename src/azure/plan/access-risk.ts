import type { Difference } from "./difference.ts";

/** A security group before and after, as on the wire. */
interface Groups {
  readonly before: unknown;
  readonly after: unknown;
}

interface RuleProperties {
  readonly access?: string;
  readonly direction?: string;
  readonly protocol?: string;
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: readonly string[];
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: readonly string[];
  readonly destinationAddressPrefix?: string;
  readonly destinationAddressPrefixes?: readonly string[];
}

/** What a rule of a security group is about, whichever of ARM's two fields each part is in. */
interface Access {
  readonly denies: boolean;
  readonly protocol: string;
  readonly sources: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
  readonly destinations: ReadonlySet<string>;
}

/** Whether the rule is one that denies, now and before. */
export function isAboutDeny({ path, old, new: now }: Difference, groups: Groups): boolean {
  const { left, right } = pairOf(path, groups, [old, now]);
  return left?.denies !== false && right?.denies !== false;
}

/** Whether a rule that denies gets addresses that were to be reached before: whom no other rule allows is cut off. */
export function keepsOutMore({ path, old, new: now }: Difference, groups: Groups): boolean {
  const { left, right } = pairOf(path, groups, [old, now]);
  if (right?.denies !== true) return false;
  const known = new Set(rulesIn(groups.before).flatMap(({ properties }) => [...accessOf(properties).destinations]));
  return [...right.destinations].some((address) => known.has(address) && left?.destinations.has(address) !== true);
}

/** Whether something that an allowing rule let in is let in by no rule any more; by another one is as good. */
export function narrows({ path, old, new: now }: Difference, groups: Groups): boolean {
  const { left } = pairOf(path, groups, [old, now]);
  if (left === undefined || left.denies) return false;
  const allowing = rulesIn(groups.after)
    .map(({ properties }) => accessOf(properties))
    .filter((rule) => !rule.denies && covers(rule, left));
  return [...left.destinations].some((address) => !allowing.some(({ destinations }) => has(destinations, address)));
}

/** Whether a rule loses addresses. */
export function loses({ path, old, new: now }: Difference, groups: Groups): boolean {
  const { left, right } = pairOf(path, groups, [old, now]);
  return [...(left?.destinations ?? [])].some((address) => right?.destinations.has(address) !== true);
}

/** The rule before and after; a difference that is the rule as a whole brings both along. */
function pairOf(
  path: readonly string[],
  { before, after }: Groups,
  [old, now]: readonly [unknown, unknown],
): { readonly left: Access | undefined; readonly right: Access | undefined } {
  const isWhole = path.at(-1)?.startsWith("[") === true;
  const [left, right] = isWhole
    ? [old as Rule | undefined, now as Rule | undefined]
    : [ruleIn(before, path), ruleIn(after, path)];
  return { left: left && accessOf(left.properties), right: right && accessOf(right.properties) };
}

interface Rule {
  readonly name?: string;
  readonly properties?: RuleProperties;
}

function rulesIn(group: unknown): readonly Rule[] {
  const { properties } = (group ?? {}) as { readonly properties?: { readonly securityRules?: readonly Rule[] } };
  return (properties?.securityRules ?? []).filter((rule) => rule.properties?.direction !== "Outbound");
}

function ruleIn(group: unknown, path: readonly string[]): Rule | undefined {
  const place = path.find((key) => key.startsWith("["))?.toLowerCase();
  return rulesIn(group).find(({ name = "" }) => `[${name.toLowerCase()}]` === place);
}

function accessOf(rule: RuleProperties = {}): Access {
  return {
    denies: rule.access === "Deny",
    protocol: rule.protocol?.toLowerCase() ?? "*",
    sources: either(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
    ports: either(rule.destinationPortRange, rule.destinationPortRanges),
    destinations: either(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
  };
}

function either(one: string | undefined, many: readonly string[] = []): ReadonlySet<string> {
  return new Set([...(one === undefined ? [] : [one]), ...many].map((each) => each.toLowerCase()));
}

/** Whether a rule allows at least what another one does, wherever it leads. */
function covers(rule: Access, other: Access): boolean {
  const all = (wide: ReadonlySet<string>, narrow: ReadonlySet<string>): boolean =>
    [...narrow].every((each) => has(wide, each));
  const sameProtocol = rule.protocol === "*" || rule.protocol === other.protocol;
  return sameProtocol && all(rule.sources, other.sources) && all(rule.ports, other.ports);
}

function has(set: ReadonlySet<string>, each: string): boolean {
  return set.has("*") || set.has(each);
}
